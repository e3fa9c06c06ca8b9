// Which of several reasons names the end of a cycle: the order of the contract.
import t from 'tap'
import { emptySearch } from '../../src/find/search-result.ts'
import { SourceError } from '../../src/s3/errors/source-error.ts'
import { CursorError } from '../../src/cursor/cursor-error.ts'
import { judgeCycle } from '../../src/cycle/judge-cycle.ts'

const refused = new SourceError('x', { code: 'x', kind: 'access' })
const missing = new SourceError('x', { code: 'x', kind: 'object' })
const odd = new SourceError('an odd entry', { code: 'x', kind: 'object' })
const unreached = new SourceError('x', { code: 'x', kind: 'network' })
const outage = { kind: 'access', code: 'x', message: 'x', objects: 10 } as const

t.test('the first that applies, in this order', async t => {
  const outcomeOf = (
    errors: unknown[],
    objects_failed = 0,
    found: { asked?: boolean; reached?: boolean; outage?: typeof outage } = {},
  ) =>
    judgeCycle(
      { ...emptySearch(), asked: true, reached: true, errors, ...found },
      { objects_failed },
      found.outage,
    ).outcome
  t.equal(outcomeOf([]), 'done')
  t.equal(outcomeOf([], 0, { asked: false, reached: false }), 'done')
  t.equal(outcomeOf([refused]), 'partial')
  t.equal(outcomeOf([], 1), 'partial')
  t.equal(outcomeOf([unreached], 1, { outage }), 'access')
  const reached = false
  t.equal(outcomeOf([], 0, { reached }), 'network', 'no answer in time')
  t.equal(outcomeOf([unreached, refused], 3, { reached, outage }), 'network')
  t.equal(outcomeOf([refused], 0, { reached }), 'access')
  t.equal(outcomeOf([missing], 0, { reached }), 'access')
  t.equal(outcomeOf([new Error('odd')], 0, { reached }), 'network')
  const fault = new CursorError('CURSOR_DAMAGED', 'x')
  t.equal(outcomeOf([unreached, fault], 3, { reached, outage }), 'cursor')
})

const reasonOf = (...errors: unknown[]): string =>
  judgeCycle(
    { ...emptySearch(), asked: true, reached: true, errors },
    { objects_failed: 0 },
  ).reason

t.test('a listed folder is not reported as not listed', t => {
  t.equal(reasonOf(refused), 'folders that were not listed: 1; x')
  t.equal(reasonOf(odd, refused), 'folders that were not listed: 1; x')
  t.equal(reasonOf(odd), 'an odd entry')
  t.equal(reasonOf(odd, odd, odd), 'an odd entry; and 2 more like it')
  t.end()
})

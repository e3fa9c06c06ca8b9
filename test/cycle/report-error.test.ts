// How a cycle's errors become lines, and the outcome beside them.
import t from 'tap'
import { emptySearch, type SearchResult } from '../../src/find/search-result.ts'
import type { Outage } from '../../src/fetch/refusals.ts'
import { SourceError } from '../../src/s3/errors/source-error.ts'
import { judgeCycle } from '../../src/cycle/judge-cycle.ts'
import { reportErrors } from '../../src/cycle/report-error.ts'
import { Report } from '../../src/report/report.ts'
import { noCounts, type Counts } from '../../src/cycle/summary.ts'

function outcomeOf(
  search: Partial<SearchResult>,
  more: Partial<Counts> = {},
  outage?: Outage,
) {
  const said: { [name: string]: unknown }[] = []
  const report = new Report({
    write: line => said.push(JSON.parse(line)),
    now: () => 0,
    isTerminal: false,
    quiet: true,
  })
  const all = {
    ...emptySearch(),
    asked: true,
    reached: true,
    ...search,
  }
  reportErrors(all, report, outage)
  const counts = { ...noCounts(), ...more }
  const { outcome } = judgeCycle(all, counts, outage)
  return { outcome, said }
}

const denied = new SourceError('listing a: AccessDenied', {
  code: 'AccessDenied',
  kind: 'access',
})
const reset = new SourceError('listing b: ECONNRESET', {
  code: 'ECONNRESET',
  kind: 'network',
})

t.test('says nothing when nothing went wrong', async t => {
  for (const reached of [true, false])
    t.strictSame(outcomeOf({ asked: reached, reached }), {
      outcome: 'done',
      said: [],
    })
})

t.test('names the first error alone when nothing was reached', async t => {
  for (const [errors, outcome] of [
    [[denied, reset, reset], 'access'],
    [[reset, denied], 'network'],
    [[new Error('odd')], 'network'],
  ] as const) {
    const end = outcomeOf({ reached: false, errors: [...errors] })
    t.equal(end.outcome, outcome)
    const { message } = errors[0]
    t.match(end.said, [{ level: 'error', event: 'not_collected', message }])
    t.equal(end.said.length, 1)
  }
})

t.test('says so when S3 never answered', async t => {
  const { outcome, said } = outcomeOf({ reached: false })
  t.equal(outcome, 'network')
  t.match(said, [{ event: 'not_collected', code: 'NoAnswer' }])
})

t.test('names every folder that could not be listed', async t => {
  const { outcome, said } = outcomeOf({ errors: [denied, reset, 'odd'] })
  t.equal(outcome, 'partial')
  t.match(said, [
    { event: 'not_listed', message: /listing a/, code: 'AccessDenied' },
    { event: 'not_listed', message: /listing b/, code: 'ECONNRESET' },
    { event: 'not_listed', message: 'odd', code: 'UnknownError' },
  ])
})

t.test(
  'failed objects make a cycle partial, quarantined ones do not',
  async t => {
    t.equal(outcomeOf({}, { objects_failed: 1 }).outcome, 'partial')
    t.equal(outcomeOf({}, { objects_quarantined: 1 }).outcome, 'done')
  },
)

t.test('an outage is one line, and more than a bad object', async t => {
  const outage = { code: 'AccessDenied', message: 'all 12', objects: 12 }
  for (const kind of ['access', 'network'] as const) {
    const { outcome, said } = outcomeOf(
      { errors: [denied] },
      { objects_failed: 1 },
      { ...outage, kind },
    )
    t.equal(outcome, kind)
    t.match(said, [
      { event: 'not_listed' },
      { level: 'error', event: 'outage', ...outage },
    ])
  }
})

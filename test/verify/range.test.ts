// The options of `verify` give the range to prove, within what can be proved.

import t from 'tap'
import { emptyState, type Leaf } from '../../src/cursor/cursor-state.ts'
import { UsageError } from '../../src/settings/settings-error.ts'
import {
  askedRange,
  firstProvableDay,
  minuteText,
  provableUntil,
  type RangeOptions,
} from '../../src/verify/range.ts'

const at = (text: string): number => Date.parse(text)

t.test('the range is a day, or two days or times', async t => {
  const cases: [RangeOptions, string, string][] = [
    [{ day: '2026-02-28' }, '2026-02-28T00:00Z', '2026-03-01T00:00Z'],
    [
      { from: '2026-02-27', to: '2026-02-28' },
      '2026-02-27T00:00Z',
      '2026-03-01T00:00Z',
    ],
    [
      { from: '2026-02-27T08:30Z', to: '2026-02-27T09:30:00Z' },
      '2026-02-27T08:30Z',
      '2026-02-27T09:30Z',
    ],
  ]
  for (const [options, from, to] of cases) {
    const range = askedRange(options)
    t.equal(minuteText(range.from ?? 0), from)
    t.equal(minuteText(range.to ?? 0), to)
  }
  t.strictSame(askedRange({}), { from: undefined, to: undefined })
})

t.test('an invalid range is a usage error', async t => {
  const odd: RangeOptions[] = [
    { day: '2026-02-31' },
    { day: '2026-02-03T00:00Z' },
    { day: '2026-02-03', from: '2026-02-03' },
    { day: '2026-02-03', to: '2026-02-03' },
    { from: 'yesterday' },
    { from: '2026-02-03T08:00' },
    { to: '2026-02-03T25:00Z' },
    { from: '2026-02-03', to: '2026-02-02' },
    { from: '2026-02-03T08:00Z', to: '2026-02-03T08:00Z' },
    { from: '' },
  ]
  for (const options of odd)
    t.throws(() => askedRange(options), UsageError, JSON.stringify(options))
})

t.test('the range ends two hours ago at the latest', async t => {
  t.equal(
    minuteText(provableUntil(at('2026-03-10T12:59:59Z'))),
    '2026-03-10T10:00Z',
  )
  t.equal(
    minuteText(provableUntil(at('2026-03-10T13:00:00Z'))),
    '2026-03-10T11:00Z',
  )
})

t.test('the first day is that of the leaf, or of the oldest sets', async t => {
  const state = emptyState()
  const first = (...prefixes: string[]): string =>
    firstProvableDay(prefixes, state, '2026-03-09')
  t.equal(first('a/'), '2026-03-09', 'no leaf is known')
  const add = (prefix: string, day: string): void =>
    void state.leaves.set(`date ${prefix}`, { first: day } as Leaf)
  add('a/', '2026-03-05')
  add('b/', '2026-03-02')
  t.equal(first('a/'), '2026-03-05')
  t.equal(first('a/', 'b/'), '2026-03-02')
  t.equal(first('unknown/'), '2026-03-02', 'the earliest of all')
  state.older = { ...state.older, from: '2026-03-04' }
  t.equal(first('b/'), '2026-03-04')
  t.equal(first('a/'), '2026-03-05')
})

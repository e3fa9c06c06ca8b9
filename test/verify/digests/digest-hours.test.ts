// A range is divided into hours.

import fc from 'fast-check'
import t from 'tap'
import {
  hoursAfter,
  hoursBefore,
  HOUR_MS,
} from '../../../src/verify/digests/digest-hours.ts'

const AT = Date.parse('2026-11-28T00:01:31Z')
const wide = { from: AT - 100 * HOUR_MS, to: AT + 100 * HOUR_MS }

t.test('hours are counted from the upper end', async t => {
  const hours = [...hoursBefore(AT, AT - 3 * HOUR_MS, wide)]
  t.strictSame(
    hours.map(({ from }) => from),
    [3, 2, 1].map(back => AT - back * HOUR_MS),
  )
  t.strictSame([...hoursBefore(AT, AT, wide)], [])
  t.strictSame([...hoursBefore(AT, AT + HOUR_MS, wide)], [])
  t.strictSame([...hoursBefore(AT, AT - 59_000, wide)], [], 'less is no hour')
  t.strictSame(
    [...hoursBefore(AT, AT - HOUR_MS - 1_200_000, wide)],
    [
      { from: AT - HOUR_MS - 1_200_000, to: AT - HOUR_MS },
      { from: AT - HOUR_MS, to: AT },
    ],
    'what is left of one is told, too',
  )
  t.equal([...hoursBefore(AT, -Infinity, wide)].length, 100)
})

t.test('the hours cover the range, and each overlaps it', async t => {
  const drawn = fc.record({
    lower: fc.integer({ min: -200, max: 200 }),
    length: fc.integer({ min: 0, max: 200 }),
    from: fc.integer({ min: -200, max: 200 }),
    span: fc.integer({ min: 1, max: 200 }),
    owed: fc.integer({ min: -200, max: 400 }),
  })
  const MINUTES_20 = 1_200_000
  fc.assert(
    fc.property(drawn, ({ lower, length, from, span, owed }) => {
      const low = AT + lower * MINUTES_20
      const high = low + length * MINUTES_20
      const range = {
        from: AT + from * MINUTES_20,
        to: AT + (from + span) * MINUTES_20,
      }
      const due = AT + owed * MINUTES_20
      const before = [...hoursBefore(high, low, range)]
      const after = [...hoursAfter(low, due, range)]
      for (const hours of [before, after])
        for (const [i, hour] of hours.entries()) {
          const next = hours[i + 1]
          if (hour.to <= range.from || hour.from >= range.to) return false
          if (hour.to - hour.from > HOUR_MS) return false
          if (next && next.from !== hour.to) return false
        }
      // Every minute of both is in one of them.
      const isIn = (hours: typeof before, time: number): boolean =>
        hours.some(({ from, to }) => from <= time && time < to)
      for (let time = range.from; time < range.to; time += MINUTES_20) {
        if (isIn(before, time) !== (time >= low && time < high)) return false
        const whole = low + Math.floor((due - low) / HOUR_MS) * HOUR_MS
        if (isIn(after, time) !== (time >= low && time < whole)) return false
      }
      return true
    }),
    { numRuns: 500 },
  )
  t.pass('any of them')
})

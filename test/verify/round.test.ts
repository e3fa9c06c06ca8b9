// A round of proof has its hours, and leaves a note.

import fc from 'fast-check'
import t from 'tap'
import { neverVerified, type VerifyNote } from '../../src/cursor/verify-note.ts'
import { emptyResult } from '../../src/verify/logs/leaf-result.ts'
import { recordFault } from '../../src/verify/logs/record-result.ts'
import {
  closed,
  dueRound,
  finished,
  roundReason,
  roundText,
  withoutTime,
  withResult,
} from '../../src/verify/round.ts'

const HOUR = 3_600_000
const at = (text: string): number => Date.parse(`${text}Z`)
const NOON = at('2026-03-10T12:20:00')
const FIRST = at('2026-03-01T00:00:00')
const proved = (note: Partial<VerifyNote>): VerifyNote => ({
  ...neverVerified(),
  ...note,
})
const due = (note: Partial<VerifyNote>, now = NOON, minutes = 60) =>
  dueRound(proved(note), minutes, now, FIRST)

t.test('the first round covers 24 hours, or begins with the first day', t => {
  const to = at('2026-03-10T10:00:00')
  t.match(due({}), { from: to - 24 * HOUR, to, began: NOON })
  const first = at('2026-03-10T00:00:00')
  t.match(dueRound(neverVerified(), 60, NOON, first), { from: first, to })
  t.equal(dueRound(neverVerified(), 60, NOON, to), undefined)
  t.end()
})

t.test('the next round begins where the last one ended, when due', t => {
  const until = at('2026-03-10T08:00:00')
  const to = at('2026-03-10T10:00:00')
  t.match(due({ until, began: NOON - HOUR }), { from: until, to, faults: 0 })
  t.equal(due({ until, began: NOON - HOUR + 1 }), undefined)
  t.equal(due({ until: to, began: NOON - 9 * HOUR }), undefined)
  t.end()
})

t.test('a round under way goes on', t => {
  const note = proved({
    from: FIRST,
    to: FIRST + HOUR,
    after: 'a',
    began: NOON,
  })
  t.equal(dueRound(note, 60, NOON, FIRST), note)
  t.end()
})

t.test('hours before the last 24 are reported', t => {
  const until = at('2026-03-08T08:00:00')
  const round = due({ until, began: until }) as VerifyNote
  t.match(round, { from: at('2026-03-09T10:00:00'), faults: 1 })
  t.match(round.named, [/^26 hours from 2026-03-08T08:00Z to .* not looked at/])
  t.end()
})

t.test('a time noted by a clock that ran ahead counts as never', t => {
  const ahead = NOON + 48 * HOUR
  const to = at('2026-03-10T10:00:00')
  t.match(due({ until: ahead, began: ahead }), { from: to - 24 * HOUR, to })
  t.match(due({ until: to - HOUR, from: to, to: ahead }), { to, after: '' })
  t.end()
})

t.test('an hour that is left out is reported', t => {
  const step = fc.record({
    pass: fc.integer({ min: 1, max: 40 * 60 }),
    isDone: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(step), steps => {
      let note = neverVerified()
      let now = NOON
      let told = 0
      for (const { pass, isDone } of steps) {
        now += pass * 60_000
        const round = dueRound(note, 60, now, FIRST)
        if (round === undefined) continue
        if (round.to > now - 2 * HOUR) return false
        if (round.to - round.from > 24 * HOUR) return false
        if (note.until > 0 && round.from < note.until) return false
        const isGap = note.until > 0 && round.from > note.until
        if (isGap && round.faults === 0) return false
        note = isDone ? closed(round) : round
        if (note.until < told) return false
        told = note.until
      }
      return true
    }),
  )
  t.end()
})

const result = (states: readonly string[]) => {
  const made = emptyResult({ folder: 'f/', account: '1', region: 'r' })
  made.digests = 2
  for (const key of states)
    recordFault(made, { key, day: '', state: 'missing', reason: '' })
  return made
}

t.test('faults are counted, and the first few are named', t => {
  const begun = due({}) as VerifyNote
  const one = withResult(begun, 'f/', result(['a', 'b']))
  t.match(one, { after: 'f/', faults: 2, digests: 2, cut: 0 })
  const two = withResult(one, 'g/', result(['c', 'x'.repeat(9999)]))
  t.match(two, { after: 'g/', faults: 4, named: [/^a/, /^b/, /^c/] })
  t.ok(
    JSON.stringify(withResult(begun, 'f/', result(['x'.repeat(9999)]))).length <
      1000,
  )
  t.match(
    roundText(two, true),
    /^not proved from \S+ to \S+: 4; run `verify --from 2026-03-09T10:00Z --to 2026-03-10T10:00Z`; a: missing.*; b: .*; c: .*; and 1 more$/,
  )
  t.match(closed(two), { until: begun.to, notProved: 4, faults: 0, from: 0 })
  t.end()
})

t.test('a proved round has no reason', t => {
  const whole = withResult(due({}) as VerifyNote, 'f/', result([]))
  t.equal(roundReason(finished(whole, true)), '')
  t.match(roundText(whole, true), /^proved from .* to .*: 0 logs of 2 digests$/)
  t.equal(withResult(whole, 'g/', undefined).after, 'g/')
  t.end()
})

t.test('a round without digests proves nothing, except for flow logs', t => {
  const begun = due({}) as VerifyNote
  t.match(finished(begun, true), { faults: 1, named: [/update-trail/] })
  t.match(finished(begun, false), { faults: 0 })
  t.end()
})

t.test('a folder that is cut three times is skipped', t => {
  const begun = due({}) as VerifyNote
  const twice = withoutTime(withoutTime(begun, 'f/'), 'f/')
  t.match(twice, { cut: 2, after: '', faults: 0 })
  t.match(withoutTime(twice, 'f/'), { cut: 0, after: 'f/', faults: 1 })
  t.match(withResult(twice, 'f/', undefined), { cut: 0, after: 'f/' })
  t.end()
})

t.test('time that digests do not cover yet is left to the next round', t => {
  const to = at('2026-03-10T10:00:00')
  const late = emptyResult({ folder: 'a', account: '', region: '' })
  late.coveredTo = to - 1_740_000
  const round = withResult(due({}) as VerifyNote, 'a', late)
  t.match(roundText(round, true), /^proved from .* to 2026-03-10T09:31Z/)
  const note = closed(round)
  t.equal(dueRound(note, 60, NOON + HOUR / 2, FIRST), undefined)
  t.match(dueRound(note, 60, NOON + HOUR, FIRST), { from: late.coveredTo })
  t.end()
})

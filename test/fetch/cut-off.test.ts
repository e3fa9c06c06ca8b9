// What the end of a cycle cut off: gone on with, stalled, or never whole.

import t from 'tap'
import { Course } from '../../src/fetch/cut-off.ts'
import { FakeClock } from '../lib/fake-clock.ts'

const SILENCE = 6000

/** Follows a download of which bytes come every second for some seconds, and then none; gives the code of what the cycle's end makes of it. */
function codeAfter(seconds: number, quiet: number, lost = ''): string {
  const clock = new FakeClock()
  const course = new Course(clock)
  if (lost !== '') course.onLost(lost)
  for (let second = 0; second < seconds; second++) {
    clock.advance(1000)
    course.onBytes(10)
  }
  clock.advance(quiet)
  return course.cutOff('s3://b/k', SILENCE)?.code ?? 'goes on'
}

t.test('what the next cycle goes on with is no failure', async t => {
  t.equal(codeAfter(10, 0), 'goes on')
  t.equal(codeAfter(10, 1999), 'goes on')
  t.equal(codeAfter(0, 1999), 'goes on')
})

t.test('what was quiet has stalled', async t => {
  t.equal(codeAfter(10, 2000), 'Stalled')
  t.equal(codeAfter(0, 2000), 'Stalled')
})

t.test('what begins anew in each cycle is an attempt', async t => {
  t.equal(codeAfter(10, 0, 'it was inflated'), 'NeverWhole')
  t.equal(codeAfter(10, 2000, 'it was inflated'), 'NeverWhole')
  t.equal(codeAfter(3, 0, 'it was inflated'), 'NeverWhole')
  t.equal(codeAfter(2, 0, 'it was inflated'), 'goes on', 'it had no time')
  t.equal(codeAfter(0, 2000, 'it was inflated'), 'Stalled', 'nothing came')
})

t.test('the reason names the object, its bytes and why', async t => {
  const clock = new FakeClock()
  const course = new Course(clock)
  course.onLost('its ETag is unknown')
  course.onBytes(7)
  clock.advance(9000)
  const { message = '' } = course.cutOff('s3://b/k', SILENCE) ?? {}
  t.match(
    message,
    /s3:\/\/b\/k: the cycle ended after 7 of its bytes had come in 9 s/,
  )
  t.match(message, /since its ETag is unknown; raise MaxCycleSeconds/)
})

// Real milliseconds, a few: what is watched for is a socket's silence.

import { getEventListeners, once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { silenceMs, SilenceWatch } from '../../src/s3/silence.ts'

t.test('a silence is 30 % of a cycle, from 3 to 10 seconds', t => {
  const expected = { 5: 3000, 10: 3000, 20: 6000, 30: 9000, 34: 10_000 }
  for (const [seconds, limit] of Object.entries(expected))
    t.equal(silenceMs(Number(seconds)), limit, `${seconds} s`)
  t.equal(silenceMs(3600), 10_000)
  t.equal(silenceMs(Infinity), 10_000)
  t.end()
})

t.test('silence aborts, and says how long it was', async t => {
  const watch = new SilenceWatch(20, undefined)
  const ended = once(watch.signal, 'abort')
  // The watch itself keeps no process alive.
  await Promise.all([ended, sleep(50)])
  t.match(watch.signal.reason, {
    name: 'Stalled',
    message: 'no byte came for 0.02 s',
  })
})

t.test('each byte begins a new silence', async t => {
  const watch = new SilenceWatch(150, undefined)
  for (let count = 0; count < 5; count++) {
    await sleep(50)
    watch.wait()
  }
  t.notOk(watch.signal.aborted)
  watch.end()
})

t.test('only who waits is kept waiting', async t => {
  const watch = new SilenceWatch(10, undefined)
  watch.pause()
  await sleep(60)
  t.notOk(watch.signal.aborted)
  watch.wait()
  await sleep(60)
  t.ok(watch.signal.aborted)
})

t.test('the signal outside aborts at once, with its reason', t => {
  const controller = new AbortController()
  const watch = new SilenceWatch(60_000, controller.signal)
  controller.abort('over')
  t.equal(watch.signal.reason, 'over')
  t.equal(
    new SilenceWatch(60_000, controller.signal).signal.reason,
    'over',
    'also when it did before',
  )
  t.end()
})

t.test('nothing is left of a watch that ended', async t => {
  const controller = new AbortController()
  const watches = Array.from(
    { length: 3 },
    () => new SilenceWatch(10, controller.signal),
  )
  for (const watch of watches) watch.end()
  t.strictSame(getEventListeners(controller.signal, 'abort'), [])
  await sleep(40)
  controller.abort()
  t.ok(watches.every(({ signal }) => !signal.aborted))
})

t.test('a text has ten times as long as it may be silent', t => {
  const watch = new SilenceWatch(3000, undefined)
  watch.checkWhole(30_000)
  t.throws(() => watch.checkWhole(30_001), {
    name: 'Stalled',
    message: 'the answer was not whole after 30 s',
  })
  watch.end()
  t.end()
})

// Real milliseconds, a few: what is watched for is a socket's silence.

import { getEventListeners } from 'node:events'
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

/** Begins a wait of a watch; `over` gets why it was over. */
function begin(watch: SilenceWatch, signal?: AbortSignal) {
  const over: unknown[] = []
  const wait = watch.begin(signal, reason => over.push(reason))
  return { wait, over }
}

t.test('silence ends a wait, and says how long it was', async t => {
  const { wait, over } = begin(new SilenceWatch(20))
  // The watch itself keeps no process alive.
  await sleep(60)
  const reason = { name: 'Stalled', message: 'no byte came for 0.02 s' }
  t.match(over, [reason])
  t.equal(wait.reason, over[0])
})

t.test('each byte begins a new silence', async t => {
  const watch = new SilenceWatch(150)
  const { wait, over } = begin(watch)
  const other = begin(watch)
  for (let count = 0; count < 5; count++) {
    await sleep(50)
    wait.next()
  }
  t.strictSame(over, [])
  t.equal(other.over.length, 1, 'of its own wait alone')
  wait.end()
})

t.test('one that begins later has all of its time', async t => {
  const watch = new SilenceWatch(100)
  const first = begin(watch)
  await sleep(60)
  const second = begin(watch)
  await sleep(60)
  t.equal(first.over.length, 1)
  t.equal(second.over.length, 0)
  await sleep(60)
  t.equal(second.over.length, 1)
  const third = begin(watch)
  await sleep(140)
  t.equal(third.over.length, 1, 'also after all had ended')
})

t.test('only who waits is kept waiting', async t => {
  const { wait, over } = begin(new SilenceWatch(10))
  wait.pause()
  await sleep(60)
  t.strictSame(over, [])
  wait.next()
  await sleep(60)
  t.equal(over.length, 1)
})

t.test('the signal outside ends it at once, with its reason', t => {
  const controller = new AbortController()
  const watch = new SilenceWatch(60_000)
  const { wait, over } = begin(watch, controller.signal)
  const other = begin(watch)
  controller.abort('over')
  t.strictSame([over, wait.reason], [['over'], 'over'])
  t.strictSame(other.over, [], 'and no other')
  other.wait.end()
  t.throws(
    () => begin(watch, AbortSignal.abort(new Error('before'))),
    { message: 'before' },
    'also when it did before',
  )
  t.end()
})

t.test('nothing is left of waits that ended', async t => {
  const controller = new AbortController()
  const watch = new SilenceWatch(10)
  const waits = [1, 2, 3].map(() => begin(watch, controller.signal))
  t.equal(getEventListeners(controller.signal, 'abort').length, 1)
  for (const { wait } of waits) wait.end()
  t.strictSame(getEventListeners(controller.signal, 'abort'), [])
  await sleep(40)
  controller.abort()
  t.ok(waits.every(({ over }) => over.length === 0))
})

t.test('a promise is waited for as a byte is', async t => {
  const watch = new SilenceWatch(20)
  t.equal(await watch.over(Promise.resolve('keys'), undefined), 'keys')
  const failed = Promise.reject(new Error('no keys'))
  await t.rejects(watch.over(failed, undefined), { message: 'no keys' })
  const never = new Promise(() => {})
  const silent = watch.over(never, undefined, () => 'asking for keys')
  // The watch itself keeps no process alive.
  await Promise.all([
    sleep(60),
    t.rejects(silent, {
      code: 'Stalled',
      unsigned: true,
      message: /^asking for keys: no answer came for 0.02 s; /,
    }),
  ])
  const controller = new AbortController()
  const cut = watch.over(never, controller.signal)
  controller.abort(new Error('over'))
  await t.rejects(cut, { message: 'over' })
  t.strictSame(getEventListeners(controller.signal, 'abort'), [])
})

t.test('a text has ten times as long as it may be silent', t => {
  const watch = new SilenceWatch(3000)
  t.equal(watch.drip(30_000), undefined)
  t.match(watch.drip(30_001), {
    name: 'Stalled',
    message: 'the answer was not whole after 30 s',
  })
  t.end()
})

// The watch ends a wait that was silent for too long, and no other. The test
// moves the clock, to the millisecond.

import { getEventListeners } from 'node:events'
import t from 'tap'
import { silenceMs, SilenceWatch } from '../../src/s3/silence-watch.ts'
import { FakeClock } from '../lib/fake-clock.ts'

t.test('a silence is 30 % of a cycle, from 3 to 10 seconds', t => {
  const expected = { 5: 3000, 10: 3000, 20: 6000, 30: 9000, 34: 10_000 }
  for (const [seconds, limit] of Object.entries(expected))
    t.equal(silenceMs(Number(seconds)), limit, `${seconds} s`)
  t.equal(silenceMs(3600), 10_000)
  t.equal(silenceMs(Infinity), 10_000)
  t.end()
})

const LIMIT_MS = 4000

function start() {
  const clock = new FakeClock()
  return { clock, watch: new SilenceWatch(LIMIT_MS, clock) }
}

/** Begins a wait of a watch; `over` gets the reason of its end. */
function begin(watch: SilenceWatch, signal?: AbortSignal) {
  const over: unknown[] = []
  const wait = watch.begin(signal, reason => over.push(reason))
  return { wait, over }
}

t.test('silence ends a wait, and its length is in the reason', t => {
  const { clock, watch } = start()
  const { wait, over } = begin(watch)
  clock.advance(LIMIT_MS - 1)
  t.strictSame(over, [])
  clock.advance(1)
  t.match(over, [{ name: 'Stalled', message: 'no byte came for 4 s' }])
  t.equal(wait.reason, over[0])
  t.end()
})

t.test('each byte begins a new silence, of its own wait alone', t => {
  const { clock, watch } = start()
  const { wait, over } = begin(watch)
  const other = begin(watch)
  for (let count = 0; count < 5; count++) {
    clock.advance(LIMIT_MS - 1)
    wait.next()
  }
  t.strictSame(over, [])
  t.equal(other.over.length, 1)
  clock.advance(LIMIT_MS - 1)
  t.strictSame(over, [])
  clock.advance(1)
  t.equal(over.length, 1)
  t.end()
})

t.test('a wait that begins later has all of its time', t => {
  const { clock, watch } = start()
  const first = begin(watch)
  clock.advance(3000)
  const second = begin(watch)
  clock.advance(1000)
  t.equal(first.over.length, 1)
  clock.advance(2999)
  t.equal(second.over.length, 0)
  clock.advance(1)
  t.equal(second.over.length, 1)
  const third = begin(watch)
  clock.advance(LIMIT_MS)
  t.equal(third.over.length, 1, 'also after all had ended')
  t.end()
})

t.test('a paused wait is not silent', t => {
  const { clock, watch } = start()
  const { wait, over } = begin(watch)
  wait.pause()
  clock.advance(10 * LIMIT_MS)
  t.strictSame(over, [])
  wait.next()
  clock.advance(LIMIT_MS - 1)
  t.strictSame(over, [])
  clock.advance(1)
  t.equal(over.length, 1)
  t.end()
})

t.test('an abort of the signal ends its waits at once', t => {
  const controller = new AbortController()
  const { watch } = start()
  const { wait, over } = begin(watch, controller.signal)
  const other = begin(watch)
  controller.abort('over')
  t.strictSame([over, wait.reason], [['over'], 'over'])
  t.strictSame(other.over, [], 'and no other')
  t.throws(
    () => begin(watch, AbortSignal.abort(new Error('before'))),
    { message: 'before' },
    'also when it did before',
  )
  t.end()
})

t.test('a wait that ended leaves no listener and is not ended again', t => {
  const controller = new AbortController()
  const { clock, watch } = start()
  const waits = [1, 2, 3].map(() => begin(watch, controller.signal))
  t.equal(getEventListeners(controller.signal, 'abort').length, 1)
  for (const { wait } of waits) wait.end()
  t.strictSame(getEventListeners(controller.signal, 'abort'), [])
  clock.advance(LIMIT_MS)
  controller.abort()
  t.ok(waits.every(({ over }) => over.length === 0))
  t.end()
})

t.test('a promise is waited for as a byte is', async t => {
  const { clock, watch } = start()
  t.equal(await watch.over(Promise.resolve('keys'), undefined), 'keys')
  const failed = Promise.reject(new Error('no keys'))
  await t.rejects(watch.over(failed, undefined), { message: 'no keys' })
  const never = new Promise(() => {})
  const silent = watch.over(never, undefined, () => 'asking for keys')
  clock.advance(LIMIT_MS)
  await t.rejects(silent, {
    code: 'Stalled',
    unsigned: true,
    message: /^asking for keys: no answer came for 4 s; /,
  })
  const controller = new AbortController()
  const cut = watch.over(never, controller.signal)
  controller.abort(new Error('over'))
  await t.rejects(cut, { message: 'over' })
  t.strictSame(getEventListeners(controller.signal, 'abort'), [])
})

t.test('a text has ten times as long as it may be silent', t => {
  const { watch } = start()
  t.equal(watch.drip(10 * LIMIT_MS), undefined)
  t.match(watch.drip(10 * LIMIT_MS + 1), {
    name: 'Stalled',
    message: 'the answer was not whole after 40 s',
  })
  t.end()
})

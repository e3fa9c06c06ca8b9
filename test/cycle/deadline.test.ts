// What ends a wait, and with which error. The clock is moved by hand.
import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import { CycleTime } from '../../src/clock.ts'
import { Deadline } from '../../src/cycle/deadline.ts'
import { HostGoneError, StoppedError } from '../../src/output/stdout.ts'
import { FakeClock } from '../lib/fake-clock.ts'

const never = new Promise<never>(() => {})
const failingWrite = async (): Promise<void> => {
  throw new Error('EPIPE')
}

function start(seconds = 20) {
  const clock = new FakeClock()
  const stop = new AbortController()
  const deadline = new Deadline(
    stop.signal,
    new CycleTime(clock, seconds),
    clock,
  )
  const pass = async (milliseconds: number): Promise<void> => {
    clock.advance(milliseconds)
    await setImmediate()
  }
  return { clock, stop, deadline, pass }
}

t.test('lets pass what ends by itself, and what fails', async t => {
  const { deadline } = start()
  t.equal(await deadline.orAbort(Promise.resolve(7)), 7)
  const fault = new Error('fault')
  await t.rejects(deadline.orAbort(Promise.reject(fault)), fault)
  t.notOk(deadline.signal.aborted)
})

t.test('a signal ends the network and every wait', async t => {
  const { deadline, stop } = start()
  const waiting = deadline.orAbort(never)
  stop.abort()
  t.ok(deadline.signal.aborted)
  await t.rejects(waiting, StoppedError)
  await t.rejects(deadline.orAbort(never), StoppedError)
  await t.rejects(
    deadline.orAbort(Promise.resolve()),
    StoppedError,
    'even if done',
  )
  const fault = Promise.reject(new Error('handled, though nobody sees it'))
  await t.rejects(deadline.orAbort(fault), StoppedError)
})

t.test('a signal that came before counts too', async t => {
  const clock = new FakeClock()
  const time = new CycleTime(clock, 20)
  const deadline = new Deadline(AbortSignal.abort(), time, clock)
  t.ok(deadline.signal.aborted)
  await t.rejects(deadline.orAbort(Promise.resolve()), StoppedError)
})

t.test('the network ends at three quarters, a wait at the end', async t => {
  const { deadline, pass } = start(20)
  await pass(14_999)
  t.notOk(deadline.signal.aborted)
  await pass(1)
  t.ok(deadline.signal.aborted)
  t.equal(await deadline.orAbort(Promise.resolve(7)), 7, 'stdout goes on')
  await pass(4999)
  t.equal(await deadline.orAbort(Promise.resolve(8)), 8)
  const waiting = t.rejects(deadline.orAbort(never), HostGoneError)
  await pass(1)
  await waiting
  await t.rejects(deadline.orAbort(never), { message: /MaxCycleSeconds/ })
})

t.test('the first reason holds', async t => {
  const { deadline, stop, pass } = start(20)
  await pass(20_000)
  stop.abort()
  await t.rejects(deadline.orAbort(never), HostGoneError)
})

t.test('waits a second for the last write, and no longer', async t => {
  const { deadline, pass } = start()
  let ended = false
  const end = deadline.finish(never).then(() => (ended = true))
  t.ok(deadline.signal.aborted)
  await pass(999)
  t.notOk(ended)
  await pass(1)
  t.ok(ended)
  await end
})

t.test('ends at once when the last write does, well or not', async t => {
  for (const write of [async () => {}, failingWrite]) {
    const { deadline, pass } = start()
    await deadline.finish(write())
    const waiting = deadline.orAbort(setImmediate('done'))
    await pass(3_600_000)
    t.equal(await waiting, 'done', 'its timers are gone')
  }
})

t.test('a cycle without limits has no timers', async t => {
  const { clock } = start(Infinity)
  t.strictSame(clock.sleeps, [])
  t.strictSame(start(3600).clock.sleeps, [2_700_000, 3_600_000])
})

t.test('a wait that is over is forgotten', async t => {
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void
  const { deadline } = start()
  const values: WeakRef<object>[] = []
  for (let index = 0; index < 100; index++) {
    const value = {}
    values.push(new WeakRef(value))
    await deadline.orAbort(Promise.resolve(value))
  }
  await setImmediate()
  collectGarbage()
  const kept = values.filter(value => value.deref())
  t.ok(kept.length < 2, 'a long cycle waits a million times')
})

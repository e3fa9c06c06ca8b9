import { getEventListeners } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { RequestGate } from '../../src/s3/gate.ts'
import { SourceError } from '../../src/s3/errors/source-error.ts'
import { failure } from '../lib/s3/store-on.ts'

const details = { code: 'SlowDown', kind: 'network' } as const
const slowDown = new SourceError('slow', { ...details, throttled: true })
const other = new SourceError('reset', { code: 'ECONNRESET', kind: 'network' })

/** A gate with requests that are answered when the test says so, in order. */
function gateWithRequests() {
  const gate = new RequestGate()
  const inside: ((fault?: SourceError) => void)[] = []
  const ask = async (signal?: AbortSignal): Promise<void> => {
    const entering = gate.enter(signal)
    const round = typeof entering === 'number' ? entering : await entering
    return new Promise((resolve, reject) => {
      inside.push(fault => {
        gate.leave(round, fault)
        if (fault) reject(fault)
        else resolve()
      })
    })
  }
  const askMany = (count: number): void => {
    for (let index = 0; index < count; index++) ask().catch(() => {})
  }
  const answer = async (count: number, error?: SourceError): Promise<void> => {
    for (const one of inside.splice(0, count)) one(error)
    await setImmediate()
  }
  return { inside, ask, askMany, answer }
}

t.test('24 pass at once, the others in their turn', async t => {
  const { inside, askMany, answer } = gateWithRequests()
  askMany(100)
  t.equal(inside.length, 24)
  await answer(10)
  t.equal(inside.length, 24)
  await answer(10, other)
  t.equal(inside.length, 24, 'other failures narrow nothing')
})

t.test('throttled answers of one round halve the number once', async t => {
  const { inside, askMany, answer } = gateWithRequests()
  askMany(500)
  await answer(24, slowDown)
  t.equal(inside.length, 12)
  for (const width of [6, 3, 2, 2]) {
    await answer(inside.length, slowDown)
    t.equal(inside.length, width)
  }
})

t.test('those under way go on, and are no reason to halve again', async t => {
  const { inside, askMany, answer } = gateWithRequests()
  askMany(500)
  await answer(1, slowDown)
  t.equal(inside.length, 23, 'more than may start now')
  await answer(11, slowDown)
  t.equal(inside.length, 12)
  await answer(12, slowDown)
  t.equal(inside.length, 12)
})

t.test('each round of good answers adds one, up to 24', async t => {
  const { inside, askMany, answer } = gateWithRequests()
  askMany(3000)
  for (let round = 0; round < 4; round++) await answer(inside.length, slowDown)
  t.equal(inside.length, 2)
  for (let width = 3; width <= 24; width++) {
    await answer(width - 2)
    t.equal(inside.length, width - 1, 'not before the round is over')
    await answer(1)
    t.equal(inside.length, width)
  }
  for (let round = 0; round < 3; round++) await answer(24)
  t.equal(inside.length, 24)
})

t.test('who waits leaves when the signal says so', async t => {
  const { inside, ask, askMany, answer } = gateWithRequests()
  const controller = new AbortController()
  const { signal } = controller
  askMany(24)
  const waiting = ask(signal)
  ask().catch(() => {})
  controller.abort('over')
  t.equal(await failure(waiting), 'over')
  t.equal(await failure(ask(signal)), 'over', 'before it waits')
  await answer(24)
  t.equal(inside.length, 1, 'the one behind it')
})

t.test('who has passed no longer listens', async t => {
  const { ask, askMany, answer } = gateWithRequests()
  const { signal } = new AbortController()
  askMany(24)
  const passed = ask(signal)
  t.equal(getEventListeners(signal, 'abort').length, 1)
  await answer(24)
  t.equal(getEventListeners(signal, 'abort').length, 0)
  await answer(1)
  await passed
})

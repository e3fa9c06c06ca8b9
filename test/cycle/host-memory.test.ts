// A host that dies with records in its memory misses nothing and gets few records
// twice, as long as HostQueueRecords says how many it holds.

import assert from 'node:assert/strict'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { Cursor } from '../../src/cursor/cursor.ts'
import {
  cursorStatus,
  type CursorStatus,
} from '../../src/commands/status/cursor-status.ts'
import { HostGoneError } from '../../src/output/stdout.ts'
import { InProcessCycle } from '../lib/cycle/in-process-cycle.ts'
import { idsOf } from '../lib/cycle/in-process-cycle.ts'

const HOLDS = 1500
const SETTING = `HostQueueRecords=${HOLDS}\n`

/** A host that puts somewhere safe what it can no longer hold. */
class Holder {
  readonly safe: string[] = []
  held: string[] = []
  readonly #cycle: InProcessCycle
  #dieAt = Infinity

  constructor(cycle: InProcessCycle) {
    this.#cycle = cycle
    cycle.host = ({ batch, text }) => {
      if (batch >= this.#dieAt) throw new HostGoneError('gone')
      this.held.push(...idsOf(text))
      this.safe.push(...this.held.splice(0, this.held.length - HOLDS))
    }
  }

  /** Ends the run from that batch on, and with `isHost` itself. */
  endAt(batch: number): void {
    this.#dieAt = batch
  }

  /** Loses all it held; another takes its place. */
  die(): void {
    this.held = []
    this.replace()
  }

  /** Another takes its place, with nothing lost. */
  replace(): void {
    const { pid } = this.#cycle.hostProcess
    this.#cycle.hostProcess = { boot: 'b', pid: pid + 1, start: '1' }
    this.safe.push(...this.held.splice(0))
  }

  get delivered(): string[] {
    return [...this.safe, ...this.held]
  }
}

const setUp = (t: Test, settings = SETTING) => {
  const cycle = new InProcessCycle(t, settings)
  const host = new Holder(cycle)
  const all: string[] = []
  let made = 0
  const put = (events: number, padding = 0): void => {
    const key = cycle.put(
      `o${String(made++).padStart(4, '0')}`,
      events,
      padding,
    )
    for (let record = 1; record <= events; record++)
      all.push(`${key}#${record}`)
  }
  return { cycle, host, put, all }
}

const missing = (all: readonly string[], got: readonly string[]): string[] => {
  const set = new Set(got)
  return all.filter(id => !set.has(id))
}

/** Gives what `status` tells of the cursor. */
async function statusOf(cycle: InProcessCycle): Promise<CursorStatus> {
  const cursor = await Cursor.open({
    path: cycle.cursorPath,
    bucket: 'logs',
    logType: 'CloudTrail',
    readOnly: true,
  })
  return cursorStatus(cursor.state, cycle.clock.now())
}

t.test('a host that dies full loses nothing with HostQueueRecords', async t => {
  for (const [settings, lost] of [
    ['', true],
    [SETTING, false],
  ] as const) {
    const { cycle, host, put, all } = setUp(t, settings)
    for (let count = 0; count < 4; count++) {
      for (let object = 0; object < 9; object++) put(100)
      t.equal((await cycle.run()).error, undefined)
      t.equal((await cycle.run()).ids.length, 0, 'what is taken stays taken')
    }
    host.die()
    const again = await cycle.run()
    if (lost) {
      t.equal(again.ids.length, 0)
      t.equal(missing(all, host.delivered).length, HOLDS, 'loses all it held')
      continue
    }
    t.strictSame(missing(all, host.delivered), [])
    t.equal(again.ids.length, HOLDS, 'and no more is repeated')
    t.match(again.said, [], 'quiet')
    t.equal((await cycle.run()).ids.length, 0, 'once')
  }
})

t.test('an object with enough accepted after it joins its day', async t => {
  const { cycle, put } = setUp(t)
  for (let object = 0; object < 20; object++) put(100)
  await cycle.run()
  t.equal((await cycle.committed()).whole.length, 5)
  t.match(await statusOf(cycle), { taken: { objects: 15, records: 1500 } })
  for (let object = 0; object < 14; object++) put(100)
  await cycle.run()
  t.equal((await cycle.committed()).whole.length, 19)
  t.match(await statusOf(cycle), { taken: { objects: 15, records: 1500 } })
})

t.test('an object without a record is not taken', async t => {
  const { cycle, put } = setUp(t)
  put(100)
  for (let object = 0; object < 50; object++) put(0)
  await cycle.run()
  const { taken } = await statusOf(cycle)
  t.equal(taken.objects, 1, 'or empty objects would pile up')
  t.equal((await cycle.committed()).whole.length, 50)
})

t.test('taken counts neither as left nor as failed', async t => {
  const { cycle, put } = setUp(t)
  for (let object = 0; object < 3; object++) put(100)
  const { counts } = await cycle.run()
  t.match(counts, { objects_done: 3, objects_left: 0, objects_failed: 0 })
  t.match(await statusOf(cycle), {
    taken: { objects: 3, records: 300 },
    failed_objects: 0,
    quarantined_objects: 0,
    waiting_since: '',
  })
})

t.test(
  'a day closes over what is taken, and a dead host still costs nothing',
  async t => {
    const { cycle, host, put, all } = setUp(t)
    for (let object = 0; object < 4; object++) put(100)
    await cycle.run()
    for (let day = 0; day < 4; day++) {
      cycle.clock.advance(86_400_000)
      t.strictSame((await cycle.run()).ids, [])
    }
    t.equal((await statusOf(cycle)).taken.objects, 4)
    host.die()
    t.equal((await cycle.run()).ids.length, 400)
    t.strictSame(missing(all, host.delivered), [])
    cycle.clock.advance(86_400_000)
    t.strictSame((await cycle.run()).ids, [])
  },
)

t.test('after a stop it comes again once under one host', async t => {
  const { cycle, host, put } = setUp(t)
  for (let object = 0; object < 4; object++) put(100)
  await cycle.run()
  const stopped = async (): Promise<void> => {
    put(100)
    host.endAt(1)
    t.ok((await cycle.run()).error)
    host.endAt(Infinity)
  }
  await stopped()
  t.equal((await cycle.run()).ids.length, 500)
  t.equal((await cycle.run()).ids.length, 0)
  await stopped()
  t.equal((await cycle.run()).ids.length, 200, 'but for what came since')
  host.replace()
  t.equal((await cycle.run()).ids.length, 600, 'another host gets all')
})

t.test('hosts that change each cycle are warned of', async t => {
  const { cycle, host, put } = setUp(t)
  put(10)
  t.strictSame((await cycle.run()).said, [])
  host.replace()
  t.strictSame((await cycle.run()).said, [])
  host.replace()
  const { said, ids } = await cycle.run()
  t.equal(ids.length, 10)
  t.match(said, [{ event: 'host_changes', message: /last 3 cycles/ }])
  t.strictSame((await cycle.run()).said, [])
})

t.test('a host stays the same once it is known to last', async t => {
  const { cycle, put } = setUp(t)
  put(10)
  cycle.hostProcess = { boot: 'b', pid: 7, start: '?5' }
  await cycle.run()
  cycle.hostProcess = { boot: 'b', pid: 7, start: '5' }
  t.strictSame((await cycle.run()).ids, [], 'it is no other')
  await cycle.run()
  t.equal(cycle.rememberedHost?.start, '5', 'and known from then on')
})

t.test('a smaller HostQueueRecords commits what was taken', async t => {
  const { cycle, host, put } = setUp(t)
  put(10)
  await cycle.run()
  cycle.configure('')
  put(1)
  await cycle.run()
  t.equal((await statusOf(cycle)).taken.objects, 0)
  host.replace()
  t.strictSame((await cycle.run()).ids, [])
})

const step = fc.record({
  puts: fc.array(
    fc.record({
      events: fc.integer({ min: 1, max: 900 }),
      padding: fc.constantFrom(0, 0, 1000),
    }),
    { maxLength: 6 },
  ),
  endAt: fc.option(fc.integer({ min: 1, max: 12 }), { nil: Infinity }),
  after: fc.constantFrom('lives', 'lives', 'dies', 'is replaced'),
})

t.test(
  'whichever process dies at whichever time, nothing is missing and little is repeated',
  async t => {
    const property = fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 12 }),
      async steps => {
        const { cycle, host, put, all } = setUp(
          t,
          `${SETTING}MaxCycleMegabytes=1\n`,
        )
        let allowed = 0
        let printed = 0
        for (const { puts, endAt, after } of steps) {
          for (const { events, padding } of puts) put(events, padding)
          host.endAt(endAt)
          const { ids, error } = await cycle.run()
          printed += ids.length
          // What a cycle that was cut short printed is not committed.
          if (error) allowed += ids.length + HOLDS
          if (after === 'dies') host.die()
          if (after === 'is replaced') host.replace()
          if (after !== 'lives') allowed += HOLDS
        }
        host.endAt(Infinity)
        for (let empty = 0; empty < 2;) {
          const { ids, error } = await cycle.run()
          assert.equal(error, undefined)
          printed += ids.length
          empty = ids.length === 0 ? empty + 1 : 0
        }
        assert.deepEqual(missing(all, host.delivered), [])
        const repeats = printed - all.length
        assert.ok(repeats <= allowed, `${repeats} repeats of ${allowed}`)
      },
    )
    await fc.assert(property, { numRuns: 8 })
  },
)

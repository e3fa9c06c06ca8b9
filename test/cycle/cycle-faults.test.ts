// Whole cycles over a bucket that is slow, refuses or does not answer: what
// flows all the same, what counts as an attempt, and what a cycle leaves over.

import { existsSync, writeFileSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { sourceError } from '../../src/s3/errors/source-error.ts'
import { Cursor } from '../../src/cursor/cursor.ts'
import { InProcessCycle, type CycleRun } from '../lib/cycle/in-process-cycle.ts'
import { denied, reset } from '../lib/s3/refusals.ts'

const idsOf = (key: string, records: number): string[] =>
  Array.from({ length: records }, (_, index) => `${key}#${index + 1}`)

/** What a later process knows of the failed objects and the last cycle. */
async function known({ cursorPath: path }: InProcessCycle) {
  const cursor = await Cursor.open({
    path,
    bucket: 'logs',
    logType: 'CloudTrail',
    readOnly: true,
  })
  const { failed, cycle } = cursor.state
  return { failed: [...failed.values()], cycle }
}

// What the store says when the end of the cycle ends a request.
const cutOff = sourceError(AbortSignal.abort().reason, 'reading it')

t.test('a slow large object comes over cycles, each byte once', async t => {
  const cycle = new InProcessCycle(t, 'MaxCycleSeconds=5\n')
  const key = cycle.put('large', 2000, 10_000)
  const small = cycle.put('small', 3)
  const { store, clock } = cycle
  store.onPiece = ({ signal, key: asked }) => {
    if (asked !== key) return
    clock.advance(500)
    if (signal?.aborted) throw cutOff
  }
  const runs: CycleRun[] = []
  do runs.push(await cycle.run())
  while (runs.at(-1)?.counts.objects_left !== 0 && runs.length < 9)
  const ids = runs.flatMap(run => run.ids)
  const all = [...idsOf(key, 2000), ...idsOf(small, 3)]
  t.strictSame(ids.toSorted(), all.toSorted(), 'each record once')
  t.match(runs[0]?.ids, idsOf(small, 3), 'it holds up nobody')
  const parts = store.gets.filter(get => get.key === key)
  const starts = parts.map(({ from }) => from / 1_048_576)
  t.equal(starts.length, 3)
  starts.forEach((start, index) => {
    // Two pieces a second until 3.75 s are over, and perhaps the one on its way.
    if (index > 0) t.ok([7, 8].includes(start - (starts[index - 1] ?? 0)))
  })
  t.equal(
    runs.reduce((sum, run) => sum + run.counts.bytes_in, 0),
    cycle.sizeOf(key) + cycle.sizeOf(small),
    'each byte once',
  )
  for (const run of runs.slice(0, -1))
    t.match(run.counts, { objects_left: 1, objects_failed: 0 })
  t.notOk(existsSync(cycle.spoolPath), 'nothing is left of it')
  t.strictSame((await known(cycle)).failed, [])
})

t.test('a large object that is replaced half emitted starts anew', async t => {
  const cycle = new InProcessCycle(t, 'MaxCycleMegabytes=4\n')
  const key = cycle.put('large', 1000, 10_000)
  const first = await cycle.run()
  t.ok(first.ids.length > 100 && first.ids.length < 1000)
  t.equal((await cycle.run()).ids[0], `${key}#${first.ids.length + 1}`)
  t.equal(cycle.store.gets.length, 1, 'from the spool')
  cycle.clock.advance(1000)
  cycle.put('large', 500, 20_000)
  const anew = await cycle.run()
  t.equal(anew.ids[0], `${key}#1`)
  t.equal(cycle.store.gets.length, 2)
})

t.test('everything refused is an outage, and no attempt counts', async t => {
  const cycle = new InProcessCycle(t, 'MaxObjectAttempts=2\n')
  const keys = Array.from({ length: 12 }, (_, index) =>
    cycle.put(`n-${index}`, 2),
  )
  for (const [fault, outcome] of [
    [denied, 'access'],
    [reset, 'network'],
  ] as const) {
    cycle.store.onGet = () => Promise.reject(fault)
    for (let count = 0; count < 3; count++) {
      const { outage, counts, said, output } = await cycle.run()
      t.match(outage, { kind: outcome, code: fault.code })
      t.match(counts, { objects_failed: 0, objects_left: 12 })
      t.strictSame(said, [], 'one line, by the command')
      t.equal(output, '')
    }
    t.match(await known(cycle), { failed: [], cycle: { outcome } })
  }
  cycle.store.onGet = () => {}
  const { ids, counts } = await cycle.run()
  t.strictSame(ids.toSorted(), keys.flatMap(key => idsOf(key, 2)).toSorted())
  t.equal(counts.objects_left, 0)
  t.match((await known(cycle)).cycle, { outcome: 'done' })
})

t.test('some refused beside good ones are bad objects', async t => {
  const cycle = new InProcessCycle(t, 'MaxObjectAttempts=2\n')
  for (let index = 0; index < 30; index++) cycle.put(`good-${index}`, 1)
  for (let index = 0; index < 6; index++) cycle.put(`bad-${index}`, 1)
  cycle.store.onGet = ({ key }) => {
    if (key.includes('bad-')) throw denied
  }
  const first = await cycle.run()
  t.equal(first.ids.length, 30)
  t.match(first.counts, { objects_failed: 6, objects_left: 0 })
  t.equal(first.said.length, 6, 'each is named')
  t.equal((await known(cycle)).cycle.outcome, 'partial')
  cycle.clock.advance(3_600_000)
  t.match((await cycle.run()).counts, { objects_failed: 6 })
  t.ok((await known(cycle)).failed.every(({ quarantined }) => quarantined))
  const { length } = cycle.store.gets
  for (let count = 0; count < 5; count++)
    t.match((await cycle.run()).counts, { objects_failed: 0 })
  t.equal(cycle.store.gets.length, length, 'then they are left alone')

  cycle.clock.advance(24 * 3_600_000)
  t.match((await cycle.run()).counts, { objects_failed: 0 }, 'no bad exit')
  t.equal(cycle.store.gets.length, length + 6, 'once a day')
  await cycle.run()
  t.equal(cycle.store.gets.length, length + 6)
  cycle.store.onGet = () => {}
  cycle.clock.advance(24 * 3_600_000)
  t.equal((await cycle.run()).ids.length, 6)
})

t.test('refused objects keep none back of those behind them', async t => {
  const cycle = new InProcessCycle(t)
  for (let index = 0; index < 200; index++) cycle.put(`bad-${index}`, 1)
  cycle.store.onGet = ({ key }) => {
    if (key.includes('bad-')) throw denied
  }
  t.match(await cycle.run(), { outage: { kind: 'access' }, ids: [] })
  for (let count = 0; count < 3; count++) {
    cycle.clock.advance(1000)
    for (let index = 0; index < 20; index++)
      cycle.put(`good-${count}-${index}`, 1)
    const { ids, outage } = await cycle.run()
    t.equal(ids.length, 20)
    t.equal(outage, undefined)
    const { failed, cycle: last } = await known(cycle)
    if (count === 0) t.equal(last.outcome, 'partial')
    t.equal(failed.length, 200)
    t.ok(failed.every(({ attempts }) => attempts > 0))
  }
})

/** Has what is called so hang until the end; gives what runs a cycle and lets its time pass once so many hang. */
function hanging(cycle: InProcessCycle, name: string) {
  const { store, clock } = cycle
  let hung = 0
  let printed = 0
  cycle.host = ({ text }) => {
    printed += text.split('\n').length - 1
  }
  store.onGet = ({ key, signal }) => {
    if (!key.includes(name)) return undefined
    hung++
    return new Promise((_, reject) =>
      signal?.addEventListener('abort', () => reject(cutOff)),
    )
  }
  // The last of what the others have is held back until the cycle ends.
  return async (atMost: number, others: number): Promise<CycleRun> => {
    hung = 0
    printed = 0
    let isOver = false
    const running = cycle.run().finally(() => (isOver = true))
    while (!isOver && (hung < atMost || printed * 2 < others))
      await setImmediate()
    for (let turn = 0; turn < 200; turn++) await setImmediate()
    clock.advance(15_000)
    return running
  }
}

t.test('objects that never answer do not keep the others', async t => {
  const cycle = new InProcessCycle(t, 'MaxCycleSeconds=20\n')
  for (let index = 0; index < 16; index++) cycle.put(`stalled-${index}`, 1)
  const run = hanging(cycle, 'stalled')
  t.match(await run(16, 0), { outage: { code: 'Stalled' }, ids: [] })
  cycle.clock.advance(1000)
  for (let index = 0; index < 40; index++) cycle.put(`good-${index}`, 1)
  const second = await run(16, 40)
  t.equal(second.ids.length, 40, 'what stalled gave its place to others')
  t.equal(second.counts.objects_failed, 16)
  t.equal(second.said[0]?.['code'], 'Stalled')
})

t.test('nor do those that stall at the front of what is new', async t => {
  const cycle = new InProcessCycle(t, 'MaxCycleSeconds=20\n')
  for (let index = 0; index < 20; index++) cycle.put(`stalled-${index}`, 1)
  cycle.clock.advance(1000)
  for (let index = 0; index < 40; index++) cycle.put(`good-${index}`, 1)
  const { ids, outage } = await hanging(cycle, 'stalled')(16, 40)
  t.equal(ids.length, 40)
  t.equal(outage, undefined)
})

t.test('without a spool the small ones flow, and nobody is blamed', async t => {
  const cycle = new InProcessCycle(t)
  cycle.put('large', 900, 10_000)
  const small = cycle.put('small', 3)
  writeFileSync(cycle.spoolPath, 'a file')
  for (let count = 0; count < 2; count++) {
    const { ids, counts, said } = await cycle.run()
    t.strictSame(ids, count === 0 ? idsOf(small, 3) : [])
    t.match(counts, { objects_failed: 1, objects_left: 1 })
    t.match(said, [{ event: 'spool_failed', code: 'EEXIST' }])
    t.equal(said.length, 1)
  }
  t.match(await known(cycle), { failed: [], cycle: { outcome: 'partial' } })
})

t.test('left objects are counted, also on a signal', async t => {
  const cycle = new InProcessCycle(t)
  for (let index = 0; index < 20; index++) cycle.put(`n-${index}`, 50, 2000)
  cycle.host = ({ batch, stop }) => {
    if (batch === 4) stop.abort()
  }
  const { error, counts } = await cycle.run()
  t.match(error, { name: 'StoppedError' })
  t.equal(counts.objects_left, 20, 'nothing was committed')
  cycle.host = () => {}
  t.equal((await cycle.run()).counts.objects_left, 0)
})

t.test('in an outage a listing that time cuts comes to its end', async t => {
  const cycle = new InProcessCycle(t, 'MaxCycleSeconds=8\n')
  const { store, clock } = cycle
  for (let index = 100; index < 300; index++) cycle.put(`bad-${index}`, 1)
  const good = cycle.put('good', 1)
  store.pageSize = 10
  store.onList = () => clock.advance(200)
  store.onGet = ({ key }) => {
    if (key !== good) throw denied
  }
  const ids: string[] = []
  for (let count = 0; count < 15 && ids.length === 0; count++)
    ids.push(...(await cycle.run()).ids)
  t.strictSame(ids, [`${good}#1`])
})

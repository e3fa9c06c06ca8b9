// The whole cycle over a bucket in memory, with a host under the test's
// control: what is committed, when, and what comes again.
import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { SourceError } from '../../src/s3/errors/source-error.ts'
import { HostGoneError, StoppedError } from '../../src/output/stdout.ts'
import type { Written } from '../../src/output/line-writer.ts'
import {
  InProcessCycle,
  type Committed,
} from '../lib/cycle/in-process-cycle.ts'

const MIB = 1_048_576
const NOTHING: Committed = { whole: [], partial: new Map() }
const never = new Promise<never>(() => {})

/** Puts objects of some 5 MiB in all, and lists their records. */
function putBacklog(cycle: InProcessCycle): string[] {
  return Array.from({ length: 50 }, (_, index) =>
    idsOf(cycle.put(`n-${index + 10}`, 100, 700), 100),
  ).flat()
}

const idsOf = (key: string, records: number): string[] =>
  Array.from({ length: records }, (_, index) => `${key}#${index + 1}`)

// The commit rule: 1 MiB, and 1,100 records or 8 MiB, accepted after a line.
const isRead = (end: Written | undefined, accepted: Written): boolean =>
  end !== undefined &&
  accepted.bytes >= end.bytes + MIB &&
  (accepted.records >= end.records + 1100 ||
    accepted.bytes >= end.bytes + 8 * MIB)

t.test('nothing is committed before the host has read it', async t => {
  const cycle = new InProcessCycle(t)
  // Of long lines 1,100 records are more than 1 MiB, of short ones less.
  cycle.put('a-large', 3000, 2000)
  for (let index = 0; index < 8; index++) cycle.put(`b-${index}`, 20, 50_000)
  for (let index = 0; index < 40; index++) cycle.put(`c-${index}`, 100, 100)
  const seen: { before: Written; committed: Committed }[] = []
  cycle.host = async ({ before }) => {
    seen.push({ before, committed: await cycle.committed() })
  }
  const { output, ids } = await cycle.run()

  const ends = new Map<string, Written>()
  const lasts = new Map<string, Written>()
  let bytes = 0
  output.split('\n').forEach((line, index) => {
    bytes += Buffer.byteLength(line) + 1
    const id = ids[index] ?? ''
    const end = { bytes, records: index + 1 }
    ends.set(id, end)
    lasts.set(id.split('#')[0] ?? '', end)
  })
  let wholes = 0
  let steps = 0
  for (const { before, committed } of seen) {
    for (const key of committed.whole) t.ok(isRead(lasts.get(key), before))
    for (const [key, records] of committed.partial)
      t.ok(isRead(ends.get(`${key}#${records}`), before))
    wholes = Math.max(wholes, committed.whole.length)
    steps += committed.partial.size
    // Commits are grouped by the MiB, and a batch or two are on their way.
    const most = before.bytes - 1.3 * MIB
    const late = seen.findLast(other => other.before.bytes <= most)?.before
    for (const [key, end] of lasts)
      if (late && isRead(end, late))
        t.ok(committed.whole.includes(key), 'and soon after')
  }
  t.ok(steps > 0 && wholes > 8 && wholes < 49, 'some, not all')
  t.equal((await cycle.committed()).whole.length, 49, 'all at the end')
  t.equal((await cycle.run()).output, '')
})

// While a cycle runs, zeros lie behind what is committed.
const withoutRoom = (file: string): string => file.replace(/\0+$/, '')

t.test('a signal commits nothing more, and prints nothing more', async t => {
  const cycle = new InProcessCycle(t)
  const expected = putBacklog(cycle)
  let file = ''
  cycle.host = ({ batch, stop }) => {
    if (batch === 60) {
      file = cycle.cursorFile()
      stop.abort()
    }
    t.ok(batch <= 60)
  }
  const stopped = await cycle.run()
  t.type(stopped.error, StoppedError)
  t.not(file, '', 'something was committed before')
  t.equal(cycle.cursorFile(), withoutRoom(file))
  t.equal(stopped.counts.records, stopped.ids.length, 'as the summary says')
  cycle.host = () => {}
  const rest = await cycle.run()
  const ids = [...stopped.ids, ...rest.ids]
  t.strictSame(new Set(ids), new Set(expected), 'nothing is missing')
  t.ok(ids.length > expected.length)
  t.ok(ids.length < expected.length + 3000, 'repeats are few')
  t.equal((await cycle.run()).output, '')
})

t.test('a host that goes away commits nothing more', async t => {
  for (const gone of [1, 40]) {
    const cycle = new InProcessCycle(t)
    const expected = putBacklog(cycle)
    let file = ''
    cycle.host = async ({ batch }) => {
      if (batch < gone) return
      await setImmediate()
      file = cycle.cursorFile()
      throw new HostGoneError('writing to stdout: EPIPE')
    }
    const run = await cycle.run()
    t.type(run.error, HostGoneError)
    t.equal(cycle.cursorFile(), withoutRoom(file))
    cycle.host = () => {}
    const rest = await cycle.run()
    t.strictSame(new Set([...run.ids, ...rest.ids]), new Set(expected))
  }
})

t.test('a host that stands still ends the cycle with its time', async t => {
  const cycle = new InProcessCycle(t, 'MaxCycleSeconds=20\n')
  putBacklog(cycle)
  cycle.host = ({ batch }) => {
    if (batch < 3) return undefined
    setImmediate().then(() => cycle.clock.advance(20_000))
    // The moment in which the last batch may still be taken.
    setImmediate().then(() =>
      setImmediate().then(() => cycle.clock.advance(1000)),
    )
    return never
  }
  const { error, counts } = await cycle.run()
  t.type(error, HostGoneError)
  t.ok(counts.records < 500, 'counts what was taken')
  t.strictSame(await cycle.committed(), NOTHING)
})

t.test('the last line waits for a signal that may come', async t => {
  const cycle = new InProcessCycle(t)
  const key = cycle.put('a', 3)
  let isTaken = false
  cycle.host = async ({ text, stop }) => {
    t.equal(text.split('\n').length, 3, 'all but the last line')
    cycle.clock.onLastLine = () => {
      t.ok(isTaken, 'the half second begins when the rest was taken')
      stop.abort()
    }
    await setImmediate()
    isTaken = true
  }
  const stopped = await cycle.run()
  t.type(stopped.error, StoppedError)
  t.strictSame(stopped.ids, [`${key}#1`, `${key}#2`])
  t.strictSame(await cycle.committed(), NOTHING)
})

t.test('the last line shows that the reader is gone', async t => {
  const cycle = new InProcessCycle(t)
  const key = cycle.put('a', 3)
  cycle.host = ({ batch }) => {
    if (batch === 2) throw new HostGoneError('writing to stdout: EPIPE')
  }
  t.type((await cycle.run()).error, HostGoneError)
  t.strictSame(await cycle.committed(), NOTHING)
  cycle.host = () => {}
  t.strictSame((await cycle.run()).ids, idsOf(key, 3))
})

const refused = new SourceError('listing: AccessDenied', {
  code: 'AccessDenied',
  kind: 'access',
  affectsAll: true,
})

t.test('a cycle that reaches nothing leaves the cursor as it is', async t => {
  const cycle = new InProcessCycle(t)
  cycle.store.onList = () => Promise.reject(refused)
  const nothing = await cycle.run()
  t.equal(nothing.output, '')
  t.equal(nothing.search?.reached, false)
  t.strictSame(nothing.search?.errors, [refused])
  t.equal(cycle.cursorFile(), '')
  cycle.store.onList = () => {}
  cycle.put('a', 3)
  await cycle.run()
  const file = cycle.cursorFile()
  t.not(file, '')
  cycle.store.onList = () => Promise.reject(refused)
  t.equal((await cycle.run()).search?.reached, false)
  t.equal(cycle.cursorFile(), file)
})

t.test(
  'the records of a retry are committed, LIST answered or not',
  async t => {
    const cycle = new InProcessCycle(t)
    const whole = '{"Records":[{"eventID":"1"},{"eventID":"2"}]}'
    const broken = '{"Records":[{"eventID":"1"},}'.padEnd(whole.length)
    const key = cycle.putBody('a', broken)
    t.match(await cycle.run(), { counts: { objects_failed: 1, records: 1 } })
    // The store here gives it the same ETag.
    cycle.putBody('a', whole)
    cycle.store.onList = () => Promise.reject(refused)
    t.strictSame((await cycle.run()).ids, [`${key}#2`], 'what was left of it')
    t.equal((await cycle.run()).output, '', 'once')
    cycle.store.onList = () => {}
    t.equal((await cycle.run()).output, '')
  },
)

t.test('a record larger than the limit of the cycle is a cycle', async t => {
  const cycle = new InProcessCycle(
    t,
    'MaxCycleMegabytes=1\nMaxRecordBytes=16777216\n',
  )
  const ids = [
    ...idsOf(cycle.put('a', 3, 1.5 * MIB), 3),
    ...idsOf(cycle.put('b', 2, 10), 2),
    ...idsOf(cycle.put('c', 1, 2 * MIB), 1),
  ]
  const cycles: string[][] = []
  while (cycles.flat().length < ids.length) {
    const { ids: printed, counts } = await cycle.run()
    t.ok(printed.length > 0, 'every cycle makes progress')
    t.equal(counts.objects_left > 0, cycles.flat().length + printed.length < 6)
    cycles.push(printed)
  }
  t.strictSame(cycles.flat().toSorted(), ids, 'each once')
  t.equal(cycles.length, 5, 'one large record, or the two small ones')
  t.equal((await cycle.run()).output, '')
})

t.test(
  'time cuts a large object, and the next cycle goes on in it',
  async t => {
    const cycle = new InProcessCycle(t, 'MaxCycleSeconds=20\n')
    const key = cycle.put('a', 3000, 1000)
    const cycles: string[][] = []
    cycle.host = () => cycle.clock.advance(1000)
    while (cycles.flat().length < 3000) {
      const { error, ids } = await cycle.run()
      t.equal(error, undefined)
      t.ok(ids.length > 0 && ids.length < 1200, 'about fifteen batches')
      cycles.push(ids)
    }
    t.strictSame(cycles.flat(), idsOf(key, 3000), 'each once, in order')
    t.strictSame((await cycle.committed()).whole, [key])
    t.equal((await cycle.committed()).partial.size, 0)
  },
)

t.test(
  'objects without records are committed, and nothing is waited for',
  async t => {
    const cycle = new InProcessCycle(t)
    const keys = [cycle.put('a', 0), cycle.put('b', 0)]
    cycle.clock.onLastLine = () => void t.fail('there is no last line')
    const { output, counts } = await cycle.run()
    t.equal(output, '')
    t.equal(counts.objects_done, 2)
    t.strictSame((await cycle.committed()).whole, keys)
  },
)

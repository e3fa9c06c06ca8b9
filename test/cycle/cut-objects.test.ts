// Objects that take more time than a cycle has, beside others: each cycle emits
// something else, and what can be read at all is read, each record once.

import fc from 'fast-check'
import t, { type Test } from 'tap'
import { gzipSync } from 'node:zlib'
import { Cursor } from '../../src/cursor/cursor.ts'
import { InProcessCycle } from '../lib/cycle/in-process-cycle.ts'

const MIB = 1_048_576
const SETTINGS = 'MaxCycleSeconds=5\nMaxObjectAttempts=2\n'
const MAX_CYCLES = 80

/** Cycles in which each look at the clock takes so many ms, as work does. */
function slowCycles(t: Test, milliseconds: number, more = ''): InProcessCycle {
  const cycle = new InProcessCycle(t, SETTINGS + more)
  const { clock } = cycle
  const elapsed = clock.elapsed.bind(clock)
  clock.elapsed = () => {
    clock.advance(milliseconds)
    return elapsed()
  }
  return cycle
}

const events = (name: string, count: number, padding: number): object[] =>
  Array.from({ length: count }, (_, index) => ({
    eventID: `${name}-${index + 1}`,
    requestParameters: 'x'.repeat(padding),
  }))

const idsOf = (key: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${key}#${index + 1}`)

/** Puts an object of so many MiB that takes several cycles; lists its records. */
function putHuge(cycle: InProcessCycle, name: string, mib: number): string[] {
  const Records = events(name, mib * 256, 4000)
  const key = cycle.putBody(name, gzipSync(JSON.stringify({ Records })))
  return idsOf(key, Records.length)
}

const BLANKS = gzipSync(Buffer.alloc(128 * MIB, ' '))

/** Puts an object without a record that no cycle comes to the end of. */
const putEndless = (cycle: InProcessCycle, name: string): string =>
  cycle.putBody(name, BLANKS)

const putSmall = (cycle: InProcessCycle, name: string): string[] =>
  idsOf(cycle.put(name, 20, 100), 20)

async function failedOf(cycle: InProcessCycle) {
  const cursor = await Cursor.open({
    path: cycle.cursorPath,
    bucket: 'logs',
    logType: 'CloudTrail',
    readOnly: true,
  })
  return [...cursor.state.failed.values()]
}

t.test('huge and endless objects hold up nothing, and have an end', async t => {
  const cycle = slowCycles(t, 8)
  const endless = putEndless(cycle, '0-endless')
  const huge = putHuge(cycle, '1-huge', 6)
  const all = [...huge]
  const seen: string[] = []
  for (let number = 1; number <= MAX_CYCLES; number++) {
    const fresh = number <= 6
    cycle.clock.advance(60_000)
    if (fresh)
      for (let index = 0; index < 5; index++)
        all.push(...putSmall(cycle, `5-${number}-${index}`))
    const { ids, error } = await cycle.run()
    t.equal(error, undefined)
    seen.push(...ids)
    if (fresh) t.not(ids.length, 0, 'something else in each cycle')
    const failed = await failedOf(cycle)
    if (seen.length === all.length && failed[0]?.quarantined) break
  }
  t.strictSame(seen.toSorted(), all.toSorted(), 'each record once')
  t.match(await failedOf(cycle), [
    {
      key: endless,
      quarantined: true,
      code: 'NoRecordInTime',
      message: /MaxCycleSeconds, which is 5/,
    },
  ])
})

t.test('any of many objects that are cut is read in the end', async t => {
  const object = fc.constantFrom('small', 'huge', 'endless')
  const world = fc.record({
    objects: fc.array(object, { minLength: 1, maxLength: 6 }),
    arrivals: fc.array(fc.nat(3), { maxLength: 5 }),
    megabytes: fc.constantFrom(1, 4, 64),
  })
  const property = fc.asyncProperty(world, async world => {
    const more = `MaxCycleMegabytes=${world.megabytes}\n`
    const cycle = slowCycles(t, 8, more)
    cycle.restore('')
    const all: string[] = []
    let bad = 0
    for (const [index, kind] of world.objects.entries()) {
      const name = `${index}-${kind}`
      if (kind === 'small') all.push(...putSmall(cycle, name))
      else if (kind === 'huge') all.push(...putHuge(cycle, name, 4))
      else bad += putEndless(cycle, name) ? 1 : 0
    }
    const seen: string[] = []
    for (let number = 1; number <= MAX_CYCLES; number++) {
      cycle.clock.advance(60_000)
      for (let at = 0; at < (world.arrivals[number] ?? 0); at++)
        all.push(...putSmall(cycle, `9-${number}-${at}`))
      const { ids, error } = await cycle.run()
      if (error !== undefined) throw error
      seen.push(...ids)
      const failed = await failedOf(cycle)
      const quarantined = failed.filter(one => one.quarantined).length
      if (number < world.arrivals.length) continue
      if (seen.length >= all.length && quarantined === bad) break
    }
    const failed = await failedOf(cycle)
    if (failed.length !== bad || failed.some(one => !one.quarantined))
      throw new Error(`${JSON.stringify(failed)} failed, and ${bad} are bad`)
    if (seen.toSorted().join() !== all.toSorted().join())
      throw new Error(`${seen.length} of ${all.length} records`)
  })
  await fc.assert(property, { numRuns: Number(process.env['WORLDS'] ?? 1) })
})

// A Vector that cannot pass on what it has read and dies with it, under the
// built program: HostQueueRecords is what it holds, so nothing is missing; with
// the default the same loses records.

import { join } from 'node:path'
import t, { type Test } from 'tap'
import { cloudTrailObject, trailKey } from '../lib/hosts/collector.ts'
import { hostWorld, recordsOf, TODAY } from '../lib/hosts/host-world.ts'
import { startVector, type Vector } from '../lib/hosts/vector-process.ts'

// Its source sender on two CPUs, and the buffer of a transform.
const HOLDS = 2000 + 100
const SETTING = 1100 + HOLDS
const EVENTS = 100

t.jobs = 2

/** A bucket, and Vectors one after the other. */
async function setUp(t: Test, records = SETTING) {
  const world = await hostWorld(t, {
    HostQueueRecords: records,
  })
  const { s3, folder, argv } = world
  let made = 0
  return {
    ...world,
    put: (objects: number): void => {
      for (let index = 0; index < objects; index++)
        s3.put(
          trailKey(TODAY, `n-${String(++made).padStart(3, '0')}`),
          cloudTrailObject(EVENTS, 300),
        )
    },
    vector: (passes?: number): Vector =>
      startVector({
        command: argv,
        holds: HOLDS,
        disk: join(folder, `disk-${++made}`),
        ...(passes !== undefined && { passes }),
      }),
  }
}

/** Waits until a Vector has taken so many records, and so many more cycles have ended. */
async function took(vector: Vector, records: number, cycles = 1) {
  await vector.until(({ held, passed }) => held + passed >= records)
  const { length } = vector.state.codes
  await vector.until(({ codes }) => codes.length >= length + cycles)
}

const count = (...outputs: { stdout: string }[]): number =>
  outputs.flatMap(recordsOf).length

for (const [signal, records] of [
  ['SIGTERM', SETTING],
  ['SIGKILL', SETTING],
  ['SIGKILL', 1100],
] as const)
  t.test(`${signal} of a full Vector with ${records}`, async t => {
    const { put, vector, missing } = await setUp(t, records)
    const first = vector(2000)
    // Three cycles or more end with records in memory.
    for (const objects of [20, 7, 7, 7]) {
      put(objects)
      const { held, passed } = first.state
      await took(first, held + passed + objects * EVENTS)
    }
    t.strictSame(
      first.state.codes.filter(code => code !== 0),
      [],
    )
    t.match(first.state, { passed: 2000, held: 2100 })
    const before = await first.end(signal)
    const second = vector()
    await took(second, records === 1100 ? 0 : records, 2)
    const after = await second.end('SIGTERM')
    const lost = missing([before, after])
    if (records === 1100) t.not(lost.length, 0, 'it loses what it held')
    else {
      t.strictSame(lost, [])
      t.equal(count(before, after) - 4100, records - 2100, 'and no more')
    }
  })

for (const signal of ['SIGTERM', 'SIGKILL'] as const)
  t.test(`${signal} of one that is full to the pipe`, async t => {
    const { put, vector, missing } = await setUp(t)
    put(10)
    const first = vector(900)
    await took(first, 1000)
    put(60)
    await first.until(({ held }) => held === HOLDS)
    const before = await first.end(signal)
    const second = vector()
    await took(second, 6100, 2)
    const after = await second.end('SIGTERM')
    t.strictSame(missing([before, after]), [])
    t.ok(count(before, after) - 7000 <= SETTING)
  })

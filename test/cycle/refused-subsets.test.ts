// Held to an oracle that knows only what may be read: whatever subset of the
// objects is refused, by object, by folder or for a while, all else is emitted
// once within so many cycles; attempts are at most one an hour; and only where
// ten or more were tried and all were refused is a cycle called refused.

import assert from 'node:assert/strict'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { InProcessCycle, type CycleRun } from '../lib/cycle/in-process-cycle.ts'
import { denied } from '../lib/s3/refusals.ts'

const HOUR_MS = 3_600_000
const ROOT = 'AWSLogs/111122223333/CloudTrail/'
const DAYS = ['2026/03/09/', '2026/03/10/']

const refusals = fc.record({
  /** How many of a thousand objects are refused. */
  permille: fc.constantFrom(0, 300, 900, 985, 1000),
  folders: fc.array(fc.nat({ max: 3 }), { maxLength: 3 }),
  /** All is refused until a cycle. */
  until: fc.oneof(fc.constant(0), fc.nat({ max: 8 })),
})
const world = fc.record({
  /** How many objects each day of each leaf holds. */
  folders: fc.array(fc.nat({ max: 50 }), { minLength: 1, maxLength: 4 }),
  lots: fc.array(fc.nat({ max: 999 }), { minLength: 20, maxLength: 60 }),
  refusals,
  minutes: fc.constantFrom(1, 7, 25),
})
type World = typeof world extends fc.Arbitrary<infer W> ? W : never

const folderOf = (index: number): string =>
  `${ROOT}r-${index >> 1}/${DAYS[index & 1] ?? ''}`

/** Gives the keys, and which of these are refused for ever. */
function drawKeys({ folders, lots, refusals }: World) {
  const keys = folders.flatMap((count, folder) =>
    Array.from({ length: count }, (_, n) => `${folderOf(folder)}${n}.json`),
  )
  const refused = new Set(
    keys.filter((key, index) => {
      const lot = (lots[index % lots.length] ?? 0) + index * 7
      return (
        lot % 1000 < refusals.permille ||
        refusals.folders.some(folder => key.startsWith(folderOf(folder)))
      )
    }),
  )
  return { keys, refused }
}

function checkOutcome(run: CycleRun, asked: readonly string[]): void {
  assert.equal(run.error, undefined)
  if (run.verdict?.outcome !== 'access') return
  assert.ok(new Set(asked).size >= 10, 'ten or more were tried')
  assert.deepEqual(run.ids, [], 'and nothing was read')
}

/** Checks that no object was tried more often than once an hour. */
async function checkAttempts(cycle: InProcessCycle, since: number) {
  const hours = Math.floor((cycle.clock.now() - since) / HOUR_MS)
  for (const { key, attempts } of await cycle.failed())
    assert.ok(attempts <= 1 + hours, `${key}: ${attempts} in ${hours} h`)
}

async function check(t: Test, world: World): Promise<void> {
  const { keys, refused } = drawKeys(world)
  const cycle = new InProcessCycle(t)
  const { store, clock } = cycle
  const began = clock.now()
  const body = '{"Records":[{"eventID":"1"}]}'
  for (const key of keys) cycle.putAt(key, body)
  let number = 0
  let asked: string[] = []
  store.onGet = ({ key }) => {
    asked.push(key)
    if (refused.has(key) || number <= world.refusals.until) throw denied
  }
  const wanted = keys.filter(key => !refused.has(key)).map(key => `${key}#1`)
  const emitted: string[] = []
  // Groups of eight by turns, and the cycles in which all was refused; where
  // these were too few for an outage, the next try is as many cycles away.
  const groups = 2 ** Math.ceil(Math.log2(Math.max(8, keys.length) / 8))
  const most = 2 * world.refusals.until + groups + 4
  while (number < most && emitted.length < wanted.length) {
    number++
    asked = []
    const run = await cycle.run()
    checkOutcome(run, asked)
    emitted.push(...run.ids)
    await checkAttempts(cycle, began)
    clock.advance(world.minutes * 60_000)
  }
  emitted.push(...(await cycle.run()).ids)
  assert.deepEqual(emitted.toSorted(), wanted.toSorted())
}

t.test('all objects that are not refused are printed once', async t => {
  await fc.assert(
    fc.asyncProperty(world, value => check(t, value)),
    { numRuns: Number(process.env['RUNS'] ?? 8) },
  )
})

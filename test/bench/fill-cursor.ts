// Adds committed objects to a cursor by the program's own code, as if cycles
// before had collected them from the days of the window.

import { statSync } from 'node:fs'
import { dayOf } from '../../src/find/day-folders.ts'
import { Cursor } from '../../src/cursor/cursor.ts'
import type { Partition } from '../../src/cursor/cursor-state.ts'
import { dayFolder, leavesOf, type BucketSpec } from './bucket-objects.ts'
import { seededRandom } from './random.ts'

const DAY = 86_400_000

/** Adds so many objects to the cursor at a path; gives the bytes that each of them takes there. */
export async function fillCursor(
  path: string,
  spec: BucketSpec,
  count: number,
  now: number,
): Promise<number> {
  const options = { path, bucket: 'bench', logType: spec.logType }
  const before = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  const cursor = await Cursor.open(options)
  const random = seededRandom(count)
  const folders = leavesOf(spec).flatMap(leaf =>
    [now, now - DAY].map(time =>
      cursor.partition(dayFolder(spec, leaf, time), dayOf(time)),
    ),
  )
  for (let i = 0; i < count; i++) {
    const folder = folders[i % folders.length] as Partition
    const fingerprint =
      (BigInt(random.below(2 ** 32)) << 32n) | BigInt(random.below(2 ** 32))
    cursor.commit(folder, folder.day, fingerprint, '')
  }
  await cursor.flush()
  await cursor.close()
  // Opening it once more makes it compact, as the cycle before would have.
  await (await Cursor.open(options)).close()
  return (statSync(path).size - before) / count
}

// How many objects wait or are on their way, and who enters next.

import t from 'tap'
import { newPartition } from '../../src/cursor/cursor-state.ts'
import { DownloadLimits } from '../../src/fetch/download-limits.ts'
import type { Candidate } from '../../src/find/listing-result.ts'

const MIB = 1_048_576
const folder = newPartition('', '')
const sized = (size: number): Candidate => ({
  key: '',
  size,
  etag: undefined,
  modified: 0,
  folder,
  day: '',
  before: '',
  position: 0,
  pending: new Set(),
})

/** Enters objects of these sizes, and gives the indexes of those let in so far. */
function enterAll(limits: DownloadLimits, sizes: number[]) {
  const entered: number[] = []
  for (const [index, size] of sizes.entries())
    void (async () => {
      await limits.enter(sized(size))
      entered.push(index)
    })()
  return async (): Promise<number[]> => {
    await new Promise(setImmediate)
    return entered
  }
}

t.test('so many objects, however small', async t => {
  const limits = new DownloadLimits(2, 8 * MIB)
  const entered = enterAll(limits, [0, 1, 2, 3])
  t.strictSame(await entered(), [0, 1])
  limits.leave(sized(0))
  t.strictSame(await entered(), [0, 1, 2])
  limits.leave(sized(9 * MIB))
  t.strictSame(await entered(), [0, 1, 2, 3], 'a large one counts too')
})

t.test('so many bytes; a smaller one that fits goes first', async t => {
  const limits = new DownloadLimits(100, 8 * MIB)
  const sizes = [8, 8, 8, 6, 5, 2, 1].map(size => size * MIB)
  const entered = enterAll(limits, sizes)
  t.strictSame(await entered(), [0, 1, 2, 3, 5])
  limits.leave(sized(2 * MIB))
  t.strictSame(await entered(), [0, 1, 2, 3, 5, 6])
  limits.leave(sized(8 * MIB))
  t.strictSame(await entered(), [0, 1, 2, 3, 5, 6, 4])
})

t.test('four large ones, and no limit at the end', async t => {
  const limits = new DownloadLimits(1, 8 * MIB)
  for (let count = 0; count < 4; count++) {
    t.equal(limits.enter(), undefined)
    limits.fillLarge()
  }
  let isIn = false
  void limits.enter()?.then(() => (isIn = true))
  const entered = enterAll(limits, [1])
  t.strictSame(await entered(), [])
  t.notOk(isIn)
  limits.freeLarge()
  await entered()
  t.ok(isIn)
  limits.lift()
  t.strictSame(await entered(), [0])
})

// While all is refused, each object is surely asked for in so many cycles,
// whatever chance does, and few are asked for in each.

import t from 'tap'
import { newPartition } from '../../src/cursor/cursor-state.ts'
import { Sampling } from '../../src/fetch/sampling.ts'
import type { Candidate } from '../../src/find/listing-result.ts'
import { AgeQueue } from '../../src/find/queue.ts'

const FOLDER = newPartition('f/', '')
const objects = (count: number): Candidate[] =>
  Array.from({ length: count }, (_, n) => ({
    key: `f/${n}`,
    size: 1,
    etag: '"1"',
    modified: n,
    folder: FOLDER,
    day: '',
    before: '',
    position: n,
    pending: new Set(),
  }))

/** Runs a cycle in which pages come in turn and all is refused but what can be read; gives what was asked for. */
async function askedIn(
  cycle: number,
  pages: Candidate[][],
  canRead: (key: string) => boolean = () => false,
): Promise<string[]> {
  const sampling = new Sampling(undefined, cycle)
  // By chance it is always the first that is taken.
  const found = new AgeQueue<Candidate>(
    5000,
    one => one.modified,
    () => 0,
  )
  const asked: string[] = []
  for (const [index, page] of pages.entries()) {
    await found.push(page)
    if (index === pages.length - 1) found.close()
    for (let left = page.length; left > 0; left--) {
      const candidate = sampling.next() ?? (await found.take())
      if (candidate === undefined) break
      if (!sampling.admits(candidate)) continue
      asked.push(candidate.key)
      sampling.onStart(candidate, 'oldest')
      if (canRead(candidate.key)) sampling.onRead(candidate)
      else sampling.onRefused(candidate)
      sampling.onEnd(candidate, found)
    }
  }
  return asked
}

for (const [name, sizes] of [
  ['of one page', [200]],
  ['of many', [1000]],
  ['of pages that come one after the other', [100, 300, 300]],
] as const)
  t.test(`each object ${name} has its turn`, async t => {
    const count = sizes.reduce((sum, size) => sum + size, 0)
    const all = objects(count)
    const pages: Candidate[][] = []
    for (const size of sizes) pages.push(all.splice(0, size))
    const asked = new Set<string>()
    let most = 0
    const cycles = 2 ** Math.ceil(Math.log2(count / 8))
    for (let cycle = 0; cycle < cycles; cycle++) {
      const keys = await askedIn(cycle + 77, pages)
      most = Math.max(most, keys.length)
      for (const key of keys) asked.add(key)
    }
    t.equal(asked.size, count)
    t.ok(most <= 60, `${most} at most in a cycle`)
  })

t.test('one that is read lets all others start', async t => {
  const all = objects(200)
  const asked = new Set<string>()
  let cycle = 0
  while (asked.size < 200 && cycle < 32)
    for (const key of await askedIn(cycle++, [all], key => key === 'f/111'))
      asked.add(key)
  t.equal(asked.size, 200)
})

// Lives through worlds of so many days, one test each.

import type { Test } from 'tap'
import { drawHistory } from './draw-history.ts'
import { liveThrough } from './simulated-world.ts'

/** Tries so many worlds, from that of the first seed on. */
export function tryWorlds(
  t: Test,
  first: number,
  worlds: number,
  days: number,
): void {
  for (let seed = first; seed < first + worlds; seed++)
    t.test(
      `nothing is missed and nothing repeated in ${days} days of world ${seed}`,
      async t => {
        t.strictSame(await liveThrough(drawHistory(seed, days)), [])
      },
    )
}

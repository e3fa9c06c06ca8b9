// Days of whole cycles in worlds drawn from seeds, in which all goes wrong that
// ever did: some of sixty days, and a hundred short ones. By hand: WORLDS=1000
// SEED=7 for more of the long ones, with --timeout=0.

import t from 'tap'
import { drawHistory } from '../lib/world/draw-history.ts'
import { liveThrough } from '../lib/world/simulated-world.ts'

const WORLDS = Number(process.env['WORLDS'] ?? 2)
const FIRST = Number(process.env['SEED'] ?? 1)
const SHORT_WORLDS = process.env['WORLDS'] === undefined ? 100 : 0
const SHORT_DAYS = 5

for (const [worlds, days] of [
  [WORLDS, 60],
  [SHORT_WORLDS, SHORT_DAYS],
] as const)
  for (let seed = FIRST; seed < FIRST + worlds; seed++)
    t.test(
      `nothing is missed and nothing repeated in ${days} days of world ${seed}`,
      async t => {
        t.strictSame(await liveThrough(drawHistory(seed, days)), [])
      },
    )

// Days of whole cycles in worlds drawn from seeds, in which all goes wrong that
// ever did: some of sixty days, and half of a hundred short ones. By hand:
// WORLDS=1000 SEED=7 for more of the long ones, with --timeout=0.

import t from 'tap'
import { tryWorlds } from '../lib/world/try-worlds.ts'

const { WORLDS = '2', SEED = '1' } = process.env
tryWorlds(t, Number(SEED), Number(WORLDS), 60)
if (process.env['WORLDS'] === undefined) tryWorlds(t, 1, 50, 5)

// The other half of the hundred short worlds, in a file of its own, since a file
// has its limit of time on a busy machine.

import t from 'tap'
import { tryWorlds } from '../lib/world/try-worlds.ts'

tryWorlds(t, 51, 50, 5)

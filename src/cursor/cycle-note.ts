// What a cycle that came to its end leaves of itself in the cursor.

import type { CycleOutcome } from '../report/outcome.ts'

/** A cycle's number and time, how it ended, and what the next one needs of it. */
export interface CycleNote {
  number: number
  at: number
  clockOffset: number
  outcome: CycleOutcome
  summary: object
  /** What the two cycles before left undone, in objects, oldest first; older cursors have none. */
  left?: readonly number[]
  /** When the oldest of what it found and left was last modified, in ms since 1970; 0 = it left nothing; older cursors have none. */
  waiting?: number
}

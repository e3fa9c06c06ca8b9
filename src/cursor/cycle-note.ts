// The note that a completed cycle leaves in the cursor.

import type { Backlog } from './backlog-trend.ts'
import type { CycleOutcome } from '../report/outcome.ts'

/** A cycle's number, time and outcome, and the numbers that the next one needs. */
export interface CycleNote extends Backlog {
  at: number
  clockOffset: number
  outcome: CycleOutcome
  /** When the oldest object that it found and left was last modified, in ms since 1970; 0 = it left none; absent in older cursors. */
  waiting?: number
}

// How many cycles a backlog needs: what is stored is reckoned to what would be
// printed, and that is shared out by the limits of a cycle.

import { SHARES } from '../../clock.ts'
import type { Summary } from '../../cycle/summary.ts'
import type { Settings } from '../../settings/settings-table.ts'

/** Bytes of output for each stored byte, where no cycle has told: gzipped CloudTrail comes to some 18, flow logs to 25 to 60, with OriginalMessage. */
export const OUTPUT_FACTOR = 20

const MOST_FACTOR = 100
const MIB = 1024 * 1024

export interface Backlog {
  cycles: number
  /** What the objects come to when they are printed. */
  outputBytes: number
}

/** Estimates it from the objects, their bytes, and what the last cycle did. */
export function estimateBacklog(
  { objects, bytes }: { objects: number; bytes: number },
  last: Partial<Summary>,
  settings: Pick<Settings, 'MaxCycleMegabytes' | 'MaxCycleSeconds'>,
): Backlog {
  const outputBytes = Math.round(bytes * factorOf(last))
  const most = bytesPerCycle(last, settings)
  const cycles = Math.max(Math.min(objects, 1), Math.ceil(outputBytes / most))
  return { cycles, outputBytes }
}

// A cycle that left something behind had fetched more than it printed.
function factorOf(last: Partial<Summary>): number {
  const { bytes_in: stored = 0, bytes_out: printed = 0, objects_left } = last
  if (objects_left !== 0 || stored === 0 || printed === 0) return OUTPUT_FACTOR
  return Math.min(MOST_FACTOR, printed / stored)
}

// Where time was what ended the last cycle, it will end the next ones too.
function bytesPerCycle(
  { objects_left = 0, duration_ms = 0, bytes_out = 0 }: Partial<Summary>,
  { MaxCycleMegabytes, MaxCycleSeconds }: Parameters<typeof estimateBacklog>[2],
): number {
  const limit = MaxCycleMegabytes * MIB
  const outOfTime =
    objects_left > 0 && duration_ms >= MaxCycleSeconds * 1000 * SHARES.newWork
  return outOfTime && bytes_out > 0 ? Math.min(limit, bytes_out) : limit
}

// The work between batches of lines: the next batch is sent, and commits that
// have become safe are made and saved, in groups.

import { setImmediate } from 'node:timers/promises'
import type { CycleTime } from '../clock.ts'
import type { Cursor } from '../cursor/cursor.ts'
import type { LineWriter } from '../output/line-writer.ts'
import type { Stdout } from '../output/open-stdout.ts'
import type { Commits } from './commits.ts'
import type { Deadline } from './deadline.ts'
import type { HostMemory } from './host-memory.ts'
import { countOutput, type Counts } from './summary.ts'

const SAVE_BYTES = 1024 * 1024
const SAVE_MS = 500

/** The parts that a batch passes through. */
export interface DrainContext {
  time: CycleTime
  writer: LineWriter
  commits: Commits
  deadline: Deadline
  stdout: Pick<Stdout, 'sync'>
  cursor: Cursor
  counts: Counts
  /** Prepares for the first lines. */
  begin(): Promise<void>
}

/** Makes the function that, on its first call, reserves disk room for the cursor and records that the host is given records: both come before any line. */
export function beginOnce(
  cursor: Cursor,
  memory: HostMemory,
): () => Promise<void> {
  const begin = async (): Promise<void> => {
    await cursor.reserve()
    await memory.begin()
  }
  let begun: Promise<void> | undefined
  return () => (begun ??= begin())
}

/** Makes the function that sends a batch, and saves commits when due; it throws the errors that end the cycle. */
export function drainTo({
  time,
  writer,
  commits,
  deadline,
  stdout,
  cursor,
  counts,
  begin,
}: DrainContext): () => Promise<void> {
  let savedBytes = 0
  let savedAt = time.spent
  return async () => {
    // A write that succeeds at once would never let signals and sockets in.
    await deadline.orAbort(setImmediate())
    await begin()
    await deadline.orAbort(writer.send())
    if (writer.isCautious) await deadline.orAbort(writer.settle())
    countOutput(counts, writer.accepted)
    const accepted = { ...writer.accepted }
    const due =
      accepted.bytes - savedBytes >= SAVE_BYTES ||
      time.spent - savedAt >= SAVE_MS
    if (!due) return
    await deadline.orAbort(stdout.sync())
    commits.release(accepted)
    await cursor.flush()
    savedBytes = accepted.bytes
    savedAt = time.spent
  }
}

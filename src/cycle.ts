// One collection cycle: find what is new, fetch it, turn it into lines, write
// them, commit what the host has read. Everything is pulled from the end, so
// a slow stdout stops the decoding and a full waiting room the listings.

import { setImmediate } from 'node:timers/promises'
import { downloadObjects } from './bucket/download.ts'
import { dueRetries } from './bucket/due-retries.ts'
import type { Findings } from './bucket/find-objects.ts'
import { noteListings } from './bucket/note-listings.ts'
import type { ObjectStore } from './bucket/object-store.ts'
import type { S3Clock } from './bucket/s3-clock.ts'
import type { Scope } from './bucket/scope.ts'
import { startSearch } from './bucket/start-search.ts'
import type { Clock } from './clock.ts'
import type { Cursor } from './cursor/cursor.ts'
import { CycleTime } from './cycle-time.ts'
import type { LogType } from './normalize/log-types.ts'
import { collectObject } from './output/collect-object.ts'
import { CommitLedger } from './output/commit-ledger.ts'
import { Halt } from './output/halt.ts'
import { LineWriter, type Sink } from './output/line-writer.ts'
import type { Report } from './output/report.ts'
import { summarize, type Counts } from './output/summary.ts'
import type { Settings } from './settings/settings-table.ts'

export interface CycleContext {
  settings: Settings
  logType: LogType
  scope: Scope
  isWanted(key: string): boolean
  cursor: Cursor
  store: ObjectStore
  clock: Clock
  s3Clock: S3Clock
  sink: Sink
  report: Report
  counts: Counts
  /** Aborts when a signal asks the process to stop. */
  stop: AbortSignal
}

const SAVE_BYTES = 1024 * 1024
const SAVE_MS = 500
// How long the last line is held back to see whether the host goes away.
const LAST_LINE_MS = 500
const MIB = 1024 * 1024

/** Runs one cycle; throws HostGoneError, StoppedError or CursorError when it was cut short. */
export async function runCycle(context: CycleContext): Promise<Findings> {
  const { settings, cursor, clock, s3Clock, counts, stop } = context
  const cycle = cursor.state.cycle.number + 1
  const time = new CycleTime(clock, settings.MaxCycleSeconds)
  const writer = new LineWriter(context.sink, settings.MaxCycleMegabytes * MIB)
  const ledger = new CommitLedger()
  const halt = new Halt(stop, time, clock)
  const { signal } = halt

  let savedBytes = 0
  let savedAt = time.spent
  const drain = async (): Promise<void> => {
    // A write that succeeds at once would never let signals and sockets in.
    await halt.guard(setImmediate())
    await halt.guard(writer.send())
    ledger.release(writer.accepted)
    const due =
      writer.accepted.bytes - savedBytes >= SAVE_BYTES ||
      time.spent - savedAt >= SAVE_MS
    if (!due) return
    await cursor.flush()
    savedBytes = writer.accepted.bytes
    savedAt = time.spent
  }

  const retries = dueRetries(cursor, cycle)
  const search = startSearch({ ...context, time, signal })
  const { room } = search
  const downloads = downloadObjects(
    async () => retries.shift() ?? (await room.take()),
    {
      store: context.store,
      clock,
      signal,
      maxWaiting: settings.DataFolderFilesCount,
      mayStart: () => !signal.aborted && !time.isOver('newWork'),
    },
  )
  const mustStop = (): boolean => signal.aborted || time.isOver('emission')
  const collecting = { ...context, cycle, writer, ledger, mustStop, drain }

  try {
    for await (const download of downloads) {
      if (mustStop()) break
      if (!(await collectObject(download, collecting))) break
      if (writer.isFull) await drain()
    }
    room.close()
    halt.abortNetwork()
    const findings = await search.findings
    await halt.guard(writer.send())
    await halt.guard(writer.settle())
    if (writer.added.records > 0) {
      await halt.guard(clock.sleep(LAST_LINE_MS, stop))
      await halt.guard(writer.sendLast())
    }
    // A cycle that never reached S3 leaves no trace, and counts no attempt.
    if (!findings.reached && writer.added.records === 0) return findings
    ledger.releaseAll()
    noteListings(findings.listings, cursor, settings, s3Clock.now())
    for (const { unsettled } of findings.listings)
      counts.objects_left += unsettled.size
    noteOutput(counts, writer)
    const at = s3Clock.now()
    cursor.record({
      k: 'cycle',
      number: cycle,
      at,
      clockOffset: s3Clock.offset,
      summary: summarize(counts, cursor, at, time.spent),
    })
    await cursor.flush()
    return findings
  } finally {
    room.close()
    await halt.end(writer.close())
    noteOutput(counts, writer)
  }
}

function noteOutput(counts: Counts, { accepted }: LineWriter): void {
  counts.records = accepted.records
  counts.bytes_out = accepted.bytes
}

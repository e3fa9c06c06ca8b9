// One collection cycle: find new objects, fetch them, print their records, and
// commit the objects whose lines the host has read. Everything is pulled from
// the end, so a slow stdout stops the decoding and a full queue the listings.

import { meetClock } from './find/believe-clock.ts'
import { recordCutDownload } from './cursor/cut-objects.ts'
import { CutObjects } from './cycle/cut-objects.ts'
import { Turns } from './cycle/turns.ts'
import { downloadObjects, LARGE_BYTES } from './fetch/download.ts'
import { fetchObject, type Download } from './fetch/fetch-object.ts'
import { ReadyObjects } from './fetch/ready-objects.ts'
import type { Candidate } from './find/listing-result.ts'
import { Condition } from './find/queue.ts'
import { countRetries, dueRetries } from './find/due-retries.ts'
import { oldestWaiting, type SearchResult } from './find/search-result.ts'
import { recordListings } from './find/record-listings.ts'
import type { ObjectStore } from './s3/object-store.ts'
import { leavesToProbe } from './find/leaves-to-probe.ts'
import { Refusals, type Outage } from './fetch/refusals.ts'
import { Sampling } from './fetch/sampling.ts'
import type { S3Clock } from './s3/clock.ts'
import type { Scope } from './find/scope.ts'
import { silenceMs } from './s3/silence.ts'
import type { Spool } from './fetch/spool.ts'
import { startSearch } from './find/start-search.ts'
import { type Clock, CycleTime } from './clock.ts'
import { leftBefore } from './cursor/backlog-trend.ts'
import type { Cursor } from './cursor/cursor.ts'
import { judgeCycle, orSilent, type Verdict } from './cycle/judge-cycle.ts'
import {
  judgeSilence,
  knownOf,
  recordNoFoldersInTime,
} from './cycle/silence/find-silence.ts'
import { PatternWatch } from './cycle/silence/pattern-watch.ts'
import type { LogType } from './normalize/log-types.ts'
import { collectObject } from './cycle/collect-object.ts'
import { Commits } from './cycle/commits.ts'
import { Deadline } from './cycle/deadline.ts'
import { beginOnce, drainTo } from './cycle/drain.ts'
import { endCycle } from './cycle/end-cycle.ts'
import type { findHost } from './cycle/host.ts'
import { heldRecords, meetHost } from './cycle/host-memory.ts'
import { Quarantine } from './cycle/quarantine.ts'
import { LineWriter } from './output/line-writer.ts'
import type { Stdout } from './output/open-stdout.ts'
import {
  recordFailure,
  recordRefusals,
  UNREAD,
} from './cycle/record-failure.ts'
import type { Report } from './report/report.ts'
import {
  countOutput,
  summarize,
  type Counts,
  type Summary,
} from './cycle/summary.ts'
import type { Settings } from './settings/settings-table.ts'

export interface CycleContext {
  settings: Settings
  logType: LogType
  scope: Scope
  matchesPatterns(key: string): boolean
  cursor: Cursor
  store: ObjectStore
  spool: Spool
  clock: Clock
  s3Clock: S3Clock
  stdout: Stdout
  report: Report
  counts: Counts
  /** The time for reading the cursor, which counts into the cycle's time. */
  lostMs?: number
  /** Replaced in tests. */
  findHost?: typeof findHost
  /** Aborts when a signal asks the process to stop. */
  stop: AbortSignal
}

// How long the last line is held back to see whether the host goes away.
const LAST_LINE_MS = 500
const MIB = 1024 * 1024

/** The result of a cycle; without a summary it never reached S3. */
export interface CycleEnd {
  search: SearchResult
  outage?: Outage | undefined
  verdict: Verdict
  /** The reason why the settings match nothing, '' if something does. */
  silence: string
  summary?: Summary
}

/** Runs one cycle; throws HostGoneError, StoppedError or CursorError when it was cut short. */
export async function runCycle(context: CycleContext): Promise<CycleEnd> {
  const { settings, cursor, clock, s3Clock, counts, spool, stop } = context
  const { stdout, lostMs, matchesPatterns } = context
  const cycle = cursor.state.cycle.number + 1
  const time = new CycleTime(clock, settings.MaxCycleSeconds, lostMs)
  const maxBytes = settings.MaxCycleMegabytes * MIB
  const writer = new LineWriter(stdout.write, maxBytes, () => clock.elapsed())
  const commits = new Commits(stdout.distance, heldRecords(context))
  const memory = meetHost(context, cycle, commits)
  const sampling = new Sampling(
    tried => leavesToProbe(cursor.state, cycle, tried),
    cycle,
  )
  const refusals = new Refusals(sampling)
  const deadline = new Deadline(stop, time, clock)
  const { signal } = deadline
  const begin = beginOnce(cursor, memory)
  const drain = drainTo({ ...context, time, writer, commits, deadline, begin })
  const watch = new PatternWatch(knownOf(context).passed, matchesPatterns)
  const fetching = {
    ...context,
    refusals,
    signal,
    bucket: settings.BucketName,
    silenceMs: silenceMs(settings.MaxCycleSeconds),
    onCutOff: (candidate: Candidate): void => {
      if (time.isOver('emission')) recordCutDownload(candidate, cursor, cycle)
    },
  }
  const change = new Condition()
  const fetch = (candidate: Candidate): Promise<Download | undefined> =>
    fetchObject(candidate, { ...fetching, largeBytes: LARGE_BYTES })
  const cut = new CutObjects(cursor, fetch, change)
  const isCut = (candidate: Candidate): boolean => cut.takes(candidate)
  const quarantine = await Quarantine.open(cursor, s3Clock.now())
  const due = dueRetries(cursor, cycle, s3Clock.now())
  countRetries(due, counts)
  const retries = due.filter(candidate => !isCut(candidate))
  const { queue, result: searching } = startSearch(
    { ...context, store: watch.over(context.store, cursor), signal },
    time,
    isCut,
  )
  const openCut = (): void => cut.open()
  void searching.then(openCut, openCut)
  void clock.sleep(time.until('listing'), signal).then(openCut)
  const endNetwork = (): void => {
    queue.close()
    deadline.abortNetwork()
  }
  const ready = new ReadyObjects<Download>()
  const downloads = downloadObjects({
    ...fetching,
    retries,
    ready,
    found: queue,
    maxWaiting: settings.DataFolderFilesCount,
    isLate: () => time.isOver('newWork'),
  })
  const turns = new Turns({
    downloads,
    ready,
    cut,
    change,
    time,
    sleep: (milliseconds, until) => clock.sleep(milliseconds, until),
    writer,
    maxBytes,
    signal,
    end: endNetwork,
  })
  const mustStop = (): boolean =>
    signal.aborted ||
    time.isOver('emission') ||
    writer.isBehind(time.until('all'))
  const collecting = {
    ...context,
    cycle,
    writer,
    commits,
    memory,
    quarantine,
    mustStop,
    drain,
  }
  refusals.onMany = held => recordRefusals({ held }, collecting)
  try {
    for await (const turn of turns) {
      const { download } = turn
      if (download.end === 'failed')
        recordFailure(
          download.candidate,
          { ...UNREAD, error: download.error },
          collecting,
        )
      else if (!mustStop()) {
        if (!(await collectObject(download, turn, collecting))) endNetwork()
        else if (writer.isFull) await drain()
      }
      await quarantine.room()
      if (mustStop()) endNetwork()
    }
    endNetwork()
    const search = await searching
    await recordNoFoldersInTime(context, time)
    if (writer.added.records > 0) await begin()
    await deadline.orAbort(writer.send())
    await deadline.orAbort(writer.settle())
    if (writer.added.records > 0) {
      await deadline.orAbort(clock.sleep(LAST_LINE_MS, stop))
      await deadline.orAbort(writer.sendLast())
      await deadline.orAbort(stdout.sync())
    }
    // A cycle that never reached S3 leaves no trace, and counts no attempt.
    if (!search.reached && writer.added.records === 0) {
      const { state } = cursor
      const verdict = judgeCycle(search, counts, undefined, state.cycle)
      return { search, verdict, silence: '' }
    }
    // If no page gave S3's time, an object did.
    if (!search.reached) meetClock(cursor, settings, s3Clock)
    const { outage } = refusals
    recordRefusals(refusals, collecting)
    commits.end(writer.accepted)
    memory.end(writer.accepted.records)
    await quarantine.settle()
    recordListings(search, cursor, settings, s3Clock.now(), !!outage)
    countOutput(counts, writer.accepted)
    const at = s3Clock.now()
    const summary = summarize(counts, cursor, at, time.duration)
    const left = leftBefore(cursor.state.cycle)
    const backlog = { number: cycle, summary, left }
    const silence = judgeSilence(watch, context)
    const judged = judgeCycle(search, counts, outage, backlog)
    const verdict = orSilent(judged, silence)
    const note = {
      ...backlog,
      at,
      clockOffset: s3Clock.offset,
      outcome: verdict.outcome,
      waiting: oldestWaiting(search),
    }
    await endCycle(cursor, settings, note, () => quarantine.close())
    return { search, outage, verdict, silence, summary }
  } finally {
    endNetwork()
    await deadline.finish(writer.close())
    await spool.close()
    await quarantine.written()
    countOutput(counts, writer.accepted)
  }
}

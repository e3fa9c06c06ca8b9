// One collection cycle: find new objects, fetch them, print their records, and
// commit the objects whose lines the host has read. Everything is pulled from
// the end, so a slow stdout stops the decoding and a full queue the listings.

import type { Cursor } from './cursor/cursor.ts'
import { meetClock } from './find/believe-clock.ts'
import { archiveDays } from './find/close-days.ts'
import { oldestWaiting, type SearchResult } from './find/search-result.ts'
import { recordListings } from './find/record-listings.ts'
import { leavesToProbe } from './find/leaves-to-probe.ts'
import type { WindowSettings } from './find/window.ts'
import { Refusals, type Outage } from './fetch/refusals.ts'
import { Sampling } from './fetch/sampling.ts'
import { CycleTime } from './clock.ts'
import { leftBefore, type CycleNote } from './cursor/cycle-note.ts'
import { judgeCycle, orSilent, type Verdict } from './cycle/judge-cycle.ts'
import {
  judgeSilence,
  watchPatterns,
  recordNoFoldersInTime,
} from './cycle/silence/find-silence.ts'
import { collectObject, type Collecting } from './cycle/collect-object.ts'
import { findHost } from './cycle/host.ts'
import { Quarantine } from './cycle/quarantine.ts'
import type { Stdout } from './output/open-stdout.ts'
import {
  recordFailure,
  recordRefusals,
  UNREAD,
} from './cycle/record-failure.ts'
import { summarize, type Summary } from './cycle/summary.ts'
import { CycleOutput } from './cycle/output.ts'
import { startTurns } from './cycle/start-turns.ts'
import type { Session } from './cycle/session.ts'
import type { Turns } from './cycle/turns.ts'

/** The result of a cycle; without a summary it never reached S3. */
export interface CycleEnd {
  search: SearchResult
  outage?: Outage | undefined
  verdict: Verdict
  /** The reason why the settings match nothing, '' if something does. */
  silence: string
  summary?: Summary
}

/** Runs one cycle, of whose time reading the cursor took `lostMs`; throws HostGoneError, StoppedError or CursorError when it was cut short. */
export async function runCycle(
  session: Session,
  stdout: Stdout,
  lostMs = 0,
  host = findHost,
): Promise<CycleEnd> {
  const { settings, cursor, clock, s3Clock, counts, spool } = session
  const cycle = cursor.state.cycle.number + 1
  const time = new CycleTime(clock, settings.MaxCycleSeconds, lostMs)
  const output = new CycleOutput(session, stdout, time, cycle, host)
  const { writer, commits, memory, mustStop, drain } = output
  const sampling = new Sampling(
    tried => leavesToProbe(cursor.state, cycle, tried),
    cycle,
  )
  const refusals = new Refusals(sampling)
  const watch = watchPatterns(session)
  const quarantine = await Quarantine.open(cursor, s3Clock.now())
  const { turns, searching, endNetwork } = startTurns(
    session,
    watch.over(session.store, cursor.state),
    refusals,
    output,
    time,
    cycle,
  )
  const printed = { writer, commits, memory, mustStop, drain }
  const collecting = { ...session, ...printed, cycle, quarantine }
  refusals.onMany = held => recordRefusals({ held }, collecting)
  try {
    await collectAll(turns, collecting, quarantine, endNetwork)
    endNetwork()
    const search = await searching
    await recordNoFoldersInTime(session, time)
    await output.sendRest()
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
    output.commitAll()
    await quarantine.settle()
    recordListings(search, cursor, settings, s3Clock.now(), !!outage)
    const at = s3Clock.now()
    const summary = summarize(counts, cursor, at, time.duration)
    const left = leftBefore(cursor.state.cycle)
    const backlog = { number: cycle, summary, left }
    const silence = judgeSilence(watch, session)
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
    await output.close()
    await spool.close()
    await quarantine.written()
  }
}

// A function of its own, since V8 optimizes a loop with all that stands around it.
async function collectAll(
  turns: Turns,
  collecting: Collecting,
  quarantine: Quarantine,
  endNetwork: () => void,
): Promise<void> {
  const { writer, mustStop, drain } = collecting
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
}

/** Makes the note of a cycle durable with all entries before it, calls `afterNote`, and only then moves closed days to the file of older days; throws CursorError. */
export async function endCycle(
  cursor: Cursor,
  settings: WindowSettings,
  note: CycleNote,
  afterNote = async (): Promise<void> => {},
): Promise<void> {
  cursor.record({ k: 'cycle', ...note })
  await cursor.flush()
  await afterNote()
  await archiveDays(cursor, settings, note.at)
}

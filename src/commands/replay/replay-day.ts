// Emits a day again, like a cycle without a cursor: nothing is committed, the limits
// of a cycle do not apply, each object has one try, and stdout sets the pace.

import { setImmediate } from 'node:timers/promises'
import { downloadObjects } from '../../fetch/download.ts'
import type { WantedObjects } from '../../fetch/next-download.ts'
import { findDay } from '../../find/find-day.ts'
import type { SearchResult } from '../../find/search-result.ts'
import type { Candidate } from '../../find/listing-result.ts'
import { Refusals, type Outage } from '../../fetch/refusals.ts'
import { silenceMs } from '../../s3/silence-watch.ts'
import { AgeQueue, MAX_FOUND } from '../../find/queue.ts'
import type { Source } from '../../cycle/session.ts'
import type { Sink } from '../../output/stdout.ts'
import { CycleTime } from '../../clock.ts'
import { Deadline } from '../../cycle/deadline.ts'
import { LineWriter } from '../../output/line-writer.ts'
import { replayObject, reportFailure } from './replay-object.ts'
import { countOutput } from '../../cycle/summary.ts'

// The failures after which a network outage without any success ends a replay.
const MAX_FAILURES = 1000

/** The result of a replay. */
export interface ReplayEnd {
  search: SearchResult
  outage: Outage | undefined
}

/** Emits all objects of a day, YYYY-MM-DD; throws HostGoneError or StoppedError if it was cut short. */
export async function replayDay(
  day: string,
  context: Source & { sink: Sink },
): Promise<ReplayEnd> {
  const { settings, clock, counts, stop } = context
  const deadline = new Deadline(stop, new CycleTime(clock, Infinity), clock)
  const { signal } = deadline
  const writer = new LineWriter(context.sink, Infinity, () => clock.elapsed())
  const queue = new AgeQueue<Candidate>(MAX_FOUND, found => found.modified)
  const searching = findDay(day, { ...context, signal }, found =>
    queue.push(found),
  ).finally(() => queue.close())
  // It may fail long before it is awaited.
  searching.catch(() => {})

  const refusals = new Refusals()
  const endNetwork = (): void => {
    queue.close()
    deadline.abortNetwork()
  }
  // Until an object is read or fails by itself, all refusals may be one outage.
  const reportRefused = (): void => {
    if (counts.objects_done + counts.objects_failed === 0) {
      const isHopeless = refusals.held.length >= MAX_FAILURES
      if (isHopeless && refusals.outage?.kind === 'network') endNetwork()
      return
    }
    for (const { candidate, error } of refusals.held.splice(0)) {
      reportFailure(candidate.key, error, 0, context)
      if (error.kind === 'access' && error.affectsAll) endNetwork()
    }
  }
  const drain = async (): Promise<void> => {
    await deadline.orAbort(setImmediate())
    await deadline.orAbort(writer.send())
    countOutput(counts, writer.accepted)
  }
  const wanted: WantedObjects = {
    retries: [],
    found: {
      take: choice => {
        reportRefused()
        return queue.take(choice)
      },
      draw: (fits, others, hasTurn) => queue.draw(fits, others, hasTurn),
      restore: objects => queue.restore(objects),
    },
    isLate: () => false,
    isLast: true,
  }
  const fetching = {
    ...context,
    refusals,
    signal,
    bucket: settings.BucketName,
    silenceMs: silenceMs(settings.MaxCycleSeconds),
  }
  const maxWaiting = settings.DataFolderFilesCount
  const downloads = downloadObjects(wanted, fetching, maxWaiting)
  const mustStop = (): boolean => signal.aborted
  const replaying = { ...context, writer, mustStop, drain }

  try {
    for await (const download of downloads) {
      const { candidate } = download
      if (download.end === 'failed')
        reportFailure(candidate.key, download.error, 0, context)
      else if (!mustStop()) await replayObject(download, replaying)
      if (writer.isFull) await drain()
      reportRefused()
    }
    endNetwork()
    const search = await searching
    await deadline.orAbort(writer.send())
    await deadline.orAbort(writer.sendLast())
    const { outage } = refusals
    if (!outage)
      for (const { candidate, error } of refusals.held)
        reportFailure(candidate.key, error, 0, context)
    return { search, outage }
  } finally {
    endNetwork()
    await deadline.finish(writer.close())
    countOutput(counts, writer.accepted)
    counts.objects_left =
      counts.objects_found - counts.objects_done - counts.objects_failed
  }
}

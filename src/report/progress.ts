// The live line on a terminal: how far a cycle is and how fast it runs, drawn
// anew four times a second. Without a terminal there is no timer.

import type { Clock } from '../clock.ts'
import type { Report } from './report.ts'
import { number } from './words.ts'

/** The counts of a cycle that the line shows. */
export interface ProgressCounts {
  objects_found: number
  objects_done: number
  objects_failed: number
  records: number
  bytes_out: number
}

interface Sample {
  at: number
  records: number
  bytes: number
}

const PAUSE_MS = 250
// The rates are those of the last two seconds.
const SAMPLES = 9
const MB = 1_000_000

/** Shows the counts as they grow; the returned function ends that and wipes the line. */
export function showProgress({
  counts,
  clock,
  report,
}: {
  counts: ProgressCounts
  clock: Clock
  report: Report
}): () => void {
  if (!report.showsLive) return () => {}
  const over = new AbortController()
  void draw(counts, clock, report, over.signal)
  return () => {
    over.abort()
    report.live('')
  }
}

async function draw(
  counts: ProgressCounts,
  clock: Clock,
  report: Report,
  over: AbortSignal,
): Promise<void> {
  let samples: Sample[] = []
  for (;;) {
    const { records, bytes_out: bytes } = counts
    const now = { at: clock.elapsed(), records, bytes }
    samples = [...samples.slice(1 - SAMPLES), now]
    const [first = now] = samples
    if (samples.length > 1) report.live(progressText(counts, first, now))
    await clock.sleep(PAUSE_MS, over)
    if (over.aborted) return
  }
}

function progressText(
  counts: ProgressCounts,
  from: Sample,
  to: Sample,
): string {
  const { objects_found: found, objects_done: done, objects_failed } = counts
  const left = Math.max(0, found - done - objects_failed)
  const seconds = Math.max(1, to.at - from.at) / 1000
  const records = Math.round((to.records - from.records) / seconds)
  const speed = (to.bytes - from.bytes) / MB / seconds
  return [
    `${number(done)} of ${number(found)} objects`,
    `${number(left)} left`,
    `${number(records)} records/s`,
    `${speed.toFixed(1)} MB/s`,
  ].join(', ')
}

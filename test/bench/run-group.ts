// Starts a bucket and measures the rows that share it, telling how far it is.

import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join, relative } from 'node:path'
import type { BucketReady } from './bucket.ts'
import type { Place } from './measure.ts'
import { resultOf, type Result } from './result.ts'
import type { Group } from './rows.ts'
import { runRow } from './run-row.ts'

/** Measures a group's rows on each program; the bucket goes with the group. */
export async function runGroup(
  place: Place,
  group: Group,
  programs: readonly string[],
  runs: number,
  seed: number,
): Promise<Result[]> {
  const bucket = fork(join(place.programs, 'bucket.cjs'), [
    JSON.stringify(group.bucket),
    String(seed),
    join(place.folder, 'floor'),
  ])
  try {
    const ready = await untilReady(bucket, place.signal)
    const results: Result[] = []
    for (const row of group.rows) {
      process.stderr.write(`measuring ${row.name}\n`)
      const samples = await runRow(place, group, row, ready, programs, runs)
      for (const { program, cycles, cursorBytes } of samples.programs) {
        const file = relative(process.cwd(), program)
        const title = programs.length > 1 ? `${row.title} (${file})` : row.title
        const about = { ...row, title, program: file }
        const nothing = { objects: 0, records: 0, plainBytes: 0 }
        const due = row.idle ? nothing : ready
        const result = resultOf(about, due, cycles, samples)
        results.push(cursorBytes ? { ...result, cursorBytes } : result)
      }
    }
    return results
  } finally {
    bucket.kill()
  }
}

async function untilReady(
  bucket: ChildProcess,
  signal: AbortSignal,
): Promise<BucketReady> {
  const ended = new AbortController()
  bucket.once('exit', () => ended.abort(new Error('the bucket ended early')))
  const [ready] = await once(bucket, 'message', {
    signal: AbortSignal.any([signal, ended.signal]),
  })
  return ready as BucketReady
}

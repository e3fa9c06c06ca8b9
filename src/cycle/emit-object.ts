// Turns one object's bytes into lines on stdout, record by record, and says
// how far it came: whole, cut by time or by the cycle's limit, or failed. A
// large object is committed in steps, so that a killed cycle resumes in it.

import { CursorError } from '../cursor/cursor-error.ts'
import type { SourceRecord } from '../decode/decoder.ts'
import { inflate } from '../decode/inflate.ts'
import type { LineBuilder } from '../output/build-line.ts'
import type { LogType } from '../normalize/log-types.ts'
import { HostGoneError, StoppedError } from '../output/stdout.ts'
import type { LineWriter } from '../output/line-writer.ts'

export interface EmitContext {
  logType: LogType
  lines: LineBuilder
  writer: LineWriter
  /** Says whether time is up or the cycle is being stopped. */
  mustStop(): boolean
  /** Called between batches: sends, releases commits, saves them when due. */
  drain(): Promise<void>
  /** Notes that the first so many records were added to the output. */
  onStep(records: number): void
}

/** How far an object came; `records` counts those added, skipped ones included. */
export interface Emission {
  records: number
  end: 'whole' | 'cut' | 'limit' | 'failed'
  error: unknown
  malformed: number
}

const STEP_BYTES = 1024 * 1024

/** Emits an object's records after the first `skip`; throws only what ends the cycle. */
export async function emitObject(
  body: Buffer | AsyncIterable<Buffer>,
  skip: number,
  context: EmitContext,
): Promise<Emission> {
  const { writer } = context
  const emission: Emission = {
    records: 0,
    end: 'whole',
    error: undefined,
    malformed: 0,
  }
  let step = writer.added.bytes + STEP_BYTES
  try {
    const decoder = context.logType.decoder()
    for await (const chunk of inflate(body)) {
      for (const record of decoder.push(chunk)) {
        if (!addRecord(record, skip, emission, context)) return emission
        if (!writer.isFull) continue
        await context.drain()
        if (writer.added.bytes >= step) {
          step = writer.added.bytes + STEP_BYTES
          context.onStep(emission.records)
        }
        if (context.mustStop()) return { ...emission, end: 'cut' }
      }
      if (context.mustStop()) return { ...emission, end: 'cut' }
    }
    for (const record of decoder.end())
      if (!addRecord(record, skip, emission, context)) return emission
    return emission
  } catch (error) {
    if (endsCycle(error)) throw error
    // A read that was cut off with the cycle is no fault of the object.
    if (context.mustStop()) return { ...emission, end: 'cut' }
    return { ...emission, end: 'failed', error }
  }
}

function addRecord(
  record: SourceRecord,
  skip: number,
  emission: Emission,
  { lines, writer }: EmitContext,
): boolean {
  const number = emission.records + 1
  if (number > skip) {
    lines.build(record, number, writer.line)
    if (!writer.endLine()) {
      emission.end = 'limit'
      return false
    }
    if (record.values === undefined) emission.malformed++
  }
  emission.records = number
  return true
}

const endsCycle = (error: unknown): boolean =>
  error instanceof HostGoneError ||
  error instanceof StoppedError ||
  error instanceof CursorError

// Turns one object's bytes into lines on stdout, record by record, and tells
// how far it came: whole, cut by time or by the cycle's limit, or failed. A
// large object is committed in steps, so that a killed or ended cycle resumes
// in it: the finished part is inflated and passed over. If the finished part
// does not fit the decoder, everything is decoded again and its records are
// skipped.

import { CursorError } from '../cursor/cursor-error.ts'
import { NO_STEPS, type Steps } from '../cursor/kept-objects.ts'
import type { Position, SourceRecord } from '../decode/decoder.ts'
import type { ReadableBytes } from '../files/stored-bytes.ts'
import type { LineBuilder } from '../output/build-line.ts'
import type { LogType } from '../normalize/log-types.ts'
import { HostGoneError, StoppedError } from '../output/stdout.ts'
import type { LineWriter } from '../output/line-writer.ts'
import {
  beginAsParquet,
  readParquet,
  readText,
  type Reading,
} from './open-reading.ts'

export interface Emitting {
  logType: LogType
  lines: LineBuilder
  writer: LineWriter
  /** Tells whether this object's time is up or the cycle is being stopped. */
  mustStop(hasGained: boolean): boolean
  /** Called between batches: sends, releases commits, saves them when due. */
  drain(): Promise<void>
  /** Records how much of the object was added to the output. */
  onStep(steps: Steps): void
}

/** The progress of an object, including earlier turns. */
export interface Emission extends Steps {
  end: 'whole' | 'cut' | 'limit' | 'failed'
  error: unknown
  malformed: number
  /** The number of columns left out because they are nested. */
  leftOut: number
}

/** The added part of an object, in one object shape: V8 optimizes the loop for it. */
interface Count {
  records: number
  malformed: number
}

const UNREAD = { end: 'failed', malformed: 0, leftOut: 0 } as const

const STEP_BYTES = 1024 * 1024

/** Prints an object's records after the finished ones; throws only errors that end the cycle. */
export async function emitObject(
  body: ReadableBytes,
  done: Steps,
  context: Emitting,
): Promise<Emission> {
  const { logType } = context
  let isParquet: boolean
  try {
    isParquet = logType.inParquet && (await beginAsParquet(body))
  } catch (error) {
    return { ...done, ...UNREAD, error }
  }
  if (isParquet) return emitFrom(readParquet(body, done), done, context)
  const text = (from: Steps): Reading<Buffer> =>
    readText(body, from, logType.decoder())
  const reading = text(done)
  const emission = await emitFrom(reading, done, context)
  if (reading.isTrusted()) return emission
  return emitFrom(text({ ...NO_STEPS }), done, context)
}

async function emitFrom<Piece>(
  reading: Reading<Piece>,
  done: Steps,
  context: Emitting,
): Promise<Emission> {
  const { lines, writer } = context
  const count: Count = { records: reading.passed, malformed: 0 }
  const hasGained = (): boolean => count.records > done.records
  // Members are named one by one: spreads cost more than the rest of this.
  const upTo = ({ bytes, form, header }: Position): Steps => ({
    records: count.records,
    bytes,
    form,
    header,
  })
  const ended = (end: Emission['end'], error?: unknown): Emission => {
    const at = end === 'limit' ? reading.positionBefore() : reading.position()
    const { records, bytes, form, header } = upTo(at)
    const { malformed } = count
    const leftOut = reading.leftOut()
    return { records, bytes, form, header, end, error, malformed, leftOut }
  }
  let step = writer.added.bytes + STEP_BYTES
  // An object that ends with a whole piece is whole, whether or not time is up.
  let isOver = false
  try {
    for await (const piece of reading.pieces) {
      if (isOver) return ended('cut')
      const records = reading.recordsOf(piece)[Symbol.iterator]()
      for (;;) {
        const added = addRecords(records, done.records, count, lines, writer)
        if (added === 'limit') return ended('limit')
        if (added === 'all') break
        await context.drain()
        if (writer.added.bytes >= step && hasGained()) {
          step = writer.added.bytes + STEP_BYTES
          context.onStep(upTo(reading.position()))
        }
        if (context.mustStop(hasGained())) return ended('cut')
      }
      isOver = context.mustStop(hasGained())
    }
    const rest = reading.atEnd()
    if (isOver && rest) return ended('cut')
    for (const record of rest ?? [])
      if (!addRecord(record, done.records, count, lines, writer))
        return ended('limit')
    return ended('whole')
  } catch (error) {
    if (endsCycle(error)) throw error
    // A read that was cut off with the cycle is no fault of the object.
    if (isOver || context.mustStop(hasGained())) return ended('cut')
    return ended('failed', error)
  }
}

// This loop is separate from the one that waits, and takes no context, since
// both differ in shape from object to object: so V8 optimizes it once, not at
// every object.
function addRecords(
  records: Iterator<SourceRecord>,
  skip: number,
  count: Count,
  lines: LineBuilder,
  writer: LineWriter,
): 'all' | 'limit' | 'full' {
  for (;;) {
    const { done, value } = records.next()
    if (done === true) return 'all'
    if (!addRecord(value, skip, count, lines, writer)) return 'limit'
    if (writer.isFull) return 'full'
  }
}

function addRecord(
  record: SourceRecord,
  skip: number,
  count: Count,
  lines: LineBuilder,
  writer: LineWriter,
): boolean {
  const number = count.records + 1
  if (number > skip) {
    lines.build(record, number, writer.line)
    if (!writer.endLine()) return false
    if (record.values === undefined) count.malformed++
  }
  count.records = number
  return true
}

const endsCycle = (error: unknown): boolean =>
  error instanceof HostGoneError ||
  error instanceof StoppedError ||
  error instanceof CursorError

// Turns one object's bytes into lines on stdout, record by record, and says
// how far it came: whole, cut by time or by the cycle's limit, or failed. A
// large object is committed in steps, so that a killed or ended cycle resumes
// in it: what was done is inflated and passed over. Where what was done does
// not fit the decoder, all is decoded again and its records are skipped.

import { CursorError } from '../cursor/cursor-error.ts'
import type { Steps } from '../cursor/kept-objects.ts'
import type { Decoder, Position, SourceRecord } from '../decode/decoder.ts'
import { inflate } from '../decode/inflate.ts'
import { PassOver } from '../decode/pass-over.ts'
import type { LineBuilder } from '../output/build-line.ts'
import type { LogType } from '../normalize/log-types.ts'
import { HostGoneError, StoppedError } from '../output/stdout.ts'
import type { LineWriter } from '../output/line-writer.ts'

export interface EmitContext {
  logType: LogType
  lines: LineBuilder
  writer: LineWriter
  /** Says whether this object's time is up or the cycle is being stopped. */
  mustStop(hasGained: boolean): boolean
  /** Called between batches: sends, releases commits, saves them when due. */
  drain(): Promise<void>
  /** Notes how much of the object was added to the output. */
  onStep(steps: Steps): void
}

/** How far an object came; what was done before is included. */
export interface Emission extends Steps {
  end: 'whole' | 'cut' | 'limit' | 'failed'
  error: unknown
  malformed: number
}

const STEP_BYTES = 1024 * 1024

/** Emits an object's records after those that are done; throws only what ends the cycle. */
export async function emitObject(
  body: Buffer | AsyncIterable<Buffer>,
  done: Steps,
  context: EmitContext,
): Promise<Emission> {
  const decoder = context.logType.decoder()
  if (done.bytes > 0) {
    const passOver = new PassOver(done, decoder)
    const emission = await emitFrom(body, done, decoder, context, passOver)
    if (passOver.isTrusted) return emission
  }
  return emitFrom(body, done, context.logType.decoder(), context)
}

async function emitFrom(
  body: Buffer | AsyncIterable<Buffer>,
  done: Steps,
  decoder: Decoder,
  context: EmitContext,
  passOver?: PassOver,
): Promise<Emission> {
  const { writer } = context
  const emission: Emission = {
    ...done,
    records: passOver ? done.records : 0,
    end: 'whole',
    error: undefined,
    malformed: 0,
  }
  const hasGained = (): boolean => emission.records > done.records
  const upTo = (position: Position): Steps =>
    passOver?.isOver === false
      ? done
      : { records: emission.records, ...position }
  const ended = (end: Emission['end'], error?: unknown): Emission => {
    const isTaken = end !== 'limit'
    const at = isTaken ? decoder.position() : decoder.positionBefore()
    return { ...emission, ...upTo(at), end, error }
  }
  let step = writer.added.bytes + STEP_BYTES
  try {
    for await (const chunk of inflate(body)) {
      const rest = passOver?.isOver === false ? passOver.rest(chunk) : chunk
      const records = decoder.push(rest)[Symbol.iterator]()
      for (;;) {
        const added = addRecords(records, done.records, emission, context)
        if (added === 'limit') return ended('limit')
        if (added === 'all') break
        await context.drain()
        if (writer.added.bytes >= step && hasGained()) {
          step = writer.added.bytes + STEP_BYTES
          context.onStep(upTo(decoder.position()))
        }
        if (context.mustStop(hasGained())) return ended('cut')
      }
      if (context.mustStop(hasGained())) return ended('cut')
    }
    passOver?.end()
    for (const record of decoder.end())
      if (!addRecord(record, done.records, emission, context))
        return ended('limit')
    return ended('whole')
  } catch (error) {
    if (endsCycle(error)) throw error
    // A read that was cut off with the cycle is no fault of the object.
    if (context.mustStop(hasGained())) return ended('cut')
    return ended('failed', error)
  }
}

// Apart from the loop that waits: V8 optimizes a plain function once, and one
// that waits at every object anew.
function addRecords(
  records: Iterator<SourceRecord>,
  skip: number,
  emission: Emission,
  context: EmitContext,
): 'all' | 'limit' | 'full' {
  const { writer } = context
  for (;;) {
    const { done, value } = records.next()
    if (done === true) return 'all'
    if (!addRecord(value, skip, emission, context)) return 'limit'
    if (writer.isFull) return 'full'
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
    if (!writer.endLine()) return false
    if (record.values === undefined) emission.malformed++
  }
  emission.records = number
  return true
}

const endsCycle = (error: unknown): boolean =>
  error instanceof HostGoneError ||
  error instanceof StoppedError ||
  error instanceof CursorError

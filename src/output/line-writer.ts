// Batches lines by hand and writes them to stdout: a stream stage per record
// (ndjson.stringify) costs two thirds of the speed. One batch is being written
// while the next is filled; a batch ends with a line. The last line is held
// back: writing it, at the end, shows that the reader is still there. Batches
// stay small until the reader has proved fast, and while it is slow, so that it
// can take the last ones in time.

import { LineBytes } from '../normalize/line-bytes.ts'
import { Pace } from './pace.ts'
import type { Sink } from './stdout.ts'

/** The amount written, counted from the start of the cycle. */
export interface Written {
  bytes: number
  records: number
}

const BATCH_BYTES = 64 * 1024
const MIN_BATCH_BYTES = 4 * 1024
const SLOW_MS = 250
// A pipe takes half of this at once even without a reader, and may not be
// empty.
const UNPROVEN_BYTES = 128 * 1024
// The time kept for the last line.
const LAST_MS = 1000
const LINE_FEED = 10

export class LineWriter {
  /** The amount added so far, and the part of it that the sink has accepted. */
  readonly added: Written = { bytes: 0, records: 0 }
  readonly accepted: Written = { bytes: 0, records: 0 }
  readonly #sink: Sink
  readonly #maxBytes: number
  readonly #elapsed: () => number
  #batchBytes: number
  readonly #pace = new Pace()
  #batch = new LineBytes(2 * BATCH_BYTES)
  #spare = new LineBytes(2 * BATCH_BYTES)
  /** The offsets in the batch at which the last whole line begins and ends. */
  #lastLine = 0
  #used = 0
  #onItsWay: Promise<void> = Promise.resolve()
  #closed = false
  /** The line after so many records is taken even beyond the limit. */
  #taken = 0

  /** `maxBytes` limits the output; `elapsed` counts ms, and without it all batches are large. */
  constructor(sink: Sink, maxBytes: number, elapsed?: () => number) {
    this.#sink = sink
    this.#maxBytes = maxBytes
    this.#elapsed = elapsed ?? (() => 0)
    this.#batchBytes = elapsed ? MIN_BATCH_BYTES : BATCH_BYTES
  }

  /** The bytes at whose end a line is built; endLine() completes it. */
  get line(): LineBytes {
    return this.#batch
  }

  /** Adds the line that was built, without its LF; false, and nothing added, when it would pass the limit of the cycle. */
  endLine(): boolean {
    const batch = this.#batch
    batch.byte(LINE_FEED)
    const from = this.#used
    const length = batch.length - from
    const { added } = this
    const isOver = added.records > 0 && added.bytes + length > this.#maxBytes
    if (isOver && added.records !== this.#taken) {
      batch.length = from
      return false
    }
    this.#lastLine = from
    this.#used = batch.length
    added.bytes += length
    added.records++
    return true
  }

  /** Makes endLine() take the next line even beyond the limit of the cycle. */
  takeNext(): void {
    this.#taken = this.added.records
  }

  /** Tells whether a batch is full and should be sent: it then still fits into an empty pipe, so that one write takes it. */
  get isFull(): boolean {
    return this.#used > this.#batchBytes && this.#lastLine > 0
  }

  /** Tells whether each batch should be awaited before more is added, since the reader may be slow. */
  get isCautious(): boolean {
    return this.#batchBytes < BATCH_BYTES
  }

  /** Tells whether the reader is so slow that nothing more may be added if it is to take all, the last line too, in so many ms. */
  isBehind(milliseconds: number): boolean {
    const waiting =
      this.added.bytes - this.accepted.bytes + 2 * this.#batchBytes
    const needed = this.#pace.timeFor(waiting, this.#elapsed())
    return needed > LAST_MS && needed > milliseconds - LAST_MS
  }

  /** Sends all but the last line, once the batch before was accepted; throws the errors of the sink. */
  async send(): Promise<void> {
    await this.#onItsWay
    const cut = this.#lastLine
    if (cut === 0 || this.#closed) return
    const { buffer } = this.#batch
    const rest = buffer.subarray(cut, this.#used)
    const next = this.#spare
    next.clear()
    next.bytes(rest)
    this.#spare = this.#batch
    this.#batch = next
    this.#used = next.length
    this.#lastLine = 0
    const { bytes, records } = this.added
    this.#put(buffer.subarray(0, cut), bytes - rest.length, records - 1)
  }

  /** Waits until everything that was sent is accepted. */
  async settle(): Promise<void> {
    await this.#onItsWay
  }

  /** Sends the last line too and waits for it. */
  async sendLast(): Promise<void> {
    await this.#onItsWay
    if (this.#used === 0 || this.#closed) return
    const last = this.#batch.buffer.subarray(0, this.#used)
    this.#put(last, this.added.bytes, this.added.records)
    await this.#onItsWay
    this.#batch.clear()
    this.#used = 0
    this.#lastLine = 0
  }

  /** Sends nothing more, not even the batch of a send() that still waits, and waits for the batch that is being written. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#onItsWay
  }

  #put(lines: Buffer, bytes: number, records: number): void {
    const began = this.#elapsed()
    this.#onItsWay = this.#sink(lines).then(() => {
      this.accepted.bytes = bytes
      this.accepted.records = records
      const now = this.#elapsed()
      this.#pace.record(lines.length, began, now)
      this.#adapt(lines.length, now - began)
    })
    // The next send or wait throws the failure.
    this.#onItsWay.catch(() => {})
  }

  // The next batch is the amount that this reader takes in a quarter of a
  // second.
  #adapt(bytes: number, milliseconds: number): void {
    if (this.accepted.bytes < UNPROVEN_BYTES) return
    const fitting = (bytes * SLOW_MS) / Math.max(1, milliseconds)
    const most = Math.min(BATCH_BYTES, 2 * this.#batchBytes)
    this.#batchBytes = Math.max(MIN_BATCH_BYTES, Math.min(most, fitting))
  }
}

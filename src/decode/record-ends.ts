// Notes where records end in an object's plain bytes, so that a later cycle can
// decode on after any of them. The last two ends are kept: the caller may find
// that it cannot take the record it was handed.

import type { Position } from './decoder.ts'

/** Follows a text chunk by chunk; a record costs two numbers and a word. */
export class RecordEnds {
  /** The number of bytes before the current chunk. */
  private base = 0
  private last = 0
  private lastForm = ''
  private before = 0
  private beforeForm = ''

  /** Notes a record that ends before `to` of the current chunk, and the structure around it. */
  note(to: number, form: string): void {
    this.before = this.last
    this.beforeForm = this.lastForm
    this.last = this.base + to
    this.lastForm = form
  }

  /** Goes to the next chunk. */
  pass(chunk: Buffer): void {
    this.base += chunk.length
  }

  /** Gives the offset of a place in the current chunk. */
  offsetOf(at: number): number {
    return this.base + at
  }

  /** Makes the next chunk begin at a position. */
  resume({ bytes, form }: Position): void {
    this.base = bytes
    this.last = this.before = bytes
    this.lastForm = this.beforeForm = form
  }

  /** The position after the last record; `header` is the start of the header in force. */
  position(header = -1): Position {
    return { bytes: this.last, form: this.lastForm, header }
  }

  /** The position before the last record. */
  positionBefore(header = -1): Position {
    return { bytes: this.before, form: this.beforeForm, header }
  }
}

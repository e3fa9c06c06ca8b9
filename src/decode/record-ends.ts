// Notes where records end in an object's plain bytes, so that a later cycle can
// decode on behind any of them. The last two are known: whoever is handed a
// record may find that it does not take it.

import type { Position } from './decoder.ts'

/** Follows a text chunk by chunk; a record costs it two numbers and a word. */
export class RecordEnds {
  /** How many bytes came before the chunk at hand. */
  private base = 0
  private last = 0
  private lastForm = ''
  private before = 0
  private beforeForm = ''

  /** Notes a record that ends before `to` of the chunk at hand, and what it stands in. */
  note(to: number, form: string): void {
    this.before = this.last
    this.beforeForm = this.lastForm
    this.last = this.base + to
    this.lastForm = form
  }

  /** Goes on to the next chunk. */
  pass(chunk: Buffer): void {
    this.base += chunk.length
  }

  /** Gives the offset of a place in the chunk at hand. */
  offsetOf(at: number): number {
    return this.base + at
  }

  /** Has the next chunk be the one that begins at a position. */
  resume({ bytes, form }: Position): void {
    this.base = bytes
    this.last = this.before = bytes
    this.lastForm = this.beforeForm = form
  }

  /** The position behind the last record; `header` is where the header in force begins. */
  position(header = -1): Position {
    return { bytes: this.last, form: this.lastForm, header }
  }

  /** The position before the last record. */
  positionBefore(header = -1): Position {
    return { bytes: this.before, form: this.beforeForm, header }
  }
}

// The quarantined objects beyond the first thousand: what waits for a person may
// be any number, so of each the cursor keeps a fingerprint alone, by which it
// counts as settled, and a file of their own the rest. They are never dropped
// by age, unless they were gone from the bucket.

import { decodeFingerprints, encodeFingerprints } from './fingerprint-text.ts'
import { FingerprintSet, fingerprint } from './fingerprint-set.ts'

/** What the cursor knows of the file; times in ms since 1970, 0 = never. */
export interface ShelfNote {
  /** Counts its writes: it must have seen as many, or it is an older copy. */
  number: number
  /** Its length. Another one, or lines of what is shelved no longer, have it written anew. */
  bytes: number
  stale: boolean
  /** How many in it were refused or not reached, and how many were not there, at most. */
  refused: number
  absent: number
  /** When the refused ones were last tried; 0 = the next are due. */
  tried: number
}

const NOTHING_SHELVED: ShelfNote = {
  number: 0,
  bytes: 0,
  stale: false,
  refused: 0,
  absent: 0,
  tried: 0,
}

/** Holds the fingerprints, 8 bytes each, and the note of the file. */
export class Shelf {
  note = NOTHING_SHELVED
  #members = new FingerprintSet()
  readonly #removed = new Set<bigint>()

  /** Tells whether an object is shelved, whatever its size is by now. */
  has(key: string): boolean {
    if (this.size === 0) return false
    const print = printOf(key)
    return this.#members.has(print) && !this.#removed.has(print)
  }

  /** Counts the objects. */
  get size(): number {
    return this.#members.size - this.#removed.size
  }

  /** Shelves the objects of a text of fingerprints. */
  add(text: string): void {
    if (this.#removed.size > 0)
      for (const print of decodeFingerprints(text)) this.#removed.delete(print)
    this.#members.addEncoded(text)
  }

  /** Takes the objects of a text of fingerprints off; their lines in the file are of no more use. */
  remove(text: string): void {
    for (const print of decodeFingerprints(text))
      if (this.#members.has(print)) this.#removed.add(print)
    this.note = { ...this.note, stale: true }
  }

  /** Gives the fingerprints as texts. */
  *encoded(): Generator<string> {
    if (this.#removed.size > 0) {
      const left = new FingerprintSet()
      for (const text of this.#members.encoded())
        left.addEncoded(
          encodeFingerprints(
            decodeFingerprints(text).filter(print => !this.#removed.has(print)),
          ),
        )
      this.#members = left
      this.#removed.clear()
    }
    yield* this.#members.encoded()
  }
}

/** Makes the text of the fingerprints of keys. */
export function shelfPrints(keys: readonly string[]): string {
  return encodeFingerprints(keys.map(printOf))
}

// By the key alone: what is quarantined stays so when it is written anew.
const printOf = (key: string): bigint => fingerprint(key, 0)

// The quarantined objects beyond the first thousand: any number may wait for a
// person, so the cursor keeps only a fingerprint of each, by which it counts as
// settled, and a separate file the rest. Age alone never drops one, unless it
// was gone from the bucket.

import {
  decodeFingerprints,
  encodeFingerprints,
  FingerprintSet,
  fingerprint,
} from './fingerprint-set.ts'

/** The cursor's note of the file; times in ms since 1970, 0 = never. */
export interface ShelfNote {
  /** The number of its writes: a file with fewer is an older copy. */
  number: number
  /** Its length. A different length, or lines of objects no longer shelved, cause a rewrite. */
  bytes: number
  stale: boolean
  /** Upper bounds of the objects in it that were refused or unreachable, and of those that were gone. */
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

/** The fingerprints, 8 bytes each, and the note of the file. */
export class Shelf {
  note = NOTHING_SHELVED
  #members = new FingerprintSet()
  readonly #removed = new Set<bigint>()

  /** Tells whether an object is shelved, whatever its present size. */
  has(key: string): boolean {
    if (this.size === 0) return false
    const print = printOf(key)
    return this.#members.has(print) && !this.#removed.has(print)
  }

  /** The number of objects. */
  get size(): number {
    return this.#members.size - this.#removed.size
  }

  /** Shelves the objects of a text of fingerprints. */
  add(text: string): void {
    if (this.#removed.size > 0)
      for (const print of decodeFingerprints(text)) this.#removed.delete(print)
    this.#members.addEncoded(text)
  }

  /** Removes the objects of a text of fingerprints; their lines in the file become useless. */
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

// The key alone counts: a quarantined object stays so when it is written anew.
const printOf = (key: string): bigint => fingerprint(key, 0)

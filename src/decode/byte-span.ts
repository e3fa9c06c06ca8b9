// A stretch of bytes that may cross chunk borders: only its own bytes are kept,
// in a buffer that is used again. Long stretches share one buffer, since one
// object is decoded at a time; it occupies memory only as far as it was
// written.

const SMALL = 64 * 1024

/** No bytes. */
export const NONE = Buffer.alloc(0)

let shared = NONE

/** Follows one stretch of bytes at a time, of at most `limit` bytes. */
export class ByteSpan {
  readonly #limit: number
  /** The start of the stretch in the current chunk, if one is followed. */
  #from: number | undefined
  /** The number of its bytes in earlier chunks, which are in the buffer. */
  #bytes = 0
  #buffer = NONE

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Starts a stretch at a position of the current chunk. */
  begin(at: number): void {
    this.#from = at
    this.#bytes = 0
  }

  /** Forgets the stretch. */
  drop(): void {
    this.#from = undefined
    this.#bytes = 0
  }

  /** Keeps the stretch's bytes of a finished chunk; false if they became too many and were dropped. */
  carry(chunk: Buffer): boolean {
    if (this.#from === undefined) return true
    const isKept = this.#keep(chunk, this.#from, chunk.length)
    this.#from = 0
    if (!isKept) this.drop()
    return isKept
  }

  /** Ends the stretch before `to` and gives its bytes, valid until the next stretch is kept; undefined if none is followed or it is too long. */
  take(chunk: Buffer, to: number): Buffer | undefined {
    const from = this.#from
    if (from === undefined) return undefined
    let taken: Buffer | undefined
    if (this.#bytes === 0)
      taken = to - from > this.#limit ? undefined : chunk.subarray(from, to)
    else if (this.#keep(chunk, from, to))
      taken = this.#buffer.subarray(0, this.#bytes)
    this.drop()
    return taken
  }

  #keep(chunk: Buffer, from: number, to: number): boolean {
    const bytes = this.#bytes + to - from
    if (bytes > this.#limit) return false
    if (bytes > this.#buffer.length) this.#grow(bytes)
    chunk.copy(this.#buffer, this.#bytes, from, to)
    this.#bytes = bytes
    return true
  }

  #grow(bytes: number): void {
    const kept = this.#buffer.subarray(0, this.#bytes)
    if (bytes <= SMALL) this.#buffer = Buffer.allocUnsafe(SMALL)
    else {
      if (shared.length < this.#limit)
        shared = Buffer.allocUnsafeSlow(this.#limit)
      this.#buffer = shared
    }
    kept.copy(this.#buffer)
  }
}

/** Makes a view of all bytes of a buffer. */
export function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length)
}

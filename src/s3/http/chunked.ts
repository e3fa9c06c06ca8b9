// The chunked form of a body (RFC 9112, section 7.1): the bytes of its chunks
// as they come, and its end. Extensions and trailers are passed over; their
// length is limited, since they could be endless. Chunks that came together
// become one piece, since they may have a byte each.

import { noHttp } from './answer-head.ts'

const SIZE_LINE = /^0*([\da-f]{1,12})[\t ]*(?:;.*)?$/i
const MAX_LINE = 4096
const MAX_TRAILER = 16_384
const NEWLINE = 0x0a

/** Reads a chunked body from bytes that are cut anywhere. */
export class ChunkedReader {
  #state: 'size' | 'data' | 'dataEnd' | 'trailer' = 'size'
  /** The bytes of this chunk that are still to come. */
  #left = 0
  /** The part of a line that has come. */
  #line = ''
  #trailer = 0

  /** Gives the part of the body in these bytes, which it changes, to `take`; returns the index behind the body's end, or undefined if more is due; throws an error whose code is NoHttp. */
  read(bytes: Buffer, take: (piece: Buffer) => void): number | undefined {
    // The piece, which grows in its place.
    let start = 0
    let end = 0
    try {
      for (let at = 0; at < bytes.length;) {
        if (this.#state === 'data') {
          const next = Math.min(bytes.length, at + this.#left)
          this.#left -= next - at
          if (this.#left === 0) this.#state = 'dataEnd'
          if (end > 0) bytes.copyWithin(end, at, next)
          else start = at
          end = (end || start) + next - at
          at = next
          continue
        }
        const newline = bytes.indexOf(NEWLINE, at)
        const next = newline < 0 ? bytes.length : newline + 1
        if (this.#line.length + next - at > MAX_LINE)
          throw noHttp('a line of it is endless')
        this.#line += bytes.toString('latin1', at, next)
        at = next
        if (newline < 0) return undefined
        const line = this.#line
        this.#line = ''
        if (!line.endsWith('\r\n')) throw noHttp('a line of a chunk has no end')
        if (this.#endsWith(line.slice(0, -2))) return at
      }
      return undefined
    } finally {
      if (end > start) take(bytes.subarray(start, end))
    }
  }

  /** Takes a line; tells whether it ends the body. */
  #endsWith(line: string): boolean {
    switch (this.#state) {
      case 'size': {
        const [, digits] = SIZE_LINE.exec(line) ?? []
        if (digits === undefined) throw noHttp('a chunk of it has no size')
        this.#left = Number.parseInt(digits, 16)
        this.#state = this.#left === 0 ? 'trailer' : 'data'
        return false
      }
      case 'trailer':
        this.#trailer += line.length
        if (this.#trailer > MAX_TRAILER) throw noHttp('its trailer is endless')
        return line === ''
      default:
        if (line !== '') throw noHttp('a chunk of it is longer than its size')
        this.#state = 'size'
        return false
    }
  }
}

// The end of a gzip member's header and the trailer after its data (RFC 1952),
// for callers that must be sure of one member and nothing else.

import { DecodeError } from './decode-error.ts'

/** The number of bytes after the data of a member: its check and its size. */
export const GZIP_TRAILER = 8

// Names and comments state no length.
const MAX_HEADER = 128 * 1024
const FIXED = 10
const DEFLATE = 8
// The flags of the fields after the fixed part.
const HAS_CHECK = 2
const HAS_EXTRA = 4
const HAS_NAME = 8
const HAS_COMMENT = 16
const RESERVED = 0xe0

/** Makes the error of gzip data; `what` is its predicate. */
export const gzipFault = (what: string, cause?: unknown): DecodeError =>
  new DecodeError('gzip', `The gzip data ${what}`, { cause })

/** Finds the end of a member's header; undefined if more bytes are needed. Throws DecodeError if there is no header. */
export function gzipHeaderEnd(bytes: Buffer): number | undefined {
  if (!isBegin(bytes)) throw notGzip()
  if (bytes.length < FIXED) return undefined
  const flags = bytes[3] as number
  if (bytes[2] !== DEFLATE || (flags & RESERVED) !== 0)
    throw gzipFault('has an invalid header')
  let end = FIXED
  if (flags & HAS_EXTRA) {
    if (bytes.length < end + 2) return undefined
    end += 2 + bytes.readUInt16LE(end)
  }
  for (const flag of [HAS_NAME, HAS_COMMENT]) {
    if ((flags & flag) === 0) continue
    const zero = bytes.indexOf(0, end)
    if (zero < 0 && bytes.length > MAX_HEADER)
      throw gzipFault('has a header without an end')
    if (zero < 0) return undefined
    end = zero + 1
  }
  if (flags & HAS_CHECK) end += 2
  return bytes.length < end ? undefined : end
}

const isBegin = (bytes: Buffer): boolean =>
  bytes.length < 2
    ? bytes.length === 0 || bytes[0] === 0x1f
    : bytes[0] === 0x1f && bytes[1] === 0x8b

const notGzip = (): DecodeError =>
  new DecodeError('gzip', 'The bytes are not gzip data')

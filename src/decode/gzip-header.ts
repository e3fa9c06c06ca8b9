// Where the header of a gzip member ends and what stands behind its data (RFC
// 1952), for who must know that there is one member and nothing else.

import { DecodeError } from './decode-error.ts'

/** How many bytes stand behind the data of a member: its check and its size. */
export const GZIP_TRAILER = 8

// Names and comments have no length of their own.
const MAX_HEADER = 128 * 1024
const FIXED = 10
const DEFLATE = 8
// The flags of what follows the fixed part.
const HAS_CHECK = 2
const HAS_EXTRA = 4
const HAS_NAME = 8
const HAS_COMMENT = 16
const RESERVED = 0xe0

/** Makes the error of gzip data, which `what` is said of. */
export const gzipFault = (what: string, cause?: unknown): DecodeError =>
  new DecodeError('gzip', `The gzip data ${what}`, { cause })

/** Finds where the header of a member ends; undefined where more of it is to come. Throws DecodeError where it is none. */
export function gzipHeaderEnd(bytes: Buffer): number | undefined {
  if (!isBegin(bytes)) throw notGzip()
  if (bytes.length < FIXED) return undefined
  const flags = bytes[3] as number
  if (bytes[2] !== DEFLATE || (flags & RESERVED) !== 0)
    throw gzipFault('has a header that is none')
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

// Inflates a small body that must be exactly one gzip member with not a byte
// behind it (RFC 1952). Node's own gunzip reads on over more members, so bytes
// that somebody appended would pass for CloudTrail's.

import { crc32, inflateRawSync } from 'node:zlib'
import { DecodeError } from '../decode/decode-error.ts'

const FIXED = 10
const TRAILER = 8
const DEFLATE = 8
const MIN_CHUNK = 16 * 1024
const HAS_HEADER_CRC = 2
const HAS_EXTRA = 4
const HAS_NAME = 8
const HAS_COMMENT = 16

/** Inflates one gzip member to at most so many bytes; throws DecodeError. */
export function inflateSingle(body: Buffer, maxBytes: number): Buffer {
  const from = endOfHeader(body)
  const { plain, used } = inflateFrom(body, from, maxBytes)
  const end = from + used
  if (body.length < end + TRAILER) throw broken('cut off')
  if (
    body.readUInt32LE(end) !== crc32(plain) ||
    body.readUInt32LE(end + 4) !== plain.length
  )
    throw broken('damaged')
  if (body.length > end + TRAILER)
    throw new DecodeError(
      'gzip',
      `The gzip data is followed by ${body.length - end - TRAILER} bytes that CloudTrail does not write`,
    )
  return plain
}

function endOfHeader(body: Buffer): number {
  if (body.length < FIXED + TRAILER || body.readUInt16BE(0) !== 0x1f8b)
    throw broken('none')
  const flags = body[3] as number
  if (body[2] !== DEFLATE || flags > 31) throw broken('of an unknown form')
  let at = FIXED
  if (flags & HAS_EXTRA) at += 2 + body.readUInt16LE(at)
  for (const flag of [HAS_NAME, HAS_COMMENT])
    if (flags & flag) {
      const zero = body.indexOf(0, at)
      if (zero < 0) throw broken('cut off')
      at = zero + 1
    }
  if (flags & HAS_HEADER_CRC) at += 2
  if (at + TRAILER > body.length) throw broken('cut off')
  return at
}

function inflateFrom(
  body: Buffer,
  from: number,
  maxBytes: number,
): { plain: Buffer; used: number } {
  // The last four bytes tell the size, so that nothing is copied; a lie costs
  // no more than what is allowed.
  const told = Math.min(body.readUInt32LE(body.length - 4), maxBytes)
  try {
    const { buffer, engine } = inflateRawSync(body.subarray(from), {
      info: true,
      chunkSize: Math.max(told + 1, MIN_CHUNK),
      maxOutputLength: maxBytes,
    }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } }
    return { plain: buffer, used: engine.bytesWritten }
  } catch (cause) {
    if (cause instanceof RangeError)
      throw new DecodeError(
        'inflated-too-large',
        `The gzip data inflates to more than ${maxBytes} bytes`,
        { cause },
      )
    throw broken('damaged or cut off', cause)
  }
}

const broken = (how: string, cause?: unknown): DecodeError =>
  new DecodeError('gzip', `The gzip data is ${how}`, { cause })

// Inflates a small body that must be exactly one gzip member with not a byte
// behind it (RFC 1952). Node's own gunzip reads on over more members, so bytes
// that somebody appended would pass for CloudTrail's.

import { crc32, inflateRawSync } from 'node:zlib'
import { DecodeError } from '../../decode/decode-error.ts'
import {
  gzipFault,
  gzipHeaderEnd,
  GZIP_TRAILER,
} from '../../decode/gzip-header.ts'

const MIN_CHUNK = 16 * 1024

/** Inflates one gzip member to at most so many bytes; throws DecodeError. */
export function inflateSingle(body: Buffer, maxBytes: number): Buffer {
  const from = gzipHeaderEnd(body)
  if (from === undefined) throw gzipFault('is cut off')
  const { plain, used } = inflateFrom(body, from, maxBytes)
  const end = from + used
  if (body.length < end + GZIP_TRAILER) throw gzipFault('is cut off')
  if (
    body.readUInt32LE(end) !== crc32(plain) ||
    body.readUInt32LE(end + 4) !== plain.length
  )
    throw gzipFault('is damaged')
  if (body.length > end + GZIP_TRAILER)
    throw gzipFault(
      `is followed by ${body.length - end - GZIP_TRAILER} bytes that CloudTrail does not write`,
    )
  return plain
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
    throw gzipFault('is damaged or cut off', cause)
  }
}

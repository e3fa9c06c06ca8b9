// Turns an object's bytes into plain bytes: gzip is inflated, text passes
// unchanged, any other form, also inside gzip, fails before its first byte. All
// bytes that can be inflated before a fault come before it: Node drops the
// output of a failing call, so that stretch is inflated again in small steps.
// That needs a body that can be read twice (a Buffer, a file opened at each
// iteration); any other loses up to 256 KiB before the fault.

import { gunzipSync } from 'node:zlib'
import { bodyPieces, inSteps, withHead } from './body-pieces.ts'
import { HEAD_BYTES, foreignError, foreignForm } from './foreign-form.ts'
import { Gunzip, isZero, type InflateLimits } from './gunzip-stream.ts'
import { gunzipKept, MAX_KEPT_OUTPUT, type Inflated } from './kept-gunzip.ts'

/** The limits of an object's inflated size. */
export const LIMITS: InflateLimits = { bytes: 1024 ** 3, ratio: 200 }
const SMALL_BODY = 1024 * 1024
const SMALL_OUTPUT = 4 * 1024 * 1024
const SHORTEST_GZIP = 18

/** Yields an object's plain bytes; throws DecodeError, also for a body that is not text, and passes on the errors of reading the body. */
export async function* inflate(
  body: Buffer | AsyncIterable<Buffer>,
  limits = LIMITS,
): AsyncGenerator<Buffer> {
  const small = Buffer.isBuffer(body) && inflateSmall(body, limits)
  if (small) {
    checkInner(small)
    yield small
    return
  }
  let isChecked = false
  for await (const chunk of withHead(plainBytes(body, limits), HEAD_BYTES)) {
    if (!isChecked) checkInner(chunk)
    isChecked = true
    yield chunk
  }
}

/** Throws if gzip data holds something other than text. */
function checkInner(head: Buffer): void {
  const form = foreignForm(head)
  if (form !== undefined) throw foreignError(form, true)
}

async function* plainBytes(
  body: Buffer | AsyncIterable<Buffer>,
  limits: InflateLimits,
): AsyncGenerator<Buffer> {
  let gunzip: Gunzip | undefined
  let atStart = true
  try {
    for await (const piece of withHead(bodyPieces(body), HEAD_BYTES)) {
      if (atStart && isGzip(piece)) gunzip = new Gunzip(limits)
      atStart = false
      if (gunzip) yield* gunzip.push(piece)
      else yield piece
    }
    if (gunzip) yield* gunzip.end()
  } catch (error) {
    if (gunzip?.isDamaged) yield* inflateAgain(body, gunzip)
    throw error
  } finally {
    gunzip?.close()
  }
}

/** Inflates a small body in one call, at a third of the cost of a stream; undefined if it is not small, not gzip, or damaged. */
function inflateSmall(body: Buffer, limits: InflateLimits): Buffer | undefined {
  const { length } = body
  if (length < SHORTEST_GZIP || length > SMALL_BODY) return undefined
  if (!isGzip(body)) return undefined
  const maxOutputLength = Math.min(SMALL_OUTPUT, limits.bytes)
  // The last four bytes give the plain size of a single member.
  const size = body.readUInt32LE(length - 4)
  if (size > maxOutputLength) return undefined
  try {
    const { buffer, engine } =
      size > MAX_KEPT_OUTPUT
        ? gunzipOnce(body, size + 1, maxOutputLength)
        : gunzipKept(body)
    if (buffer.length > maxOutputLength) return undefined
    return isZero(body.subarray(engine.bytesWritten)) ? buffer : undefined
  } catch {
    return undefined
  }
}

function gunzipOnce(
  body: Buffer,
  chunkSize: number,
  maxOutputLength: number,
): Inflated {
  const options = { info: true, chunkSize, maxOutputLength }
  return gunzipSync(body, options) as unknown as Inflated
}

/** Inflates a damaged body again, in ever smaller steps before the damage, and yields the output that was dropped. */
async function* inflateAgain(
  body: Buffer | AsyncIterable<Buffer>,
  { consumed, produced }: Gunzip,
): AsyncGenerator<Buffer> {
  for (const step of [256, 1]) {
    const gunzip = new Gunzip({ bytes: Infinity, ratio: Infinity })
    let known = produced
    try {
      for await (const piece of inSteps(bodyPieces(body), consumed, step))
        for await (const chunk of gunzip.push(piece)) {
          // An empty chunk is yielded too: the reader may have no time for
          // more.
          yield chunk.subarray(Math.min(known, chunk.length))
          known = Math.max(0, known - chunk.length)
        }
    } catch {
      // The same damage again, or a body that cannot be read twice.
    } finally {
      gunzip.close()
    }
    consumed = gunzip.consumed
    produced = Math.max(produced, gunzip.produced)
  }
}

/** Tells whether a body is gzip; throws if it is neither gzip nor text. */
function isGzip(head: Buffer): boolean {
  const form = foreignForm(head)
  if (form === undefined || form === 'gzip') return form !== undefined
  throw foreignError(form, false)
}

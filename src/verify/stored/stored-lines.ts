// Splits a host's stored bytes into lines: gzip or not, in chunks of any size.
// A long line that cannot hold a record of this program is skipped as it comes,
// so that memory depends neither on its length nor on its parsed size.

import { withHead } from '../../decode/body-pieces.ts'
import { Gunzip } from '../../decode/gunzip-stream.ts'

/** A whole line with its LF, or the reason why it is withheld: it is `blank`, `foreign`, `too-long` for a record, or `torn` (long, without the end of an object). */
export type StoredLine = Buffer | 'blank' | 'foreign' | 'too-long' | 'torn'

// MaxRecordBytes is 16 MiB at most; a host wraps the records that it stores.
const MAX_LINE = 24 * 1024 * 1024
// Shorter lines are always parsed.
const LONG = 64 * 1024
const LF = 0x0a
const OPENING = 0x7b
const CLOSING = 0x7d
const BLANKS: ReadonlySet<number | undefined> = new Set([0x09, LF, 0x0d, 0x20])
const OWN_NAME = Buffer.from('"s3_object"')
const BYTE_ORDER_MARK = Buffer.from('\ufeff')
const MAGIC_BYTES = 2

/** Yields each line, even a last one without LF. */
export async function* linesOf(
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<StoredLine> {
  let parts: Buffer[] = []
  let length = 0
  // The first byte that is not blank.
  let first: number | undefined
  const isHeld = (): boolean =>
    length <= LONG || (first === OPENING && length <= MAX_LINE)
  const add = (part: Buffer): void => {
    length += part.length
    first ??= part.find(byte => !BLANKS.has(byte))
    // The memory of a chunk may be used again.
    if (isHeld()) parts.push(Buffer.from(part))
    else parts = []
  }
  const take = (): StoredLine => {
    const line = isHeld()
      ? judged(Buffer.concat(parts))
      : first === OPENING
        ? 'too-long'
        : first === undefined
          ? 'blank'
          : 'foreign'
    parts = []
    length = 0
    first = undefined
    return line
  }
  for await (const chunk of chunks) {
    let from = 0
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, from)) {
      const rest = chunk.subarray(from, end + 1)
      from = end + 1
      if (length === 0 && rest.length <= LONG) yield judged(rest)
      else {
        add(rest)
        yield take()
      }
    }
    if (from < chunk.length) add(chunk.subarray(from))
  }
  if (length === 0) return
  add(Buffer.from([LF]))
  yield take()
}

// The library's stream would end at a null, so a line of null is withheld; a
// line that begins an object cannot be one.
function judged(line: Buffer): StoredLine {
  if (line[0] !== OPENING) {
    const at = line.findIndex(byte => !BLANKS.has(byte))
    if (at < 0) return 'blank'
    if (line[at] !== OPENING && isNull(line.subarray(at))) return 'foreign'
  }
  if (line.length <= LONG || line.includes(OWN_NAME)) return line
  return line[line.findLastIndex(byte => !BLANKS.has(byte))] === CLOSING
    ? 'foreign'
    : 'torn'
}

const isNull = (line: Buffer): boolean =>
  line.toString('latin1', 0, 4) === 'null' &&
  line.subarray(4).every(byte => BLANKS.has(byte))

/** Yields the plain bytes of a file, gzip of one or more members or not, without a byte order mark; throws DecodeError. */
export async function* plainBytes(
  bytes: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  let gunzip: Gunzip | undefined
  let atStart = true
  try {
    for await (const piece of withHead(bytes, MAGIC_BYTES + 1)) {
      if (atStart && piece[0] === 0x1f && piece[1] === 0x8b)
        gunzip = new Gunzip({ bytes: Infinity, ratio: Infinity })
      const hasMark =
        atStart &&
        piece.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK)
      atStart = false
      if (gunzip) yield* gunzip.push(piece)
      else yield hasMark ? piece.subarray(BYTE_ORDER_MARK.length) : piece
    }
    if (gunzip) yield* gunzip.end()
  } finally {
    gunzip?.close()
  }
}

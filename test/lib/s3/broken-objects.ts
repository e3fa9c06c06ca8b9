// Objects that are broken in every way we know of: each with the records that
// are whole before its fault, counted from how it was made, and what an error
// says of it.

import { randomBytes } from 'node:crypto'
import { gzipSync, constants } from 'node:zlib'

const MIB = 1024 * 1024

export interface BrokenObject {
  name: string
  body: Buffer
  /** The source texts of the records before the fault. */
  whole: string[]
  /** What names the fault in an error line. */
  says: RegExp
}

/** Makes events with a name each, and with so many bytes that gzip cannot shrink. */
export function events(name: string, count: number, noise = 0): string[] {
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      eventTime: '2026-01-02T03:04:05Z',
      eventID: `${name}-${index + 1}`,
      ...(noise > 0 && { noise: randomBytes(noise).toString('hex') }),
    }),
  )
}

/** Puts texts into the Records of a document. */
export const document = (texts: readonly string[], rest = ']}'): string =>
  `{"Records":[${texts.join(',')}${rest}`

/** Gives the texts that end within so many bytes of their document. */
function within(texts: readonly string[], bytes: number): string[] {
  let end = document([], '').length
  return texts.filter(text => {
    end += text.length + 1
    return end - 1 <= bytes
  })
}

function cutGzip(): BrokenObject {
  const texts = events('cut', 200, 50)
  // Stored in blocks of its own, so the plain bytes before the cut are known.
  const { zipped, plain } = blocks(document(texts), 3000)
  return {
    name: 'cut-gzip',
    body: zipped.subarray(0, zipped.length / 2),
    whole: within(texts, plain(zipped.length / 2)),
    says: /gzip data is cut off/,
  }
}

function corruptGzip(): BrokenObject {
  const texts = events('corrupt', 200, 50)
  const { zipped, starts, plainStarts } = blocks(document(texts), 3000)
  const middle = starts.length >> 1
  const at = starts[middle] ?? 0
  // 3 in the two bits after the first is no kind of block.
  zipped[at] = (zipped[at] ?? 0) | 0b110
  return {
    name: 'corrupt-gzip',
    body: zipped,
    whole: within(texts, plainStarts[middle] ?? 0),
    says: /gzip data is damaged/,
  }
}

/** Zips text so that every so many plain bytes are a stored block. */
function blocks(text: string, size: number) {
  const head = gzipSync('').subarray(0, 10)
  const plain = Buffer.from(text)
  const tail = gzipSync(text, { level: constants.Z_NO_COMPRESSION })
  const parts: Buffer[] = [head]
  const starts: number[] = []
  const plainStarts: number[] = []
  let length = head.length
  for (let at = 0; at < plain.length; at += size) {
    const piece = plain.subarray(at, at + size)
    const header = Buffer.alloc(5)
    header[0] = at + size >= plain.length ? 1 : 0
    header.writeUInt16LE(piece.length, 1)
    header.writeUInt16LE(~piece.length & 0xffff, 3)
    starts.push(length)
    plainStarts.push(at)
    parts.push(header, piece)
    length += header.length + piece.length
  }
  const zipped = Buffer.concat([...parts, tail.subarray(-8)])
  return {
    zipped,
    starts,
    plainStarts,
    /** Tells how many plain bytes lie in so many zipped ones. */
    plain(bytes: number): number {
      const last = starts.findLastIndex(start => start + 5 <= bytes)
      return (plainStarts[last] ?? 0) + bytes - (starts[last] ?? 0) - 5
    },
  }
}

const some = (name: string): string[] => events(name, 20)

const broken = (name: string, rest: string, says: RegExp): BrokenObject => ({
  name,
  body: gzipSync(document(some(name), rest)),
  whole: some(name),
  says,
})

const foreign = (name: string, head: Buffer, says: RegExp): BrokenObject => ({
  name,
  body: Buffer.concat([head, randomBytes(5000)]),
  whole: [],
  says,
})

/** Makes one of each. */
export function brokenObjects(): BrokenObject[] {
  const deep = `{"a":${'['.repeat(600)}${']'.repeat(600)}}`
  const huge = `{"a":"${'x'.repeat(17 * MIB)}"}`
  const tailed = broken('trailing-garbage', ']}', /damaged|other bytes/)
  return [
    cutGzip(),
    corruptGzip(),
    { ...tailed, body: Buffer.concat([tailed.body, Buffer.from('garbage')]) },
    broken('broken-json', `,{"a":1]},${some('lost').join()}]}`, /broken/),
    broken('cut-json', ',{"a":"x"', /broken/),
    broken('deep', `,${deep}]}`, /deeper than 512/),
    broken('huge', `,${huge}]}`, /longer than 16777216/),
    foreign(
      'picture',
      Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
      /binary data/,
    ),
    foreign('parquet', Buffer.from('PAR1'), /The object is Parquet/),
    foreign('zip', Buffer.from('PK\x03\x04'), /The object is zip/),
    {
      name: 'gzip-in-gzip',
      body: gzipSync(gzipSync(document(some('twice')))),
      whole: [],
      says: /The gzip data holds gzip/,
    },
    {
      name: 'web-page',
      body: gzipSync('<html><body>502</body></html>'),
      whole: [],
      says: /HTML/,
    },
  ]
}

/** Makes gzip data of many members that inflates to more than a GiB of JSON's white space. */
export function bomb(): Buffer {
  const member = gzipSync(Buffer.alloc(64 * MIB, ' '), { level: 1 })
  const members = Array.from({ length: 17 }, () => member)
  return Buffer.concat([gzipSync('{"Records":['), ...members])
}

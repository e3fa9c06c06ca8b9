// Names the forms of objects that are no log as AWS writes it, by their first
// bytes alone: a large object need not be read to its end. A log is UTF-8: no
// byte of it is NUL (JSON escapes it), and of its first 1,024 at most a tenth
// are control characters or no UTF-8, which leaves room for a name in Latin-1.

import { isUtf8 } from 'node:buffer'
import { DecodeError } from './decode-error.ts'
import { OPEN_BRACE, OPEN_BRACKET } from './json-bytes.ts'

/** How many of the first bytes tell the form. */
export const HEAD_BYTES = 1024

// A tenth of the bytes.
const MAX_ODD_SHARE = 10
const MAGIC_BYTES = 16
const TAR = 'ustar'
const TAR_AT = 257
const HTML_START = 0x3c
// White space, and the bytes of a byte order mark.
const BLANKS = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf])

const magics: readonly (readonly [form: string, bytes: string])[] = [
  ['gzip', '\x1f\x8b'],
  ['Parquet', 'PAR1'],
  ['encrypted Parquet', 'PARE'],
  ['ORC', 'ORC'],
  ['Avro', 'Obj\x01'],
  ['Arrow', 'ARROW1'],
  ['zip', 'PK\x03\x04'],
  ['zip', 'PK\x05\x06'],
  ['zip', 'PK\x07\x08'],
  ['7z', '7z\xbc\xaf\x27\x1c'],
  ['RAR', 'Rar!\x1a\x07'],
  ['zstd', '\x28\xb5\x2f\xfd'],
  ['bzip2', 'BZh'],
  ['snappy', '\xff\x06\x00\x00sNaPpY'],
  ['xz', '\xfd7zXZ\x00'],
  ['lz4', '\x04\x22\x4d\x18'],
  ['lz4', '\x02\x21\x4c\x18'],
  ['lzop', '\x89LZO'],
  ['lzip', 'LZIP'],
  ['compress', '\x1f\x9d'],
  ['zlib', '\x78\x01'],
  ['zlib', '\x78\x5e'],
  ['zlib', '\x78\x9c'],
  ['zlib', '\x78\xda'],
  ['UTF-32 text', '\xff\xfe\x00\x00'],
  ['UTF-32 text', '\x00\x00\xfe\xff'],
  ['UTF-16 text', '\xff\xfe'],
  ['UTF-16 text', '\xfe\xff'],
]
const firstBytes = new Set(magics.map(([, bytes]) => bytes.charCodeAt(0)))
// Frames that zstd and lz4 readers skip: 0x50 to 0x5f, then these bytes.
const SKIPPABLE = '\x2a\x4d\x18'
const UTF_16 = /^(?:[\t-~]\0[\t-~]\0|\0[\t-~]\0[\t-~])/

/** Names the form of an object whose first bytes (1,024, or all of it) are given; undefined where they may be the text of a log. */
export function foreignForm(head: Buffer): string | undefined {
  const first = head[0] ?? 0
  if (firstBytes.has(first) || (first & 0xf0) === 0x50) {
    const form = magicForm(head.toString('latin1', 0, MAGIC_BYTES))
    if (form !== undefined) return form
  }
  if (!isBinary(head)) return undefined
  if (UTF_16.test(head.toString('latin1', 0, MAGIC_BYTES))) return 'UTF-16 text'
  return isTar(head) ? 'tar' : 'binary data'
}

function magicForm(start: string): string | undefined {
  const magic = magics.find(([, bytes]) => start.startsWith(bytes))
  if (magic !== undefined) return magic[0]
  return start.startsWith(SKIPPABLE, 1) ? 'zstd' : undefined
}

const isTar = (head: Buffer): boolean =>
  head.toString('latin1', TAR_AT, TAR_AT + TAR.length) === TAR

/** Finds the first byte of a text that is neither white space nor of a byte order mark; undefined while there is none. */
export function firstByte(text: Buffer): number | undefined {
  for (const byte of text) if (!BLANKS.has(byte)) return byte
  return undefined
}

/** Names the form of a text by its first byte: JSON, HTML or XML; undefined for any other and for none. */
export function markupForm(first: number | undefined): string | undefined {
  if (first === HTML_START) return 'HTML or XML'
  return first === OPEN_BRACE || first === OPEN_BRACKET ? 'JSON' : undefined
}

/** Names the form of a text by its first line: CSV where fields are parted by commas, semicolons or bars; undefined where neither these nor quotes are in it. */
export function tableForm(line: string): string | undefined {
  if (/^\s*"|[,;|]/.test(line)) return 'CSV'
  return line.includes('"') ? 'text with quotes' : undefined
}

/** Makes the error for an object, or what its gzip data holds, in a form that is not read. */
export function foreignError(form: string, isInGzip: boolean): DecodeError {
  if (form === 'Parquet' && !isInGzip)
    return new DecodeError('parquet', 'Parquet is not read yet')
  const what = isInGzip ? 'The gzip data holds' : 'The object is'
  return new DecodeError(
    'not-a-log',
    `${what} ${form}: only text is read, plain or in gzip; ` +
      'Inclusions and Exclusions can leave such objects out',
  )
}

/** Makes the error for a text in a form that is not the one of its log type. */
export function foreignTextError(form: string, wanted: string): DecodeError {
  return new DecodeError(
    'not-a-log',
    `This is ${form}, no ${wanted}: check LogType and FilePath`,
  )
}

function isBinary(bytes: Buffer): boolean {
  const length = Math.min(bytes.length, HEAD_BYTES)
  let odd = 0
  for (let i = 0; i < length; i++) {
    const byte = bytes[i] as number
    if (byte === 0) return true
    if ((byte < 0x20 && (byte < 0x09 || byte > 0x0d)) || byte === 0x7f) odd++
  }
  const head = bytes.subarray(0, length)
  if (!isUtf8(head)) odd += head.toString().split('\ufffd').length - 1
  return odd * MAX_ODD_SHARE > length
}

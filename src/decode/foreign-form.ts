// Names the forms of objects that are not a log as AWS writes it, by their
// first bytes alone: a large object need not be read to its end. A log is
// UTF-8: it has no NUL (JSON escapes it), and at most a tenth of its first
// 1,024 bytes are control characters or invalid UTF-8, which leaves room for a
// name in Latin-1.

import { isUtf8 } from 'node:buffer'
import { DecodeError } from './decode-error.ts'
import { OPEN_BRACE, OPEN_BRACKET } from './json-bytes.ts'

/** The number of first bytes that show the form. */
export const HEAD_BYTES = 1024

// A tenth of the bytes.
const MAX_ODD_SHARE = 10
const MAGIC_BYTES = 16
// A share of fewer bytes says little.
const MIN_ODD_BYTES = 32
const PARQUET = 'PAR1'
const TAR = 'ustar'
const TAR_AT = 257
const HTML_START = 0x3c
/** White space, and the bytes of a byte order mark. */
export const BLANKS: ReadonlySet<number> = new Set([
  0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf,
])

const magics: readonly (readonly [form: string, bytes: string])[] = [
  ['gzip', '\x1f\x8b'],
  ['Parquet', PARQUET],
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
  ['snappy', '\x82SNAPPY\x00'],
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
// All but white space.
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\0-\x08\x0e-\x1f\x7f]/g
const UTF_16 = /^(?:[\t-~]\0[\t-~]\0|\0[\t-~]\0[\t-~])/

/** Names the form of an object by its first bytes (1,024, or all of it); undefined if they may be the text of a log. */
export function foreignForm(head: Buffer): string | undefined {
  const first = head[0] ?? 0
  if (firstBytes.has(first) || (first & 0xf0) === 0x50) {
    const form = magicForm(head.toString('latin1', 0, MAGIC_BYTES))
    if (form !== undefined) return form
  }
  return isBinary(head) ? binaryForm(head) : undefined
}

/** Throws if a line that is not printable UTF-8 shows that other data has begun; a short line may be odd. */
export function expectText(line: Buffer): void {
  const magic = magicForm(line.toString('latin1', 0, MAGIC_BYTES))
  const isOdd = line.length >= MIN_ODD_BYTES && isOddText(line)
  const form = magic ?? (isOdd ? binaryForm(line) : undefined)
  if (form === undefined) return
  throw new DecodeError(
    'not-a-log',
    `After the text comes ${form}: the program that wrote or copied the object has appended other data to the log`,
  )
}

function binaryForm(bytes: Buffer): string {
  if (UTF_16.test(bytes.toString('latin1', 0, MAGIC_BYTES)))
    return 'UTF-16 text'
  if (isHadoopSnappy(bytes)) return 'Hadoop-Snappy'
  return isTar(bytes) ? 'tar' : 'binary data'
}

function magicForm(start: string): string | undefined {
  const magic = magics.find(([, bytes]) => start.startsWith(bytes))
  if (magic !== undefined) return magic[0]
  return start.startsWith(SKIPPABLE, 1) ? 'zstd' : undefined
}

const isTar = (head: Buffer): boolean =>
  head.toString('latin1', TAR_AT, TAR_AT + TAR.length) === TAR

// Its writer uses blocks of 256 KiB unless configured otherwise.
const MAX_HADOOP_BLOCK = 64 * 1_048_576

// The sizes of a block and of its first chunk, then the chunk in snappy's raw
// form, which begins with its own plain size: a varint, seven bits a byte.
function isHadoopSnappy(bytes: Buffer): boolean {
  if (bytes.length < MAGIC_BYTES) return false
  const [plain, packed] = [bytes.readUInt32BE(0), bytes.readUInt32BE(4)]
  let [size, at] = [0, 8]
  for (let shift = 0; shift < 28; shift += 7) {
    const byte = bytes[at++] as number
    size |= (byte & 0x7f) << shift
    if (byte < 0x80) break
  }
  // Snappy's own upper bound for the compressed size.
  const most = 32 + size + size / 6
  const isBlock = size > 0 && size <= plain && plain <= MAX_HADOOP_BLOCK
  return isBlock && packed > 0 && packed <= most
}

/** Finds the first byte of a text that is neither white space nor part of a byte order mark; undefined while there is none. */
export function firstByte(text: Buffer): number | undefined {
  for (const byte of text) if (!BLANKS.has(byte)) return byte
  return undefined
}

/** Names the form of a text by its first byte: JSON, HTML or XML; undefined for any other byte or none. */
export function markupForm(first: number | undefined): string | undefined {
  if (first === HTML_START) return 'HTML or XML'
  return first === OPEN_BRACE || first === OPEN_BRACKET ? 'JSON' : undefined
}

/** Names the form of a text by its first line: CSV if commas, semicolons or bars separate fields; undefined if it has neither these nor quotes. */
export function tableForm(line: string): string | undefined {
  if (/^\s*"|[,;|]/.test(line)) return 'CSV'
  return line.includes('"') ? 'text with quotes' : undefined
}

/** Tells whether an object begins like Parquet. */
export const isParquet = (head: Buffer): boolean =>
  head.toString('latin1', 0, PARQUET.length) === PARQUET

/** Makes the error for an object, or the content of its gzip data, in an unsupported form. */
export function foreignError(form: string, isInGzip: boolean): DecodeError {
  const what = isInGzip ? 'The gzip data holds' : 'The object is'
  return new DecodeError(
    'not-a-log',
    `${what} ${form}: only text is read, plain or in gzip, and of flow logs Parquet; ` +
      'Inclusions and Exclusions can leave such objects out',
  )
}

/** Makes the error for a text in another form than its log type's. */
export function foreignTextError(form: string, wanted: string): DecodeError {
  return new DecodeError(
    'not-a-log',
    `This is ${form}, not ${wanted}: check LogType and FilePath`,
  )
}

function isBinary(head: Buffer): boolean {
  return head.subarray(0, HEAD_BYTES).includes(0) || isOddText(head)
}

/** Tells whether more than a tenth of the first bytes are control characters or invalid UTF-8. */
function isOddText(bytes: Buffer): boolean {
  const head = bytes.subarray(0, HEAD_BYTES)
  let odd = head.toString('latin1').match(CONTROL)?.length ?? 0
  if (!isUtf8(head)) odd += head.toString().split('\ufffd').length - 1
  return odd * MAX_ODD_SHARE > head.length
}

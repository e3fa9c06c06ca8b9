// Writes Thrift's compact protocol, as much of it as Parquet's metadata takes.

/** A field's value: a whole number of 32 or 64 bits, a truth, bytes or text, a list of one kind, or a structure by the numbers of its fields. */
export type Thrift =
  | { i32: number }
  | { i64: number }
  | boolean
  | string
  | Buffer
  | readonly Thrift[]
  | { struct: ThriftFields }

/** The fields of a structure by their numbers; what is undefined is left out. */
export type ThriftFields = { readonly [id: number]: Thrift | undefined }

const TRUE = 1
const FALSE = 2
const I32 = 5
const I64 = 6
const BINARY = 8
const LIST = 9
const STRUCT = 12

/** Writes a whole number of at most 2^53. */
export function varint(value: number): Buffer {
  const bytes: number[] = []
  let left = value
  for (; left >= 0x80; left = Math.floor(left / 0x80))
    bytes.push((left % 0x80) | 0x80)
  return Buffer.from([...bytes, left])
}

/** Writes a structure. */
export function writeStruct(fields: ThriftFields): Buffer {
  const parts: Buffer[] = []
  let last = 0
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue
    const id = Number(name)
    const type = typeof value === 'boolean' ? (value ? TRUE : FALSE) : of(value)
    const delta = id - last
    parts.push(
      delta < 16
        ? Buffer.from([(delta << 4) | type])
        : Buffer.concat([Buffer.from([type]), zigzag(id)]),
    )
    if (typeof value !== 'boolean') parts.push(writeValue(value))
    last = id
  }
  return Buffer.concat([...parts, Buffer.from([0])])
}

function of(value: Exclude<Thrift, boolean>): number {
  if (typeof value === 'string' || Buffer.isBuffer(value)) return BINARY
  if ('i32' in value) return I32
  if ('i64' in value) return I64
  return 'struct' in value ? STRUCT : LIST
}

function writeValue(value: Thrift): Buffer {
  if (typeof value === 'boolean') return Buffer.from([value ? TRUE : FALSE])
  if (typeof value === 'string') return writeValue(Buffer.from(value))
  if (Buffer.isBuffer(value))
    return Buffer.concat([varint(value.length), value])
  if ('i32' in value) return zigzag(value.i32)
  if ('i64' in value) return zigzag(value.i64)
  if ('struct' in value) return writeStruct(value.struct)
  const [first] = value
  const type =
    first === undefined || typeof first === 'boolean' ? TRUE : of(first)
  const { length } = value
  const head =
    length < 15
      ? Buffer.from([(length << 4) | type])
      : Buffer.concat([Buffer.from([0xf0 | type]), varint(length)])
  return Buffer.concat([head, ...value.map(writeValue)])
}

const zigzag = (value: number): Buffer =>
  varint(value < 0 ? -2 * value - 1 : 2 * value)

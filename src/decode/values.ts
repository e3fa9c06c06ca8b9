// The places of one record's values in its bytes. Most values are output
// unchanged, so they are never made into texts: only their place is noted.

/** No value, or null. */
export const ABSENT = 0
/** UTF-8 that can stand unchanged between quotes in JSON; also true and false. */
export const PLAIN = 1
/** UTF-8 that JSON must escape. */
export const RAW = 2
/** JSON: a string with escapes and its quotes, a number, an object or an array. */
export const JSON_TEXT = 3

const DASH = 0x2d
// A longer JSON text is never blank or a dash, however it is escaped.
const LONGEST_DASH = '"\\u002d"'.length
// Some would take twenty times as much memory when parsed.
const LONGEST_PARSED = 64 * 1024

/** The places of a record's values, by the slot of each name. */
export class Values {
  /** The names of the slots; all records with the same names share the array. */
  readonly names: readonly string[]
  /** The valid UTF-8 that holds the values. */
  bytes: Buffer = Buffer.alloc(0)
  readonly kinds: Uint8Array
  readonly starts: Int32Array
  readonly ends: Int32Array

  constructor(names: readonly string[]) {
    this.names = names
    this.kinds = new Uint8Array(names.length)
    this.starts = new Int32Array(names.length)
    this.ends = new Int32Array(names.length)
  }

  /** Notes the place of a value. */
  set(slot: number, kind: number, start: number, end: number): void {
    this.kinds[slot] = kind
    this.starts[slot] = start
    this.ends[slot] = end
  }

  /** Tells whether a slot has a value: not absent, blank or `-`. In a chain a blank source gives way to the next as an absent one does: AWS writes an empty accessKeyId if there is none. */
  has(slot: number): boolean {
    const kind = this.kinds[slot]
    if (kind === ABSENT) return false
    const start = this.starts[slot] as number
    const length = (this.ends[slot] as number) - start
    if (kind === JSON_TEXT)
      return length > LONGEST_DASH || isPresent(this.get(slot))
    return length > 1 || (length === 1 && this.bytes[start] !== DASH)
  }

  /** Reads a value; undefined if there is none. An object or array of over 64 KiB comes as its text. */
  get(slot: number): unknown {
    const kind = this.kinds[slot]
    if (kind === ABSENT) return undefined
    const { bytes } = this
    const start = this.starts[slot] as number
    const end = this.ends[slot] as number
    // A call into native code costs more than a text of one or two letters.
    const first = bytes[start] as number
    const last = bytes[end - 1] as number
    if (kind === PLAIN && (first | last) < 0x80) {
      if (end === start + 1) return String.fromCharCode(first)
      if (end === start + 2) return String.fromCharCode(first, last)
    }
    const text = bytes.toString('utf8', start, end)
    return kind === JSON_TEXT && !isLongTree(text) ? JSON.parse(text) : text
  }
}

const isLongTree = (json: string): boolean =>
  json.length > LONGEST_PARSED && (json[0] === '{' || json[0] === '[')

/** Tells whether a value is present: not undefined, null, blank or `-`. */
export function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && value !== '-'
}

// Shortens an output line that is too long: original_message first, then
// repeatedly the longest other text, and last the members that identify the
// record; the serialnumber stays whole. The result is valid JSON in valid
// UTF-8, and is marked as cut.
import { isPresent } from '../decode/values.ts'

const identity = new Set(['normal_msg_date', 's3_object', 's3_record'])
// Half of a serialnumber could be that of another record.
const UNCUT = 'serialnumber'
const marks = new Set(['truncated', 'original_bytes'])

interface Member {
  /** The name with its colon; the whole member if its value is no text. */
  head: string
  text: string
  /** The bytes of the text in JSON without its quotes, 0 without a text. */
  bytes: number
  /** The order of cutting: 0 is cut first, 2 last. */
  rank: number
}

/** Cuts the texts of a line (a flat JSON object, without its LF) until it takes at most so many bytes with its LF, and adds `truncated` and `original_bytes`, the full size of the line with its LF and with the `left` bytes that were never written to it. Any bound from 4096 on is kept. */
export function fitLine(line: string, maxBytes: number, left = 0): string {
  const fullBytes = Buffer.byteLength(line) + 1 + left
  if (fullBytes <= maxBytes) return line
  const end = `"truncated":true,"original_bytes":${fullBytes}}`
  const members = Object.entries(JSON.parse(line) as object)
    .filter(([name]) => !marks.has(name))
    .map(([name, value]) => toMember(name, value))
  let excess = '{'.length + end.length + '\n'.length - maxBytes
  for (const member of members) excess += bytesOf(member)
  while (excess > 0) {
    const member = members.reduce(firstToCut)
    if (member.bytes === 0) break
    excess -= bytesOf(member)
    shorten(member, excess)
    excess += bytesOf(member)
  }
  let fitted = '{'
  for (const { head, text, bytes } of members)
    if (head !== '')
      fitted += `${head}${bytes > 0 ? JSON.stringify(text) : ''},`
  return fitted + end
}

function toMember(name: string, value: unknown): Member {
  const head = `${JSON.stringify(name)}:`
  const rank = name === 'original_message' ? 0 : identity.has(name) ? 2 : 1
  if (typeof value !== 'string' || value === '' || name === UNCUT)
    return { head: head + JSON.stringify(value), text: '', bytes: 0, rank }
  return { head, text: value, bytes: measure(value, Infinity).bytes, rank }
}

/** Counts the bytes a member takes with the comma after it. */
function bytesOf({ head, bytes }: Member): number {
  if (head === '') return 0
  return Buffer.byteLength(head) + (bytes > 0 ? bytes + 2 : 0) + 1
}

function firstToCut(a: Member, b: Member): Member {
  if (a.bytes === 0 || b.bytes === 0) return a.bytes === 0 ? b : a
  if (a.rank !== b.rank) return a.rank < b.rank ? a : b
  return b.bytes > a.bytes ? b : a
}

/** Cuts a member's text so that the line fits if the rest of the line is `excess` bytes over its bound (or under it, where negative). A text other than original_message loses at most half at a time, since the next may be longer then. */
function shorten(member: Member, excess: number): void {
  const room = -excess - Buffer.byteLength(member.head) - 3
  const least = member.rank === 0 ? 0 : member.bytes >> 1
  const { bytes, units } = measure(member.text, Math.max(room, least))
  member.text = member.text.slice(0, units)
  member.bytes = bytes
  // The rest of a text may be empty, or a word that stands for an absent value.
  if (!isPresent(member.text)) Object.assign(member, { head: '', bytes: 0 })
}

/** Measures the longest beginning of a text that takes at most so many bytes in JSON, in bytes and UTF-16 units; a surrogate pair is never split. */
function measure(
  text: string,
  maxBytes: number,
): { bytes: number; units: number } {
  let bytes = 0
  let units = 0
  while (units < text.length) {
    const code = text.codePointAt(units) ?? 0
    const width = jsonWidth(code)
    if (bytes + width > maxBytes) break
    bytes += width
    units += code > 0xffff ? 2 : 1
  }
  return { bytes, units }
}

/** Counts the bytes of a code point as JSON.stringify writes it; lone surrogates and most control characters become `\uXXXX`. */
function jsonWidth(code: number): number {
  if (code < 0x20) return code === 11 || code < 8 || code > 13 ? 6 : 2
  if (code < 0x80) return code === 0x22 || code === 0x5c ? 2 : 1
  if (code < 0x800) return 2
  if (code > 0xffff) return 4
  return code >= 0xd800 && code <= 0xdfff ? 6 : 3
}

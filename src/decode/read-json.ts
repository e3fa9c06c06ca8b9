// Reads one JSON object in bytes, checks it as strictly as JSON.parse does, and
// notes the places of the wanted values. It saves time by making no objects or
// texts. Of duplicate names the last value counts, as with JSON.parse. In
// passing it copies the object as it stands between quotes in JSON, since a
// store is cheap while each byte is looked at.

import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  isSpace,
} from './json-bytes.ts'
import { F, N, T, isEscape, scalarEnd } from './json-tokens.ts'
import { MAX_DEPTH } from './nesting.ts'
import { viewOf } from './byte-span.ts'
import { ABSENT, JSON_TEXT, PLAIN, Values } from './values.ts'
import {
  findEscaped,
  findWanted,
  type Wanted,
  type WantedMembers,
  type WantedRecord,
} from './wanted.ts'

const SPACE = 0x20
// The number of bytes of a text examined at once.
const WORD = 4
// Twice the 256 kB that CloudTrail allows an event, since a byte takes up to two.
const COPY_BYTES = 512 * 1024
// One for all readers, since only one reads at a time.
const copy = Buffer.allocUnsafe(COPY_BYTES)
const copyView = viewOf(copy)
/** The letter after the backslash for each white space, and a space without one. */
const SPACES = new Uint8Array(SPACE + 1)
SPACES.set(Buffer.from('tn'), 0x09)
SPACES.set(Buffer.from('r'), 0x0d)
SPACES.set(Buffer.from(' '), SPACE)

/** Reads objects one after the other into the same Values. */
export class JsonReader {
  readonly values: Values
  readonly #wanted: WantedMembers
  #bytes: Buffer = Buffer.alloc(0)
  #view = viewOf(this.#bytes)
  #end = 0
  #hasEscape = false
  /** The number of bytes of the copy; those beyond its end were not stored. */
  #copied = 0

  constructor({ names, members }: WantedRecord) {
    this.values = new Values(names)
    this.#wanted = members
  }

  /** Reads the object whose brace is at `from`; returns the position after it, -1 if it is not JSON or does not end before the bytes do. */
  read(bytes: Buffer, from: number): number {
    if (bytes !== this.#bytes) this.#view = viewOf(bytes)
    this.#bytes = bytes
    this.#end = bytes.length
    this.values.bytes = bytes
    this.values.kinds.fill(ABSENT)
    this.#copied = 0
    this.#put(OPEN_BRACE)
    return this.#object(from + 1, this.#wanted, 1)
  }

  /** The last object as it stands between quotes in JSON, until the next is read; undefined if it was too long to be copied. */
  get escaped(): Buffer | undefined {
    return this.#copied > COPY_BYTES
      ? undefined
      : copy.subarray(0, this.#copied)
  }

  /** Each of these methods takes the position of its input and returns the one after it, or -1. */
  #object(from: number, members: WantedMembers | undefined, depth: number) {
    if (depth > MAX_DEPTH) return -1
    const bytes = this.#bytes
    let i = this.#skipSpace(from)
    if (i < this.#end && bytes[i] === CLOSE_BRACE) return this.#pass(i)
    for (;;) {
      if (i >= this.#end || bytes[i] !== QUOTE) return -1
      const name = i + 1
      this.#hasEscape = false
      i = this.#string(name)
      if (i < 0) return -1
      const wanted =
        members === undefined ? undefined : this.#find(members, name, i - 1)
      i = this.#skipSpace(i)
      if (i >= this.#end || bytes[i] !== COLON) return -1
      i = this.#skipSpace(this.#pass(i))
      i =
        wanted === undefined
          ? this.#value(i, undefined, undefined, depth)
          : this.#wantedValue(i, wanted, depth)
      if (i < 0) return -1
      i = this.#skipSpace(i)
      if (i >= this.#end) return -1
      const c = bytes[i]
      if (c === CLOSE_BRACE) return this.#pass(i)
      if (c !== COMMA) return -1
      i = this.#skipSpace(this.#pass(i))
    }
  }

  #array(from: number, inFirst: WantedMembers | undefined, depth: number) {
    if (depth > MAX_DEPTH) return -1
    const bytes = this.#bytes
    let inner = inFirst
    let i = this.#skipSpace(from)
    if (i < this.#end && bytes[i] === CLOSE_BRACKET) return this.#pass(i)
    for (;;) {
      i = this.#value(i, inner, undefined, depth)
      if (i < 0) return -1
      inner = undefined
      i = this.#skipSpace(i)
      if (i >= this.#end) return -1
      const c = bytes[i]
      if (c === CLOSE_BRACKET) return this.#pass(i)
      if (c !== COMMA) return -1
      i = this.#skipSpace(this.#pass(i))
    }
  }

  #value(
    i: number,
    inner: WantedMembers | undefined,
    inFirst: WantedMembers | undefined,
    depth: number,
  ): number {
    if (i >= this.#end) return -1
    const c = this.#bytes[i]
    if (c === QUOTE) return this.#string(i + 1)
    if (c === OPEN_BRACE) return this.#object(this.#pass(i), inner, depth + 1)
    if (c === OPEN_BRACKET)
      return this.#array(this.#pass(i), inFirst, depth + 1)
    const to = scalarEnd(this.#bytes, i, this.#end)
    return to < 0 ? -1 : this.#passTo(i, to)
  }

  #wantedValue(i: number, wanted: Wanted, depth: number): number {
    const { values } = this
    const { slot, inner, inFirst } = wanted
    if (values.kinds[slot] !== ABSENT) this.#forget(wanted)
    const c = this.#bytes[i]
    this.#hasEscape = false
    const end = this.#value(i, inner, inFirst, depth)
    if (end < 0) return -1
    if (c === QUOTE && !this.#hasEscape) values.set(slot, PLAIN, i + 1, end - 1)
    else if (c === T || c === F) values.set(slot, PLAIN, i, end)
    else values.set(slot, c === N ? ABSENT : JSON_TEXT, i, end)
    return end
  }

  /** Forgets the notes of a member whose name comes again. */
  #forget({ slot, inner, inFirst }: Wanted): void {
    this.values.kinds[slot] = ABSENT
    for (const members of [inner, inFirst])
      if (members) for (const wanted of members.all) this.#forget(wanted)
  }

  #find(members: WantedMembers, from: number, to: number): Wanted | undefined {
    return this.#hasEscape
      ? findEscaped(members, this.#bytes, from, to)
      : findWanted(members, this.#bytes, from, to)
  }

  /** Reads a string from after its first quote. */
  #string(from: number): number {
    const bytes = this.#bytes
    const end = this.#end
    let at = this.#copied
    copy[at++] = BACKSLASH
    copy[at++] = QUOTE
    const view = this.#view
    for (let i = from; i < end; i++) {
      while (i + WORD <= end && at + WORD <= COPY_BYTES) {
        const word = view.getInt32(i)
        if (!isOrdinary(word)) break
        copyView.setInt32(at, word)
        i += WORD
        at += WORD
      }
      const c = bytes[i] as number
      // Most bytes are small letters.
      if (c > BACKSLASH || (c >= SPACE && c !== QUOTE && c !== BACKSLASH)) {
        copy[at++] = c
        continue
      }
      if (c < SPACE) return -1
      copy[at++] = BACKSLASH
      copy[at++] = c
      if (c === QUOTE) {
        this.#copied = at
        return i + 1
      }
      this.#hasEscape = true
      if (!isEscape(bytes, ++i, end)) return -1
      const escaped = bytes[i] as number
      if (escaped === QUOTE || escaped === BACKSLASH) copy[at++] = BACKSLASH
      copy[at++] = escaped
    }
    return -1
  }

  #skipSpace(from: number): number {
    let i = from
    while (i < this.#end) {
      const c = this.#bytes[i] as number
      // Nearly always there is no white space: one comparison shows it.
      if (c > SPACE || !isSpace(c)) break
      i++
      if (c !== SPACE) this.#put(BACKSLASH)
      this.#put(SPACES[c] as number)
    }
    return i
  }

  #passTo(from: number, to: number): number {
    let i = from
    while (i < to) i = this.#pass(i)
    return to
  }

  /** Copies a byte that needs no escape. */
  #pass(i: number): number {
    this.#put(this.#bytes[i] as number)
    return i + 1
  }

  #put(byte: number): void {
    copy[this.#copied++] = byte
  }
}

/** Tells whether four bytes have no quote, backslash or control character. (A byte has its highest bit set in `(x - 1) & ~x` if it is 0.) */
function isOrdinary(word: number): boolean {
  const quote = word ^ 0x22222222
  const backslash = word ^ 0x5c5c5c5c
  const special =
    ((quote - 0x01010101) & ~quote) |
    ((backslash - 0x01010101) & ~backslash) |
    ((word - 0x20202020) & ~word)
  return (special & 0x80808080) === 0
}

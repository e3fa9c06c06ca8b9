// A set of 64-bit fingerprints for up to millions of members: a sorted array of
// 8 bytes each, searched by bisection, and a small set of recent ones that is
// merged into it at an eighth of its size. Text read from a file stays text
// until the first query; most sets of a cursor are never queried.

import { hash } from 'node:crypto'
import { endianness } from 'node:os'

// In the file they are big-endian, so that their order is that of their bytes.
const IS_LITTLE_ENDIAN = endianness() === 'LE'
const lazyLength = 256
// A multiple of 3, so that base64 needs no padding, and small enough for V8's
// young heap: larger strings stay until a full collection.
const maxPerText = 8190
const recentMin = 64
const recentShift = 3

// Most sets are small and there may be tens of thousands, so their parts are
// made on demand.
const nothing = new BigUint64Array(0)

// Key and size only: log objects are never rewritten, but re-encrypting them in
// place changes ETags.
/** Makes an object's fingerprint: the first 8 bytes of the SHA-256 of its size in decimal digits, a space and its key, big-endian. */
export function fingerprint(key: string, size: number): bigint {
  return BigInt(`0x${hash('sha256', `${size} ${key}`, 'hex').slice(0, 16)}`)
}

// The first 8 bytes of the SHA-256 of `skipped`; any number would do.
const SKIPPED = 0x3895_95a4_4dc9_dce7n

/** Gives the fingerprint of a skipped object from that of a collected one; applied twice it gives the original. */
export const skippedPrint = (fingerprint: bigint): bigint =>
  fingerprint ^ SKIPPED

/** Holds fingerprints at 8 to 14 bytes each. */
export class FingerprintSet {
  #sorted: BigUint64Array = nothing
  #recent: Set<bigint> | undefined
  #texts: string[] | undefined

  /** Tells whether a fingerprint is a member. */
  has(fingerprint: bigint): boolean {
    if (this.#texts) this.#merge()
    return this.#recent?.has(fingerprint) || this.#finds(fingerprint)
  }

  /** Adds a fingerprint. */
  add(fingerprint: bigint): void {
    if (!this.has(fingerprint)) this.#remember(fingerprint)
  }

  /** Adds the result of `encoded`, or any base64 text of 8-byte big-endian fingerprints. */
  addEncoded(text: string): void {
    if (text.length > lazyLength) {
      ;(this.#texts ??= []).push(text)
      return
    }
    for (const fingerprint of decodeFingerprints(text))
      if (this.#texts) this.#remember(fingerprint)
      else this.add(fingerprint)
  }

  /** The number of members. */
  get size(): number {
    if (this.#texts) this.#merge()
    return this.#sorted.length + this.#recentSize
  }

  /** Gives the members in ascending order as base64 text, at most so many in a piece: 10.67 bytes each. */
  *encoded(perText = maxPerText): Generator<string> {
    const sorted = this.#inOrder()
    const bytes = Buffer.alloc(Math.min(perText, sorted.length) * 8)
    for (let start = 0; start < sorted.length; start += perText)
      yield encode(sorted.subarray(start, start + perText), bytes)
  }

  #inOrder(): BigUint64Array {
    // A small set stays unsorted, since sorting would take more memory.
    if (this.#recent && !this.#texts && this.#sorted === nothing)
      return BigUint64Array.from(this.#recent).toSorted()
    if (this.#texts || this.#recent) this.#merge()
    return this.#sorted
  }

  #finds(fingerprint: bigint): boolean {
    const sorted = this.#sorted
    let from = 0
    let to = sorted.length
    while (from < to) {
      const middle = (from + to) >>> 1
      const member = sorted[middle] as bigint
      if (member === fingerprint) return true
      if (member < fingerprint) from = middle + 1
      else to = middle
    }
    return false
  }

  #remember(fingerprint: bigint): void {
    const recent = (this.#recent ??= new Set())
    recent.add(fingerprint)
    if (recent.size > recentMin + (this.#sorted.length >>> recentShift))
      this.#merge()
  }

  #merge(): void {
    const texts = this.#texts ?? []
    let count = this.#sorted.length + this.#recentSize
    let longest = 0
    for (const text of texts) {
      const length = Buffer.byteLength(text, 'base64')
      count += length >>> 3
      longest = Math.max(longest, length)
    }
    const all = new BigUint64Array(count)
    all.set(this.#sorted)
    let end = this.#sorted.length
    // One buffer serves all texts: a million members would otherwise leave 8 MB
    // of buffers.
    const bytes = Buffer.alloc(longest)
    for (const text of texts)
      end = decode(bytes, bytes.write(text, 'base64'), all, end)
    if (this.#recent) for (const member of this.#recent) all[end++] = member
    all.sort()
    this.#sorted = distinct(all)
    this.#recent = undefined
    this.#texts = undefined
  }

  get #recentSize(): number {
    return this.#recent?.size ?? 0
  }
}

// Numbers are moved by typed arrays: a bigint that is read alone is an object
// of its own, and a million of them take 25 MB.
function decode(
  bytes: Buffer,
  length: number,
  into: BigUint64Array,
  at: number,
): number {
  const count = length >>> 3
  if (IS_LITTLE_ENDIAN) bytes.subarray(0, count * 8).swap64()
  into.set(new BigUint64Array(bytes.buffer, bytes.byteOffset, count), at)
  return at + count
}

function encode(members: BigUint64Array, bytes: Buffer): string {
  const { length } = members
  new BigUint64Array(bytes.buffer, bytes.byteOffset, length).set(members)
  const used = bytes.subarray(0, length * 8)
  if (IS_LITTLE_ENDIAN) used.swap64()
  return used.toString('base64')
}

function distinct(sorted: BigUint64Array): BigUint64Array {
  const halves = new Uint32Array(sorted.buffer, 0, sorted.length * 2)
  let count = 0
  for (let i = 0; i < halves.length; i += 2) {
    const isRepeat =
      count > 0 &&
      halves[i] === halves[count - 2] &&
      halves[i + 1] === halves[count - 1]
    if (isRepeat) continue
    halves[count++] = halves[i] as number
    halves[count++] = halves[i + 1] as number
  }
  return count === halves.length ? sorted : sorted.slice(0, count >>> 1)
}

/** Makes the text of fingerprints. */
export function encodeFingerprints(fingerprints: readonly bigint[]): string {
  const bytes = Buffer.alloc(fingerprints.length * 8)
  fingerprints.forEach((fingerprint, index) =>
    bytes.writeBigUInt64BE(fingerprint, index * 8),
  )
  return bytes.toString('base64')
}

/** Reads the fingerprints of a text; an incomplete one at the end is left out. */
export function decodeFingerprints(text: string): bigint[] {
  const bytes = Buffer.from(text, 'base64')
  const fingerprints: bigint[] = []
  for (let at = 0; at + 8 <= bytes.length; at += 8)
    fingerprints.push(bytes.readBigUInt64BE(at))
  return fingerprints
}

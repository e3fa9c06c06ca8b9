// Which records of which objects a host has stored: per object how far it goes
// from the first without a gap, in 16 bytes, so that millions of objects fit.
// What came out of order waits beside it in intervals, until the gap before it
// is filled.

import { hash } from 'node:crypto'

/** A stretch of records, both ends counted in. */
export interface Stretch {
  from: number
  to: number
}

const FIRST_SLOTS = 1024
const MAX_NUMBER = 2 ** 32 - 1
const DIGITS = 8

/** Holds what was stored; an object is told by the first 8 bytes of the SHA-256 of its name. */
export class StoredRecords {
  /** How many records came more than once, each time counted. */
  repeats = 0
  #slots = FIRST_SLOTS
  #used = 0
  #high = new Uint32Array(FIRST_SLOTS)
  #low = new Uint32Array(FIRST_SLOTS)
  #reach = new Uint32Array(FIRST_SLOTS)
  #repeats = new Uint32Array(FIRST_SLOTS)
  /** By slot, in order, apart from each other and from what is reached. */
  #waiting = new Map<number, Stretch[]>()
  #lastName = ''
  #lastSlot = 0

  /** Counts the objects. */
  get size(): number {
    return this.#used
  }

  /** Notes that a record of an object, counted from 1, is there; false where the number is none that a record can have. */
  add(object: string, record: number): boolean {
    if (!Number.isInteger(record) || record < 1 || record > MAX_NUMBER)
      return false
    const slot = this.#slotFor(object)
    const reach = this.#reach[slot] as number
    if (record === reach + 1) this.#extend(slot, record)
    else if (record <= reach || !this.#wait(slot, record)) {
      this.repeats++
      if ((this.#repeats[slot] as number) < MAX_NUMBER)
        this.#repeats[slot] = (this.#repeats[slot] as number) + 1
    }
    return true
  }

  /** Gives the stretches that are not there of an object's records from 1 to `count`, at most so many. */
  missing(object: string, count: number, most = 8): Stretch[] {
    const slot = this.#find(object)
    const found: Stretch[] = []
    let from = slot === undefined ? 1 : (this.#reach[slot] as number) + 1
    const waiting = slot === undefined ? [] : (this.#waiting.get(slot) ?? [])
    for (const there of waiting) {
      if (there.from > count || found.length === most) break
      found.push({ from, to: there.from - 1 })
      from = there.to + 1
    }
    if (from <= count && found.length < most) found.push({ from, to: count })
    return found
  }

  /** Gives the highest number that was stored of an object, 0 without any. */
  highest(object: string): number {
    const slot = this.#find(object)
    if (slot === undefined) return 0
    const last = this.#waiting.get(slot)?.at(-1)
    return last?.to ?? (this.#reach[slot] as number)
  }

  #extend(slot: number, record: number): void {
    let reach = record
    const waiting = this.#waiting.get(slot)
    if (waiting?.[0]?.from === reach + 1) {
      reach = (waiting.shift() as Stretch).to
      if (waiting.length === 0) this.#waiting.delete(slot)
    }
    this.#reach[slot] = reach
  }

  // False where it is there already.
  #wait(slot: number, record: number): boolean {
    const waiting = this.#waiting.get(slot) ?? []
    if (waiting.length === 0) this.#waiting.set(slot, waiting)
    const at = placeIn(waiting, record)
    const before = waiting[at - 1]
    const after = waiting[at]
    if (before !== undefined && record <= before.to) return false
    const joinsBefore = before?.to === record - 1
    const joinsAfter = after?.from === record + 1
    if (joinsBefore && joinsAfter) {
      before.to = after.to
      waiting.splice(at, 1)
    } else if (joinsBefore) before.to = record
    else if (joinsAfter) after.from = record
    else waiting.splice(at, 0, { from: record, to: record })
    return true
  }

  #slotFor(object: string): number {
    if (object === this.#lastName) return this.#lastSlot
    const [high, low] = printOf(object)
    let slot = this.#seek(high, low)
    if (this.#isFree(slot)) {
      if (this.#used >= this.#slots * 0.7) {
        this.#grow()
        slot = this.#seek(high, low)
      }
      this.#high[slot] = high
      this.#low[slot] = low
      this.#used++
    }
    this.#lastName = object
    this.#lastSlot = slot
    return slot
  }

  #find(object: string): number | undefined {
    const slot = this.#seek(...printOf(object))
    return this.#isFree(slot) ? undefined : slot
  }

  #isFree(slot: number): boolean {
    return this.#high[slot] === 0 && this.#low[slot] === 0
  }

  #seek(high: number, low: number): number {
    let slot = low % this.#slots
    while (
      !this.#isFree(slot) &&
      (this.#high[slot] !== high || this.#low[slot] !== low)
    )
      slot = (slot + 1) % this.#slots
    return slot
  }

  #grow(): void {
    const [high, low, reach, repeats, waiting, before] = [
      this.#high,
      this.#low,
      this.#reach,
      this.#repeats,
      this.#waiting,
      this.#slots,
    ]
    this.#slots = before * 2
    this.#high = new Uint32Array(this.#slots)
    this.#low = new Uint32Array(this.#slots)
    this.#reach = new Uint32Array(this.#slots)
    this.#repeats = new Uint32Array(this.#slots)
    this.#waiting = new Map()
    for (let old = 0; old < before; old++) {
      if (high[old] === 0 && low[old] === 0) continue
      const slot = this.#seek(high[old] as number, low[old] as number)
      this.#high[slot] = high[old] as number
      this.#low[slot] = low[old] as number
      this.#reach[slot] = reach[old] as number
      this.#repeats[slot] = repeats[old] as number
      const stretches = waiting.get(old)
      if (stretches !== undefined) this.#waiting.set(slot, stretches)
    }
  }
}

// None is all zero, which stands for a free slot.
function printOf(object: string): [high: number, low: number] {
  const digits = hash('sha256', object, 'hex')
  const high = Number.parseInt(digits.slice(0, DIGITS), 16)
  const low = Number.parseInt(digits.slice(DIGITS, 2 * DIGITS), 16)
  return high === 0 && low === 0 ? [0, 1] : [high, low]
}

// The first stretch that begins after a record.
function placeIn(stretches: readonly Stretch[], record: number): number {
  let from = 0
  let to = stretches.length
  while (from < to) {
    const middle = (from + to) >>> 1
    if ((stretches[middle] as Stretch).from > record) to = middle
    else from = middle + 1
  }
  return from
}

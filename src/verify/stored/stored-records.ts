// Which records of which objects a host has stored: per object how far it goes
// from the first without a gap, in 16 bytes, so that millions of objects fit.
// What came out of order waits beside it, until the gap before it is filled.

import { hash } from 'node:crypto'
import { WaitingRecords } from './waiting-records.ts'

/** A stretch of records, both ends counted in. */
export interface Stretch {
  from: number
  to: number
}

const FIRST_OBJECTS = 512
// No object has as many records.
const MAX_NUMBER = 2 ** 31 - 1
const MAX_COUNT = 2 ** 32 - 1
const DIGITS = 8

/** Holds what was stored; an object is told by the first 8 bytes of the SHA-256 of its name. */
export class StoredRecords {
  /** How many records came more than once, each time counted. */
  repeats = 0
  #size = 0
  /** By object, in the order in which they came. */
  #high = new Uint32Array(FIRST_OBJECTS)
  #low = new Uint32Array(FIRST_OBJECTS)
  #reach = new Uint32Array(FIRST_OBJECTS)
  #repeats = new Uint32Array(FIRST_OBJECTS)
  /** The table of objects: each and 1, 0 = the slot is free. */
  #slots = new Uint32Array(2 * FIRST_OBJECTS)
  #waiting = new WaitingRecords()
  #lastName = ''
  #last = 0

  /** Counts the objects. */
  get size(): number {
    return this.#size
  }

  /** Notes that a record of an object, counted from 1, is there; false where the number is none that a record can have. */
  add(object: string, record: number): boolean {
    if (!Number.isInteger(record) || record < 1 || record > MAX_NUMBER)
      return false
    const index = this.#indexFor(object)
    const reach = this.#reach[index] as number
    if (record === reach + 1)
      this.#reach[index] = this.#waiting.passFrom(index, record + 1) - 1
    else if (record <= reach || !this.#waiting.add(index, record)) {
      this.repeats++
      if ((this.#repeats[index] as number) < MAX_COUNT)
        this.#repeats[index] = (this.#repeats[index] as number) + 1
    }
    return true
  }

  /** Gives the stretches that are not there of an object's records from 1 to `count`, at most so many. */
  missing(object: string, count: number, most = 8): Stretch[] {
    const index = this.#find(object)
    if (index === undefined) return count < 1 ? [] : [{ from: 1, to: count }]
    const found: Stretch[] = []
    let from: number | undefined = (this.#reach[index] as number) + 1
    while (from !== undefined && from <= count && found.length < most) {
      const there = this.#waiting.first(index, true, from, count)
      found.push({ from, to: (there ?? count + 1) - 1 })
      from = this.#waiting.first(index, false, there ?? count + 1, count)
    }
    return found
  }

  /** Gives how many records of an object came more than once, each time counted. */
  repeatsOf(object: string): number {
    const index = this.#find(object)
    return index === undefined ? 0 : (this.#repeats[index] as number)
  }

  #indexFor(object: string): number {
    if (object === this.#lastName) return this.#last
    const [high, low] = printOf(object)
    if (this.#size === this.#high.length) this.#grow()
    const slot = this.#seek(high, low)
    if (this.#slots[slot] === 0) {
      this.#high[this.#size] = high
      this.#low[this.#size] = low
      this.#slots[slot] = ++this.#size
    }
    this.#lastName = object
    this.#last = (this.#slots[slot] as number) - 1
    return this.#last
  }

  #find(object: string): number | undefined {
    const owner = this.#slots[this.#seek(...printOf(object))] as number
    return owner === 0 ? undefined : owner - 1
  }

  // The slot of an object, or the free one where it would be.
  #seek(high: number, low: number): number {
    const mask = this.#slots.length - 1
    let slot = low & mask
    for (;;) {
      const index = (this.#slots[slot] as number) - 1
      if (index < 0) return slot
      if (this.#high[index] === high && this.#low[index] === low) return slot
      slot = (slot + 1) & mask
    }
  }

  #grow(): void {
    this.#high = doubled(this.#high)
    this.#low = doubled(this.#low)
    this.#reach = doubled(this.#reach)
    this.#repeats = doubled(this.#repeats)
    this.#slots = new Uint32Array(2 * this.#high.length)
    for (let index = 0; index < this.#size; index++) {
      const slot = this.#seek(
        this.#high[index] as number,
        this.#low[index] as number,
      )
      this.#slots[slot] = index + 1
    }
  }
}

function doubled(numbers: Uint32Array): Uint32Array<ArrayBuffer> {
  const more = new Uint32Array(2 * numbers.length)
  more.set(numbers)
  return more
}

function printOf(object: string): [high: number, low: number] {
  const digits = hash('sha256', object, 'hex')
  const high = Number.parseInt(digits.slice(0, DIGITS), 16)
  const low = Number.parseInt(digits.slice(DIGITS, 2 * DIGITS), 16)
  return [high, low]
}

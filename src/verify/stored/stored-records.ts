// Which records of which objects a host has stored: per object how far it goes
// from the first without a gap, in few bytes, so that millions of objects fit.
// What came out of order waits beside it, until the gap before it is filled.

import { movedTo, ObjectIndex } from './object-index.ts'
import { WaitingRecords } from './waiting-records.ts'

/** A stretch of records, both ends counted in. */
export interface Stretch {
  from: number
  to: number
}

// No object has as many records.
const MAX_NUMBER = 2 ** 31 - 1
const MAX_COUNT = 2 ** 32 - 1

/** Holds what was stored. */
export class StoredRecords {
  /** How many records came more than once, each time counted. */
  repeats = 0
  readonly #objects = new ObjectIndex()
  #reach = new Uint32Array(this.#objects.room)
  #repeats = new Uint32Array(this.#objects.room)
  #waiting = new WaitingRecords()
  #lastName = ''
  #last = 0

  /** Counts the objects. */
  get size(): number {
    return this.#objects.size
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
    const index = this.#objects.find(object)
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
    const index = this.#objects.find(object)
    return index === undefined ? 0 : (this.#repeats[index] as number)
  }

  #indexFor(object: string): number {
    if (object === this.#lastName) return this.#last
    const index = this.#objects.numberFor(object)
    const { room } = this.#objects
    if (this.#reach.length < room) {
      this.#reach = movedTo(new Uint32Array(room), this.#reach)
      this.#repeats = movedTo(new Uint32Array(room), this.#repeats)
    }
    this.#lastName = object
    this.#last = index
    return index
  }
}

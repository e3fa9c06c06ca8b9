// Holds which records of which objects a host has stored: for each object the
// number up to which they are gapless, in few bytes, so that millions of
// objects fit. Records that came out of order wait until the gap before them is
// filled.

import { movedTo, ObjectIndex } from './object-index.ts'
import { WaitingRecords } from './waiting-records.ts'

/** A stretch of records, including both ends. */
export interface Stretch {
  from: number
  to: number
}

// Every object has fewer records.
const MAX_NUMBER = 2 ** 31 - 1
const MAX_COUNT = 2 ** 32 - 1

/** Holds the numbers of the stored records. */
export class StoredRecords {
  /** The number of records that came again, each time counted. */
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

  /** Adds a record of an object, counted from 1; false if the number is impossible for a record. */
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

  /** Gives the missing stretches of an object's records from 1 to `count`, at most so many. */
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

  /** Gives the number of an object's records that came again, each time counted. */
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

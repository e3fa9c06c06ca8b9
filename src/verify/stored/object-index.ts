// Numbers objects by their names, in the order in which they come; arrays
// elsewhere hold their data under these numbers. An object takes 16 bytes here,
// so millions fit.

import { hash } from 'node:crypto'

const FIRST_OBJECTS = 512
const DIGITS = 8

/** Identifies objects by the first 8 bytes of the SHA-256 of their names. */
export class ObjectIndex {
  #size = 0
  /** By object, in the order in which they came. */
  #high = new Uint32Array(FIRST_OBJECTS)
  #low = new Uint32Array(FIRST_OBJECTS)
  /** The hash table: the number of each object plus 1, 0 = the slot is free. */
  #slots = new Uint32Array(2 * FIRST_OBJECTS)

  /** Counts the objects. */
  get size(): number {
    return this.#size
  }

  /** The number of objects that fit before it grows: the length that each array needs. */
  get room(): number {
    return this.#high.length
  }

  /** Gives the number of an object, a new one if it is unknown. */
  numberFor(name: string): number {
    const [high, low] = printOf(name)
    const found = this.#slots[this.#seek(high, low)] as number
    if (found > 0) return found - 1
    if (this.#size === this.#high.length) this.#grow()
    this.#high[this.#size] = high
    this.#low[this.#size] = low
    this.#slots[this.#seek(high, low)] = ++this.#size
    return this.#size - 1
  }

  /** Gives the number of an object; undefined if it is unknown. */
  find(name: string): number | undefined {
    const owner = this.#slots[this.#seek(...printOf(name))] as number
    return owner === 0 ? undefined : owner - 1
  }

  // Gives the slot of an object, or the free one for it.
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
    this.#high = movedTo(new Uint32Array(2 * this.#size), this.#high)
    this.#low = movedTo(new Uint32Array(2 * this.#size), this.#low)
    this.#slots = new Uint32Array(4 * this.#size)
    for (let index = 0; index < this.#size; index++) {
      const slot = this.#seek(
        this.#high[index] as number,
        this.#low[index] as number,
      )
      this.#slots[slot] = index + 1
    }
  }
}

/** Copies numbers into a longer array; gives that array. */
export function movedTo<T extends Uint32Array | Float64Array>(
  longer: T,
  numbers: T,
): T {
  longer.set(numbers)
  return longer
}

function printOf(name: string): [high: number, low: number] {
  const digits = hash('sha256', name, 'hex')
  const high = Number.parseInt(digits.slice(0, DIGITS), 16)
  const low = Number.parseInt(digits.slice(DIGITS, 2 * DIGITS), 16)
  return [high, low]
}

// Numbers objects by their names, in the order in which they come: what is kept
// of each lies in arrays under its number. An object takes 16 bytes here, so
// that millions fit.

import { hash } from 'node:crypto'

const FIRST_OBJECTS = 512
const DIGITS = 8

/** Tells objects by the first 8 bytes of the SHA-256 of their names. */
export class ObjectIndex {
  #size = 0
  /** By object, in the order in which they came. */
  #high = new Uint32Array(FIRST_OBJECTS)
  #low = new Uint32Array(FIRST_OBJECTS)
  /** The table of objects: each and 1, 0 = the slot is free. */
  #slots = new Uint32Array(2 * FIRST_OBJECTS)

  /** Counts the objects. */
  get size(): number {
    return this.#size
  }

  /** For how many objects there is room before it grows: so long each array has to be. */
  get room(): number {
    return this.#high.length
  }

  /** Gives the number of an object, which may be a new one. */
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

  /** Gives the number of an object; undefined where it never came. */
  find(name: string): number | undefined {
    const owner = this.#slots[this.#seek(...printOf(name))] as number
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

/** Moves numbers into an array that is longer; gives that. */
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

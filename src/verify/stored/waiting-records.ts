// Holds the records that came out of order, of all objects together: a bit
// each, in words of 32, in a hash table of plain numbers. So both a million
// objects with one record each and a million records of one object take only a
// few bytes each.

const FIRST_SLOTS = 256
const WORD = 32

/** Holds numbers by owner, which is counted from 0. */
export class WaitingRecords {
  #slots = FIRST_SLOTS
  #used = 0
  /** The owner plus 1; 0 = the slot is free. */
  #owners = new Uint32Array(FIRST_SLOTS)
  #words = new Uint32Array(FIRST_SLOTS)
  #bits = new Uint32Array(FIRST_SLOTS)

  /** Adds a number; false if it is already there. */
  add(owner: number, number: number): boolean {
    if (this.#used >= this.#slots * 0.7) this.#grow()
    const word = wordOf(number)
    const slot = this.#seek(owner, word)
    if (this.#owners[slot] === 0) {
      this.#used++
      this.#owners[slot] = owner + 1
      this.#words[slot] = word
    }
    const before = this.#bits[slot] as number
    const bit = 1 << (number % WORD)
    this.#bits[slot] = before | bit
    return (before & bit) === 0
  }

  /** Gives the first missing number from the given one on, and drops the numbers before it. */
  passFrom(owner: number, number: number): number {
    if (this.#used === 0) return number
    let next = number
    let word = wordOf(number - 1)
    for (;;) {
      if (wordOf(next) !== word) {
        this.#free(this.#seek(owner, word))
        word = wordOf(next)
      }
      const there = onesFrom(this.#bitsOf(owner, word), next % WORD)
      if (there === 0) return next
      next += there
    }
  }

  /** Gives the first number from `from` to `to` that is present, or missing if `isThere` is false; undefined without one. */
  first(
    owner: number,
    isThere: boolean,
    from: number,
    to: number,
  ): number | undefined {
    let number = from
    while (number <= to) {
      const word = this.#bitsOf(owner, wordOf(number))
      const sought = isThere ? ~word : word
      const passed = onesFrom(sought, number % WORD)
      number += passed
      if (number % WORD !== 0 || passed === 0)
        return number <= to ? number : undefined
    }
    return undefined
  }

  #bitsOf(owner: number, word: number): number {
    return this.#bits[this.#seek(owner, word)] as number
  }

  // Gives the slot of a word, or the free one for it.
  #seek(owner: number, word: number): number {
    let slot = this.#home(owner, word)
    while (
      this.#owners[slot] !== 0 &&
      (this.#owners[slot] !== owner + 1 || this.#words[slot] !== word)
    )
      slot = (slot + 1) & (this.#slots - 1)
    return slot
  }

  #home(owner: number, word: number): number {
    const mixed = Math.imul(owner, 0x9e3779b1) + Math.imul(word, 0x85ebca6b)
    return Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d) & (this.#slots - 1)
  }

  // Entries that collided with it move up, so that they are still found.
  #free(slot: number): void {
    if (this.#owners[slot] === 0) return
    this.#used--
    const mask = this.#slots - 1
    let hole = slot
    for (let at = (slot + 1) & mask; ; at = (at + 1) & mask) {
      const owner = this.#owners[at] as number
      if (owner === 0) break
      const home = this.#home(owner - 1, this.#words[at] as number)
      if (((at - home) & mask) < ((at - hole) & mask)) continue
      this.#owners[hole] = owner
      this.#words[hole] = this.#words[at] as number
      this.#bits[hole] = this.#bits[at] as number
      hole = at
    }
    this.#owners[hole] = 0
    this.#bits[hole] = 0
  }

  #grow(): void {
    const [owners, words, bits] = [this.#owners, this.#words, this.#bits]
    this.#slots *= 2
    this.#owners = new Uint32Array(this.#slots)
    this.#words = new Uint32Array(this.#slots)
    this.#bits = new Uint32Array(this.#slots)
    for (const [old, owner] of owners.entries()) {
      if (owner === 0) continue
      const slot = this.#seek(owner - 1, words[old] as number)
      this.#owners[slot] = owner
      this.#words[slot] = words[old] as number
      this.#bits[slot] = bits[old] as number
    }
  }
}

const wordOf = (number: number): number => Math.floor(number / WORD)

// Counts the consecutive set bits from a position on, up to the end of the
// word.
function onesFrom(bits: number, from: number): number {
  const gaps = ~bits >>> from
  return gaps === 0 ? WORD - from : 31 - Math.clz32(gaps & -gaps)
}

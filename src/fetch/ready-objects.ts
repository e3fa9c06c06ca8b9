// Fetched objects that wait for their turn. The oldest is first; after one is
// cut for giving no record, the next is the oldest, the youngest and a random
// one, in turn, so that no group of bad objects, however old or young, stands
// before all others.

import type { Candidate } from '../find/listing-result.ts'

interface Ready {
  candidate: Pick<Candidate, 'modified'>
}

const TURNS = ['oldest', 'youngest', 'random'] as const

export class ReadyObjects<T extends Ready> {
  readonly #items: T[] = []
  readonly #random: () => number
  #cuts = 0
  #next: (typeof TURNS)[number] = 'oldest'

  /** `random` gives numbers from 0 to below 1. */
  constructor(random: () => number = Math.random) {
    this.#random = random
  }

  /** The number of waiting objects. */
  get size(): number {
    return this.#items.length
  }

  add(item: T): void {
    this.#items.push(item)
  }

  /** Takes the object whose turn it is; undefined if none waits. */
  take(): T | undefined {
    const next = this.#next
    this.#next = 'oldest'
    const items = this.#items
    if (next === 'random') {
      const at = Math.floor(this.#random() * items.length)
      return items.splice(at, 1)[0]
    }
    let best = 0
    for (let index = 1; index < items.length; index++) {
      const isOlder = ageOf(items[index]) < ageOf(items[best])
      if (isOlder === (next === 'oldest')) best = index
    }
    return items.splice(best, 1)[0]
  }

  /** Notes that the last object taken was cut for giving no record. */
  noteCut(): void {
    this.#next = TURNS[this.#cuts++ % TURNS.length] ?? 'oldest'
  }
}

const ageOf = (item: Ready | undefined): number => item?.candidate.modified ?? 0

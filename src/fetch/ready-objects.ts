// Fetched objects that wait for their turn. The oldest is first; after one is
// cut for giving no record, the next is the oldest, the youngest and a random
// one, in turn, so that no group of bad objects, however old or young, stands
// before all others.

import { addByAge, takeOne, type Choice } from '../find/by-age.ts'
import type { Candidate } from '../find/listing-result.ts'

interface Ready {
  candidate: Pick<Candidate, 'modified'>
}

const TURNS: readonly Choice[] = ['oldest', 'youngest', 'random']

/** Gives the fetched objects their turns. */
export class ReadyObjects<T extends Ready> {
  /** Sorted from oldest to youngest. */
  readonly #items: T[] = []
  readonly #random: () => number
  #cuts = 0
  #next: Choice = 'oldest'

  /** `random` gives numbers from 0 to below 1. */
  constructor(random: () => number = Math.random) {
    this.#random = random
  }

  /** The number of waiting objects. */
  get size(): number {
    return this.#items.length
  }

  /** Adds an object that waits from now on. */
  add(item: T): void {
    addByAge(this.#items, item, ageOf)
  }

  /** Takes the object whose turn it is; undefined if none waits. */
  take(): T | undefined {
    const next = this.#next
    this.#next = 'oldest'
    return takeOne(this.#items, next, this.#random)
  }

  /** Notes that the last object taken was cut for giving no record. */
  noteCut(): void {
    this.#next = TURNS[this.#cuts++ % TURNS.length] ?? 'oldest'
  }
}

const ageOf = ({ candidate }: Ready): number => candidate.modified

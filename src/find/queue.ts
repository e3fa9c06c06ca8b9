// A bounded queue between the listings and the downloads: listings wait while
// it is full, so that a backlog never fills the memory. Its takers choose by
// age.

import { addByAge, takeOne, type Choice } from './by-age.ts'

/** A change that tasks of this process wait for; each checks its own condition after every change. */
export class Condition {
  #waiters: (() => void)[] = []

  /** Resolves at the next change. */
  changed(): Promise<void> {
    return new Promise(resolve => this.#waiters.push(resolve))
  }

  /** Wakes all waiting tasks. */
  notify(): void {
    const waiters = this.#waiters
    this.#waiters = []
    for (const wake of waiters) wake()
  }
}

/** The number of found objects that wait for their download, of some 300 bytes each. */
export const MAX_FOUND = 5000

/** Holds at most `capacity` items, ordered by their `age` (oldest = smallest); `random` gives a number from 0 to below 1. */
export class AgeQueue<T> {
  readonly #capacity: number
  readonly #age: (item: T) => number
  readonly #random: () => number
  /** Sorted from oldest to youngest. */
  #items: T[] = []
  readonly #change = new Condition()
  #open = true

  constructor(
    capacity: number,
    age: (item: T) => number,
    random: () => number = Math.random,
  ) {
    this.#capacity = capacity
    this.#age = age
    this.#random = random
  }

  /** Adds items as soon as there is room; false when the queue was closed. */
  async push(items: readonly T[]): Promise<boolean> {
    for (const item of items) {
      // Waiting takers check only once per change; two full queues must not
      // wake each other for ever.
      if (this.isFull) this.#change.notify()
      while (this.#open && this.isFull) await this.#change.changed()
      if (!this.#open) return false
      addByAge(this.#items, item, this.#age)
    }
    this.#change.notify()
    return true
  }

  /** Takes one item, the oldest by default, and waits for one; undefined when the queue is closed and empty. */
  async take(choice: Choice = 'oldest'): Promise<T | undefined> {
    while (this.#open && this.#items.length === 0) await this.#change.changed()
    const taken = takeOne(this.#items, choice, this.#random)
    this.#change.notify()
    return taken
  }

  /** Takes, of the items that `fits` accepts, the oldest, the youngest, each that `hasTurn` accepts, and random others until there are `others` besides the first two, or no more. */
  draw(
    fits: (item: T) => boolean,
    others: number,
    hasTurn: (item: T, count: number) => boolean = () => false,
  ): T[] {
    const fitting = this.#items.filter(fits)
    const { length } = fitting
    const drawn = [...fitting.splice(0, 1), ...fitting.splice(-1)]
    const rest: T[] = []
    for (const item of fitting)
      (hasTurn(item, length) ? drawn : rest).push(item)
    while (drawn.length < others + 2 && rest.length > 0)
      drawn.push(...rest.splice(Math.floor(this.#random() * rest.length), 1))
    const taken = new Set(drawn)
    this.#items = this.#items.filter(item => !taken.has(item))
    this.#change.notify()
    return drawn
  }

  /** Resolves when the queue is full or closed. */
  async filled(): Promise<void> {
    while (this.#open && !this.isFull) await this.#change.changed()
  }

  /** Puts taken items back, even if the queue is full or closed. */
  restore(items: readonly T[]): void {
    for (const item of items) addByAge(this.#items, item, this.#age)
    this.#change.notify()
  }

  /** Accepts no more items. */
  close(): void {
    this.#open = false
    this.#change.notify()
  }

  /** Tells whether a further item would have to wait. */
  get isFull(): boolean {
    return this.#items.length >= this.#capacity
  }
}

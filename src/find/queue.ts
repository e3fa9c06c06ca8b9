// A bounded queue between the listings and the downloads: listings wait while
// it is full, so that a backlog never fills the memory. Its takers choose the
// oldest, the youngest or a random item, so that an unreadable object never
// blocks all others.

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

/** The item that is taken. */
export type Choice = 'oldest' | 'youngest' | 'random'

/** Holds at most `capacity` items, ordered by their `age` (oldest = smallest); `random` gives a number from 0 to below 1. */
export class AgeQueue<T> {
  readonly #capacity: number
  readonly #age: (item: T) => number
  readonly #random: () => number
  /** Sorted from youngest to oldest, so that the oldest is popped. */
  readonly #items: { item: T; age: number }[] = []
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
      if (this.#isFull) this.#change.notify()
      while (this.#open && this.#isFull) await this.#change.changed()
      if (!this.#open) return false
      this.#insert(item)
    }
    this.#change.notify()
    return true
  }

  /** Takes one item, the oldest by default, and waits for one; undefined when the queue is closed and empty. */
  async take(choice: Choice = 'oldest'): Promise<T | undefined> {
    while (this.#open && this.#items.length === 0) await this.#change.changed()
    const taken = this.#remove(choice)
    this.#change.notify()
    return taken
  }

  /** Takes, of the items that `fits` accepts, the oldest, the youngest, each that `hasTurn` accepts, and random others until there are `others` besides the first two, or no more. */
  draw(
    fits: (item: T) => boolean,
    others: number,
    hasTurn: (item: T, count: number) => boolean = () => false,
  ): T[] {
    const places: number[] = []
    this.#items.forEach(({ item }, place) => {
      if (fits(item)) places.push(place)
    })
    const { length } = places
    const drawn = [places.pop(), places.shift()]
    const rest: number[] = []
    for (const place of places) {
      const { item } = this.#items[place] ?? {}
      const isNext = item !== undefined && hasTurn(item, length)
      ;(isNext ? drawn : rest).push(place)
    }
    while (drawn.length < others + 2 && rest.length > 0)
      drawn.push(...rest.splice(this.#anyOf(rest.length), 1))
    const taken = drawn.filter(place => place !== undefined)
    const items = taken.flatMap(place => this.#items[place]?.item ?? [])
    // Removal from the end keeps the other indexes valid.
    for (const place of taken.toSorted((a, b) => b - a))
      this.#items.splice(place, 1)
    this.#change.notify()
    return items
  }

  /** Puts taken items back, even if the queue is full or closed. */
  restore(items: readonly T[]): void {
    for (const item of items) this.#insert(item)
    this.#change.notify()
  }

  /** Accepts no more items. */
  close(): void {
    this.#open = false
    this.#change.notify()
  }

  get #isFull(): boolean {
    return this.#items.length >= this.#capacity
  }

  #insert(item: T): void {
    const age = this.#age(item)
    this.#items.splice(this.#placeOf(age), 0, { item, age })
  }

  #remove(choice: Choice): T | undefined {
    if (choice === 'oldest') return this.#items.pop()?.item
    if (choice === 'youngest') return this.#items.shift()?.item
    return this.#items.splice(this.#anyOf(this.#items.length), 1)[0]?.item
  }

  #anyOf(count: number): number {
    return Math.floor(this.#random() * count)
  }

  #placeOf(age: number): number {
    let low = 0
    let high = this.#items.length
    while (low < high) {
      const middle = (low + high) >> 1
      const there = this.#items[middle]
      if (there !== undefined && there.age > age) low = middle + 1
      else high = middle
    }
    return low
  }
}

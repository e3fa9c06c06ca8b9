// A bounded room between the listings and the downloads: listings wait at the
// door while it is full, so that a backlog never fills the memory. The oldest
// leaves first, or the youngest, or one at random: whatever it is that cannot
// be read, it never stands before all the others.

/** Something that changes now and then; tasks of this process wait for it and look again each time it does. */
export class Condition {
  #waiters: (() => void)[] = []

  /** Resolves at the next change. */
  changed(): Promise<void> {
    return new Promise(resolve => this.#waiters.push(resolve))
  }

  /** Wakes all who wait. */
  notify(): void {
    const waiters = this.#waiters
    this.#waiters = []
    for (const wake of waiters) wake()
  }
}

/** Says which of the things in a queue is taken. */
export type Choice = 'oldest' | 'youngest' | 'random'

/** Holds at most `capacity` things, ordered by the `age` they came with (oldest = smallest); `random` gives a number from 0 to below 1. */
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

  /** Puts things in as soon as there is room, all at once if there is; false when the room was closed. */
  async push(items: readonly T[]): Promise<boolean> {
    for (const item of items) {
      // Those who wait for things look once; two full doors must not wake
      // each other for ever.
      if (this.#isFull) this.#change.notify()
      while (this.#open && this.#isFull) await this.#change.changed()
      if (!this.#open) return false
      this.#insert(item)
    }
    this.#change.notify()
    return true
  }

  /** Takes one, the oldest unless told, waiting for it; undefined when it is closed and empty. */
  async take(choice: Choice = 'oldest'): Promise<T | undefined> {
    while (this.#open && this.#items.length === 0) await this.#change.changed()
    const taken = this.#remove(choice)
    this.#change.notify()
    return taken
  }

  /** Takes of the things that fit the oldest, the youngest, all whose turn it is among so many, and others at random until there are `others` besides the first two, as far as there are any. */
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
    // From the end, so that the other places hold.
    for (const place of taken.toSorted((a, b) => b - a))
      this.#items.splice(place, 1)
    this.#change.notify()
    return items
  }

  /** Puts things in that were taken before, however full or closed it is. */
  restore(items: readonly T[]): void {
    for (const item of items) this.#insert(item)
    this.#change.notify()
  }

  /** Lets nothing more in. */
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

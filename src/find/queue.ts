// A bounded room between the listings and the downloads: listings wait at the
// door while it is full, so that a backlog never fills the memory, and the
// oldest object leaves first.

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

/** Holds at most `capacity` things, ordered by the `age` they came with (oldest = smallest). */
export class OldestFirstQueue<T> {
  readonly #capacity: number
  readonly #age: (item: T) => number
  /** Sorted from youngest to oldest, so that the oldest is popped. */
  readonly #items: { item: T; age: number }[] = []
  readonly #change = new Condition()
  #open = true

  constructor(capacity: number, age: (item: T) => number) {
    this.#capacity = capacity
    this.#age = age
  }

  /** Puts things in as soon as there is room, all at once if there is; false when the room was closed. */
  async push(items: readonly T[]): Promise<boolean> {
    for (const item of items) {
      // Those who wait for things look once; two full doors must not wake
      // each other for ever.
      if (this.#isFull) this.#change.notify()
      while (this.#open && this.#isFull) await this.#change.changed()
      if (!this.#open) return false
      const age = this.#age(item)
      this.#items.splice(this.#placeOf(age), 0, { item, age })
    }
    this.#change.notify()
    return true
  }

  /** Takes the oldest, waiting for one; undefined when it is closed and empty. */
  async take(): Promise<T | undefined> {
    while (this.#open && this.#items.length === 0) await this.#change.changed()
    const taken = this.#items.pop()
    this.#change.notify()
    return taken?.item
  }

  /** Lets nothing more in. */
  close(): void {
    this.#open = false
    this.#change.notify()
  }

  get #isFull(): boolean {
    return this.#items.length >= this.#capacity
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

// Lets tasks of one process wait until another says that something changed.

/** Something that changes now and then; waiters look again each time it does. */
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

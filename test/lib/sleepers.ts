// Who sleeps by a clock under test: wakes when told that the time has come, or
// when the signal aborts.

interface Sleeper {
  at: number
  wake: () => void
}

export class Sleepers {
  #all: Sleeper[] = []

  /** When the first is to wake; Infinity where nobody sleeps. */
  get next(): number {
    return Math.min(...this.#all.map(({ at }) => at))
  }

  /** Sleeps until a time. */
  add(at: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve()
    return new Promise(resolve => {
      const wake = (): void => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      }
      const sleeper = { at, wake }
      const onAbort = (): void => {
        this.#all = this.#all.filter(one => one !== sleeper)
        resolve()
      }
      this.#all.push(sleeper)
      signal?.addEventListener('abort', onAbort, { once: true })
    })
  }

  /** Wakes all whose time has come, in the order of their times. */
  wake(now: number): void {
    const due = this.#all.filter(({ at }) => at <= now)
    if (due.length === 0) return
    this.#all = this.#all.filter(({ at }) => at > now)
    for (const { wake } of due.toSorted((a, b) => a.at - b.at)) wake()
  }
}

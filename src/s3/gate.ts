// Limits how many requests, LIST and GET alike, wait for their answer at once:
// the adaptive response to SlowDown. A throttled answer halves the number, a
// round of good ones adds one. Bodies do not count, since S3 counts requests.

import { SourceError } from './errors/source-error.ts'

const WIDEST = 24
// At a width of one, a single stalled request would hold up all the others.
const NARROWEST = 2

/** Lets requests pass, as many at once as S3 allows. */
export class RequestGate {
  #width = WIDEST
  #inside = 0
  #successes = 0
  #round = 0
  readonly #queue = new Set<() => void>()

  /** Calls `ask` when its turn has come; rejects with the signal's reason if it aborts before. */
  async pass<T>(
    ask: () => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    signal?.throwIfAborted()
    if (this.#inside < this.#width) this.#inside++
    else await this.#turn(signal)
    const round = this.#round
    try {
      const answer = await ask()
      this.#widen()
      return answer
    } catch (error) {
      if (error instanceof SourceError && error.throttled) this.#narrow(round)
      throw error
    } finally {
      this.#inside--
      this.#admit()
    }
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        signal?.removeEventListener('abort', giveUp)
        resolve()
      }
      const giveUp = (): void => {
        this.#queue.delete(enter)
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', giveUp, { once: true })
      this.#queue.add(enter)
    })
  }

  #admit(): void {
    for (const enter of this.#queue) {
      if (this.#inside >= this.#width) return
      this.#queue.delete(enter)
      this.#inside++
      enter()
    }
  }

  #widen(): void {
    if (this.#width === WIDEST || ++this.#successes < this.#width) return
    this.#width++
    this.#successes = 0
  }

  // Requests that were under way together are throttled together: that counts
  // as one answer.
  #narrow(round: number): void {
    if (round !== this.#round) return
    this.#round++
    this.#successes = 0
    this.#width = Math.max(NARROWEST, Math.floor(this.#width / 2))
  }
}

// Limits how many requests, LIST and GET alike, wait for their answer at once:
// the adaptive response to SlowDown. A throttled answer halves the number, a
// round of good ones adds one. Bodies do not count, since S3 counts requests.

import type { SourceError } from './errors/source-error.ts'

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

  /** Takes a place, at once or when its turn has come; gives the round, which leave() needs. Fails with the signal's reason if it aborts before. */
  enter(signal: AbortSignal | undefined): number | Promise<number> {
    signal?.throwIfAborted()
    if (this.#inside >= this.#width)
      return this.#turn(signal).then(() => this.#round)
    this.#inside++
    return this.#round
  }

  /** Gives the place back after an answer, or after a fault. */
  leave(round: number, fault?: SourceError): void {
    if (fault === undefined) this.#widen()
    else if (fault.throttled) this.#narrow(round)
    this.#inside--
    this.#admit()
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

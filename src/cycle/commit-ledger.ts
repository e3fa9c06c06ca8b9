// Holds back commits until the host must have read the lines they stand for:
// so much must have been accepted after them as stdout and a host may hold.

import type { Written } from '../output/line-writer.ts'
import { PIPE_DISTANCE, type Distance } from '../output/stdout-kind.ts'

/** Commits in the order of the output; each waits for what follows it. */
export class CommitLedger {
  readonly #distance: Distance
  readonly #waiting: { at: Written; commit: () => void }[] = []

  constructor(distance = PIPE_DISTANCE) {
    this.#distance = distance
  }

  /** Notes a commit that stands for everything added so far. */
  note(added: Written, commit: () => void): void {
    this.#waiting.push({ at: { ...added }, commit })
  }

  /** Makes the commits whose lines are far enough behind what was accepted. */
  release(accepted: Written): void {
    const distance = this.#distance
    this.#releaseWhile(
      ({ bytes, records }) =>
        accepted.bytes >= bytes + distance.bytes &&
        (accepted.records >= records + distance.records ||
          accepted.bytes >= bytes + distance.orBytes),
    )
  }

  /** Makes all commits: the last line of the cycle was accepted. */
  releaseAll(): void {
    this.#releaseWhile(() => true)
  }

  #releaseWhile(isRead: (at: Written) => boolean): void {
    let count = 0
    for (const { at, commit } of this.#waiting) {
      if (!isRead(at)) break
      commit()
      count++
    }
    this.#waiting.splice(0, count)
  }
}

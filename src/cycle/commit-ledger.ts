// Holds back commits until the host must have read the lines they stand for:
// a pipe holds up to 1 MiB unread and Vector a queue of 1,024 records, so as
// much must have been accepted after them.

import type { Written } from '../output/line-writer.ts'

const PIPE_BYTES = 1024 * 1024
const QUEUE_RECORDS = 1100
const QUEUE_BYTES = 8 * 1024 * 1024

/** Commits in the order of the output; each waits for what follows it. */
export class CommitLedger {
  readonly #waiting: { at: Written; commit: () => void }[] = []

  /** Notes a commit that stands for everything added so far. */
  note(added: Written, commit: () => void): void {
    this.#waiting.push({ at: { ...added }, commit })
  }

  /** Makes the commits whose lines are far enough behind what was accepted. */
  release(accepted: Written): void {
    this.#releaseWhile(
      ({ bytes, records }) =>
        accepted.bytes >= bytes + PIPE_BYTES &&
        (accepted.records >= records + QUEUE_RECORDS ||
          accepted.bytes >= bytes + QUEUE_BYTES),
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

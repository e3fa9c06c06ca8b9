// Holds back commits until the host must have read the lines they stand for:
// so much must have been accepted after them as stdout and a host may hold.
// Where the host may hold more records than a cycle waits for, so many must
// have been read from stdout, and the end of a cycle does not commit the rest
// but has it kept open.

import type { Written } from '../output/line-writer.ts'
import { PIPE_DISTANCE, type Distance } from '../output/stdout-kind.ts'

/** A commit that waits for what follows its last line. */
interface Waiting {
  at: Written
  commit: () => void
  keep: () => void
}

/** Commits in the order of the output; each waits for what follows it. */
export class CommitLedger {
  readonly #distance: Distance
  readonly #hostRecords: number
  #waiting: Waiting[] = []
  /** What was accepted when, oldest first, as far as stdout may hold it. */
  #accepted: Written[] = []

  /** `hostRecords` is how many records the host may hold for longer than a cycle; 0 where none does. */
  constructor(distance = PIPE_DISTANCE, hostRecords = 0) {
    this.#distance = distance
    this.#hostRecords = hostRecords
  }

  /** Notes a commit that stands for everything added so far; `keep` is called in its place at the end of a cycle in which it is not reached. */
  note(added: Written, commit: () => void, keep = commit): void {
    this.#waiting.push({ at: { ...added }, commit, keep })
  }

  /** Notes, before all others, a commit of an earlier cycle; `records` were accepted since, and it stays as it is when it is not reached. */
  carry(records: number, commit: () => void): void {
    const at = { bytes: -Infinity, records: -records }
    this.#waiting.push({ at, commit, keep: () => {} })
  }

  /** Makes the commits whose lines are far enough behind what was accepted. */
  release(accepted: Written): void {
    const distance = this.#distance
    if (this.#hostRecords > 0) {
      const read = this.#readOf(accepted)
      this.#releaseWhile(at => this.#isBehind(at, read))
    } else
      this.#releaseWhile(
        ({ bytes, records }) =>
          accepted.bytes >= bytes + distance.bytes &&
          (accepted.records >= records + distance.records ||
            accepted.bytes >= bytes + distance.orBytes),
      )
  }

  /** Ends a cycle whose last line was accepted: what the host may hold is kept open, the rest is committed. */
  end(accepted: Written): void {
    if (this.#hostRecords === 0) return this.releaseAll()
    this.#releaseWhile(at => this.#isBehind(at, accepted))
    for (const { keep } of this.#waiting) keep()
    this.#waiting = []
  }

  /** Makes all commits. */
  releaseAll(): void {
    this.#releaseWhile(() => true)
  }

  #isBehind({ records }: Written, read: Written): boolean {
    return read.records >= records + this.#hostRecords
  }

  // What lies so far behind as stdout may hold must have been read.
  #readOf(accepted: Written): Written {
    const all = this.#accepted
    all.push({ ...accepted })
    const isRead = ({ bytes }: Written): boolean =>
      bytes + this.#distance.bytes <= accepted.bytes
    const first = all.findIndex((_, index) => {
      const next = all[index + 1]
      return next === undefined || !isRead(next)
    })
    this.#accepted = all.slice(first)
    const [read] = this.#accepted
    return read !== undefined && isRead(read) ? read : { bytes: 0, records: 0 }
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

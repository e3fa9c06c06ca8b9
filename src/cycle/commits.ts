// Holds back commits until the host must have read their lines: as much must
// have been accepted after them as stdout and a host can hold. If the host may
// hold more records than a cycle waits for, that many must have been read from
// stdout, and at the end of a cycle the remaining commits are kept open.

import type { Written } from '../output/line-writer.ts'
import { PIPE_DISTANCE, type Distance } from '../output/stdout-kind.ts'

interface Waiting {
  at: Written
  commit: () => void
  keep: () => void
}

/** Commits in the order of the output; each waits for enough output after it. */
export class Commits {
  readonly #distance: Distance
  readonly #hostRecords: number
  #waiting: Waiting[] = []
  /** The accepted amounts, oldest first, as far as stdout may still hold them. */
  readonly #accepted: Written[] = []

  /** `hostRecords` is the number of records that the host may hold beyond a cycle; 0 for none. */
  constructor(distance = PIPE_DISTANCE, hostRecords = 0) {
    this.#distance = distance
    this.#hostRecords = hostRecords
  }

  /** Adds a commit that stands for everything added so far; `keep` is called in its place at the end of a cycle that does not reach it. */
  add(added: Written, commit: () => void, keep = commit): void {
    this.#waiting.push({ at: { ...added }, commit, keep })
  }

  /** Adds, before all others, a commit of an earlier cycle, after which `records` were accepted; if this cycle does not reach it, it stays as it is. */
  carry(records: number, commit: () => void): void {
    const at = { bytes: -Infinity, records: -records }
    this.#waiting.push({ at, commit, keep: () => {} })
  }

  /** Makes the commits whose lines lie far enough behind the accepted amount. */
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

  /** Ends a cycle whose last line was accepted: commits of records that the host may hold are kept open, the others are made. */
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

  // Lines further back than stdout can hold must have been read.
  #readOf(accepted: Written): Written {
    const all = this.#accepted
    all.push({ ...accepted })
    const isRead = (at: Written | undefined): at is Written =>
      at !== undefined && at.bytes + this.#distance.bytes <= accepted.bytes
    while (isRead(all[1])) all.shift()
    return isRead(all[0]) ? all[0] : { bytes: 0, records: 0 }
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

// The commits that wait for the next flush: the fingerprints of a day's objects
// become one entry, so that an object costs eight bytes and no name.

import { encodeFingerprints } from './fingerprint-set.ts'
import type { Entry, Partition } from './cursor-state.ts'

/** Gathers commits until they are written. */
export class PendingCommits {
  #days = new Map<Partition, Map<string, bigint[]>>()
  #newest = new Map<Partition, string>()

  /** Adds an object of a folder's day. */
  add(folder: Partition, day: string, fingerprint: bigint): void {
    const days = this.#days.get(folder) ?? new Map<string, bigint[]>()
    const fingerprints = days.get(day) ?? []
    fingerprints.push(fingerprint)
    this.#days.set(folder, days.set(day, fingerprints))
  }

  /** Records the time of a partition's newest event. */
  recordNewest(folder: Partition, newest: string): void {
    this.#newest.set(folder, newest)
  }

  /** Gives all commits as entries, once. */
  *take(): Generator<Entry> {
    for (const [folder, days] of this.#days)
      for (const [day, fingerprints] of days) {
        const newest = this.#newest.get(folder)
        yield {
          k: 'done',
          id: folder.id,
          day,
          f: encodeFingerprints(fingerprints),
          ...(newest !== undefined && { newest }),
        }
      }
    this.#days.clear()
    this.#newest.clear()
  }
}

// The partitions to list in a cycle, each once, in the order of fairness. Until
// a leaf has answered, only one of its days and its newest are asked for at
// once, so that a hanging leaf cannot take all the turns. If one day and the
// newest failed, the leaf is left alone for the rest of the cycle and reported
// once, so that a failing leaf costs no more LISTs each cycle.

import { leafKey, type Partition, type Leaf } from '../cursor/cursor-state.ts'
import type { ListingResult } from './listing-result.ts'
import { isListFailed } from './refused-leaves.ts'
import { byFairness, type DuePartition } from './window.ts'

const keyOf = ({ prefix, layout }: Leaf): string => leafKey(prefix, layout)

/** The state of a leaf in this cycle, by the prefixes of its days, which sort like the days. */
interface Asked {
  newest: string
  running: Set<string>
  failed: Set<string>
  /** The partitions whose listing has ended, in any way. */
  done: Set<string>
  isRead: boolean
}

export class DueQueue {
  readonly #planned = new Set<Partition>()
  /** Sorted so that the next one is last. */
  readonly #queue: DuePartition[] = []
  #isSorted = true
  readonly #asked = new Map<string, Asked>()

  /** Adds a partition, or marks it as taken; a partition that was planned before stays as it is. */
  plan(due: DuePartition, isTaken = false): void {
    const { partition, leaf } = due
    if (this.#planned.has(partition)) return
    this.#planned.add(partition)
    const asked = this.#of(leaf)
    if (partition.prefix > asked.newest) asked.newest = partition.prefix
    if (isTaken) {
      asked.running.add(partition.prefix)
      return
    }
    this.#queue.push(due)
    this.#isSorted = false
  }

  /** Tells whether a partition is listed in this cycle, or was. */
  has(folder: Partition): boolean {
    return this.#planned.has(folder)
  }

  /** Takes the next partition to list, undefined if none may start now. With `random` (numbers from 0 to below 1) it prefers a random partition of a leaf that was not asked yet. */
  take(random?: () => number): DuePartition | undefined {
    if (!this.#isSorted) this.#queue.sort((a, b) => byFairness(b, a))
    this.#isSorted = true
    const at =
      (random && this.#drawn(random)) ??
      this.#queue.findLastIndex(due => this.#mayStart(due))
    const [due] = at < 0 ? [] : this.#queue.splice(at, 1)
    if (due) this.#of(due.leaf).running.add(due.partition.prefix)
    return due
  }

  /** Records how the listing of a taken partition ended, if there was one; tells whether its error is to be reported. */
  settle({ partition, leaf }: DuePartition, result?: ListingResult): boolean {
    const asked = this.#of(leaf)
    asked.running.delete(partition.prefix)
    asked.done.add(partition.prefix)
    if (result === undefined) return false
    const { error, complete } = result
    const isListed = error === undefined || complete
    asked.isRead ||= isListed
    if (isListed || !isListFailed(error)) return error !== undefined
    asked.failed.add(partition.prefix)
    return asked.failed.size === 1
  }

  #of(leaf: Leaf): Asked {
    const key = keyOf(leaf)
    const known = this.#asked.get(key)
    if (known) return known
    const asked: Asked = {
      newest: '',
      running: new Set(),
      failed: new Set(),
      done: new Set(),
      isRead: false,
    }
    this.#asked.set(key, asked)
    return asked
  }

  #drawn(random: () => number): number | undefined {
    const places = [...this.#queue.keys()].filter(at => {
      const due = this.#queue[at]
      const asked = due && this.#of(due.leaf)
      return asked && asked.running.size + asked.done.size === 0
    })
    return places[Math.floor(random() * places.length)]
  }

  // The newest day shows whether the leaf fails, or only its other day.
  #mayStart({ partition, leaf }: DuePartition): boolean {
    const { newest, running, failed, done, isRead } = this.#of(leaf)
    if (failed.size > 1 && failed.has(newest)) return false
    if (partition.prefix === newest) return true
    if (failed.size > 0 && !done.has(newest)) return false
    return isRead || running.size === (running.has(newest) ? 1 : 0)
  }
}

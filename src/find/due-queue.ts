// What is to be listed in a cycle, each folder once, in the order of fairness.
// Until a leaf has answered, one of its days and its newest are asked for at
// once: one that hangs must not take all the turns. A leaf of which one day and
// the newest failed is left alone for the rest of the cycle, and told of once:
// one that fails for ever must not cost ever more LISTs.

import { leafKey, type Folder, type Leaf } from '../cursor/cursor-state.ts'
import type { ListingResult } from './listing-result.ts'
import { isListFailed } from './refused-leaves.ts'
import { byFairness, type DuePartition } from './window.ts'

const keyOf = ({ prefix, layout }: Leaf): string => leafKey(prefix, layout)

/** What is known of a leaf in this cycle, by the folders of its days, which sort as the days do. */
interface Asked {
  newest: string
  running: Set<string>
  failed: Set<string>
  /** Those whose listing has ended, however it did. */
  done: Set<string>
  isRead: boolean
}

export class DueQueue {
  readonly #planned = new Set<Folder>()
  /** The next lies at the end, once it is sorted. */
  readonly #queue: DuePartition[] = []
  #isSorted = true
  readonly #asked = new Map<string, Asked>()

  /** Puts a folder in its place, or has it count as taken; one that was planned before stays where it is. */
  plan(due: DuePartition, isTaken = false): void {
    const { folder, leaf } = due
    if (this.#planned.has(folder)) return
    this.#planned.add(folder)
    const asked = this.#of(leaf)
    if (folder.prefix > asked.newest) asked.newest = folder.prefix
    if (isTaken) {
      asked.running.add(folder.prefix)
      return
    }
    this.#queue.push(due)
    this.#isSorted = false
  }

  /** Tells whether a folder is listed in this cycle, or was. */
  has(folder: Folder): boolean {
    return this.#planned.has(folder)
  }

  /** Takes what is to be listed next, undefined when nothing may be for now; with `random`, which gives numbers from 0 to below 1, a folder by lot of the leaves that were not asked yet, if there are any. */
  take(random?: () => number): DuePartition | undefined {
    if (!this.#isSorted) this.#queue.sort((a, b) => byFairness(b, a))
    this.#isSorted = true
    const at =
      (random && this.#drawn(random)) ??
      this.#queue.findLastIndex(due => this.#mayStart(due))
    const [due] = at < 0 ? [] : this.#queue.splice(at, 1)
    if (due) this.#of(due.leaf).running.add(due.folder.prefix)
    return due
  }

  /** Notes how the listing of a folder that was taken ended, if there was one; tells whether its error is to be reported. */
  settle({ folder, leaf }: DuePartition, result?: ListingResult): boolean {
    const asked = this.#of(leaf)
    asked.running.delete(folder.prefix)
    asked.done.add(folder.prefix)
    if (result === undefined) return false
    const { error, complete } = result
    const isListed = error === undefined || complete
    asked.isRead ||= isListed
    if (isListed || !isListFailed(error)) return error !== undefined
    asked.failed.add(folder.prefix)
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

  // The newest tells whether the leaf fails, or only another day of it.
  #mayStart({ folder, leaf }: DuePartition): boolean {
    const { newest, running, failed, done, isRead } = this.#of(leaf)
    if (failed.size > 1 && failed.has(newest)) return false
    if (folder.prefix === newest) return true
    if (failed.size > 0 && !done.has(newest)) return false
    return isRead || running.size === (running.has(newest) ? 1 : 0)
  }
}

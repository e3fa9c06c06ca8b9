// What is to be listed in a cycle, each folder once, in the order of fairness.
// A leaf of which one day and the newest were refused is left alone for the
// rest of the cycle, and told of once: a leaf that is refused for ever must
// not cost ever more LISTs.

import { leafKey, type Leaf } from '../cursor/cursor-state.ts'
import { isListRefused } from './refused-leaves.ts'
import { byFairness, type DuePartition } from './window.ts'

const keyOf = ({ prefix, layout }: Leaf): string => leafKey(prefix, layout)

export class DueQueue {
  readonly #planned = new Set<DuePartition['folder']>()
  /** The next lies at the end, once it is sorted. */
  readonly #queue: DuePartition[] = []
  #isSorted = true
  /** The days refused in this cycle, by leaf. */
  readonly #refused = new Map<string, Set<string>>()
  readonly #newest = new Map<string, string>()

  /** Puts a folder in its place, or has it count as taken; one that was planned before stays where it is. */
  plan(due: DuePartition, isTaken = false): void {
    const { folder, leaf } = due
    if (this.#planned.has(folder)) return
    this.#planned.add(folder)
    const newest = this.#newest.get(keyOf(leaf)) ?? ''
    if (folder.day > newest) this.#newest.set(keyOf(leaf), folder.day)
    if (isTaken) return
    this.#queue.push(due)
    this.#isSorted = false
  }

  /** Takes what is to be listed next; undefined when nothing is left. */
  take(): DuePartition | undefined {
    if (!this.#isSorted) this.#queue.sort((a, b) => byFairness(b, a))
    this.#isSorted = true
    for (;;) {
      const due = this.#queue.pop()
      if (due === undefined || !this.#isLeftAlone(due.leaf)) return due
    }
  }

  /** Notes what kept a folder from being listed; tells whether it is to be reported. */
  fail({ folder, leaf }: DuePartition, error: unknown): boolean {
    if (!isListRefused(error)) return true
    const days = this.#refused.get(keyOf(leaf)) ?? new Set()
    this.#refused.set(keyOf(leaf), days.add(folder.day))
    this.#hastenNewest(leaf)
    return days.size === 1
  }

  #isLeftAlone(leaf: Leaf): boolean {
    const days = this.#refused.get(keyOf(leaf))
    const newest = this.#newest.get(keyOf(leaf)) ?? ''
    return days !== undefined && days.size > 1 && days.has(newest)
  }

  // It tells whether the leaf or only that day is refused.
  #hastenNewest(leaf: Leaf): void {
    if (!this.#isSorted) return
    const day = this.#newest.get(keyOf(leaf))
    const at = this.#queue.findIndex(
      due => due.folder.day === day && keyOf(due.leaf) === keyOf(leaf),
    )
    if (at >= 0) this.#queue.push(...this.#queue.splice(at, 1))
  }
}

// Judges each cycle of a world by itself: it throws nothing, it does not end
// with success where listings failed, and it prints something where much can
// be read.

import type { Conditions } from './conditions.ts'
import type { Ending, History, Pace } from './history.ts'
import type { WorldCycle } from './world-cycle.ts'
import {
  daysBefore,
  isWhole,
  type Ware,
  type WorldOracle,
} from './world-oracle.ts'
import type { WorldStore } from './world-store.ts'

const MINUTE_MS = 60_000
const SWEEP_MS = 16 * MINUTE_MS
const DISCOVERY_MS = 61 * MINUTE_MS
const RECENT_MS = 360 * MINUTE_MS
// So many cycles after a leap of a clock it is believed again.
const CALM = 5
// A pace at which a cycle has time for everything it needs.
const isQuick = ({ list, get }: Pace): boolean => list <= 50 && get <= 100

export class WorldJudge {
  readonly #history: History
  readonly #oracle: WorldOracle
  readonly #store: WorldStore
  readonly #now: Conditions
  readonly #leaves: { firstAt: number; isMet: boolean }[]
  #calm = CALM
  #lastAt = 0

  constructor(
    history: History,
    oracle: WorldOracle,
    store: WorldStore,
    now: Conditions,
  ) {
    this.#history = history
    this.#oracle = oracle
    this.#store = store
    this.#now = now
    this.#leaves = history.leaves.map(() => ({
      firstAt: Infinity,
      isMet: false,
    }))
  }

  /** Notes an arrival; tells whether its leaf is in scope or was seen before. */
  meets(leaf: number, time: number): boolean {
    const known = this.#leaves[leaf]
    if (known === undefined) return false
    known.firstAt = Math.min(known.firstAt, time)
    if (this.#now.changes.length === 0) return true
    // Each day of a loose leaf is one of its own.
    return known.isMet && this.#history.leaves[leaf]?.filing !== 'loose'
  }

  /** Notes that a clock has leapt. */
  onLeap(): void {
    this.#calm = 0
  }

  /** Begins a cycle at a true time; gives what it must see and can read. */
  begin(time: number, isDateRight: boolean): readonly Ware[] {
    this.#calm = isDateRight ? this.#calm + 1 : 0
    // Between sweeps what sorts before all that is fresh may wait.
    const due = time - this.#lastAt < SWEEP_MS ? [] : this.#due(time)
    this.#lastAt = time
    return due
  }

  /** Judges a cycle; `due` is what it had to see. */
  judge(
    cycle: WorldCycle,
    where: string,
    ending: Ending | undefined,
    pace: Pace,
    due: readonly Ware[],
  ): void {
    const { problems } = this.#oracle
    const { denied } = this.#store
    const { end, error, isCut } = cycle
    const time = this.#lastAt
    if (error !== undefined && ending === undefined)
      problems.push(`${where}: threw ${String(error)}`)
    if (end === undefined || isCut) return
    const { outcome } = end.verdict
    if (outcome === 'done' && denied.lists > 0)
      problems.push(`${where}: done, but ${denied.lists} LISTs failed`)
    const isTroubled = denied.lists + denied.gets.length > 0
    const isChanged = this.#now.changes.length > 0
    if (!isTroubled && !isChanged && end.search.reached) {
      this.#oracle.onWhole(time)
      if (this.#calm >= CALM)
        for (const leaf of this.#leaves)
          if (leaf.firstAt < time - DISCOVERY_MS) leaf.isMet = true
    }
    if (
      due.length > 0 &&
      cycle.taken.length === 0 &&
      isQuick(pace) &&
      denied.lists === 0 &&
      this.#calm >= CALM
    )
      problems.push(
        `${where}: nothing printed, and ${due.length} objects such as ${due[0]?.key ?? ''} could be read`,
      )
  }

  // What any cycle must see and can read: filed under yesterday or today in a leaf that is known.
  #due(time: number): Ware[] {
    if (this.#now.changes.length > 0 || !this.#oracle.isBegun) return []
    const open = [...this.#oracle.wares.values()].filter(
      ware =>
        ware.debt === 'owed' &&
        !isWhole(ware) &&
        ware.times.length > 0 &&
        !ware.isLeftOut,
    )
    const { isRefused, gets } = this.#store.faults
    const canRead = (key: string): boolean =>
      gets === undefined && !isRefused(key) && !this.#now.isCursed(key)
    const readable = open.filter(
      ({ key, leaf, day, arrived, times }) =>
        day >= daysBefore(time, 1) &&
        this.#history.leaves[leaf]?.filing === 'date' &&
        this.#leaves[leaf]?.isMet === true &&
        arrived > time - RECENT_MS &&
        times.every(count => count === 0) &&
        canRead(key),
    )
    return readable.length * 2 > open.length ? readable : []
  }
}

// What holds in a world at a time: settings that were changed, answers that go
// wrong, a Date that is not the true one.

import type { Settings } from '../../../src/settings/settings-table.ts'
import { DAY_MINUTES, type History, type State } from './history.ts'
import { RULES } from './rules.ts'
import { worldSettings } from './world-cycle.ts'
import type { Faults } from './world-store.ts'

const MINUTE_MS = 60_000
const PAGE = 1000
// What it is drawn from may be given up.
const cache = new Map<string, Settings>()

export class Conditions {
  readonly #history: History
  #states: { until: number; state: State }[] = []
  #wrongDays = 0
  #wrongCycles = 0

  constructor(history: History) {
    this.#history = history
  }

  /** Has a state hold until a true time. */
  add(state: State, until: number): void {
    this.#states.push({ state, until })
  }

  /** Has the Date be so many days off in the next cycles. */
  setDate(days: number, cycles: number): void {
    this.#wrongDays = days
    this.#wrongCycles = cycles
  }

  /** Ends all that is not for ever. */
  clear(): void {
    this.#states = []
    this.#wrongCycles = 0
  }

  /** Begins a cycle at a true time; gives by how many ms the Date is off in it. */
  beginCycle(time: number): number {
    this.#states = this.#states.filter(({ until }) => until > time)
    const wrong = this.#wrongCycles-- > 0 ? this.#wrongDays : 0
    return wrong * DAY_MINUTES * MINUTE_MS
  }

  /** The states that hold. */
  get states(): State[] {
    return this.#states.map(({ state }) => state)
  }

  /** The settings that were changed, each NAME=VALUE. */
  get changes(): string[] {
    return this.states.flatMap(state =>
      state.is === 'settings' ? [state.change] : [],
    )
  }

  /** Tells whether a pattern leaves all objects out. */
  get isFiltered(): boolean {
    return this.changes.some(change => change.startsWith('Inclusions'))
  }

  /** How many keys a page holds. */
  get pageSize(): number {
    const pages = this.#last('pages')
    return pages?.size ?? PAGE
  }

  /** The settings of a cycle on a day. */
  settings(day: string): Settings {
    const { MaxCycleMegabytes, ...base } = this.#history.base
    const lines = new Map(
      Object.entries(base).map(([name, value]) => [name, String(value)]),
    )
    for (const change of this.changes) {
      const at = change.indexOf('=')
      const value = change.slice(at + 1)
      lines.set(
        change.slice(0, at),
        value.replace('DAY', day.replaceAll('-', '/')),
      )
    }
    if (!RULES.hosts) lines.delete('HostQueueRecords')
    const text = [...lines]
      .map(([name, value]) => `${name}=${value}\n`)
      .join('')
    const known = cache.get(text) ?? worldSettings(text)
    cache.set(text, known)
    return { ...known, MaxCycleMegabytes }
  }

  /** What is wrong with the answers. */
  faults(): Faults {
    const refused = this.#last('refused')
    const prefixes = (refused?.leaves ?? []).map(
      leaf => this.#history.leaves[leaf]?.prefix ?? '-',
    )
    const tenths = refused?.tenths ?? 0
    const cursed = this.#cursedFolder
    return {
      lists: this.#last('lists')?.fail,
      gets: this.#last('gets')?.fail,
      isRefused: key =>
        tenthOf(`refused ${key}`) < tenths &&
        prefixes.some(prefix => key.startsWith(prefix)),
      isCursed: key => this.isCursed(key),
      isCursedFolder: prefix =>
        cursed !== undefined && prefix.startsWith(cursed),
      pages: this.#last('pages')?.fault ?? 'none',
    }
  }

  /** Tells whether an object, or its leaf, is never answered rightly. */
  isCursed(key: string): boolean {
    const { objects } = this.#history.curses
    if (this.#cursedFolder && key.startsWith(this.#cursedFolder)) return true
    if (objects === undefined) return false
    const prefix = this.#history.leaves[objects.leaf]?.prefix ?? '-'
    return key.startsWith(prefix) && tenthOf(key) < objects.tenths
  }

  get #cursedFolder(): string | undefined {
    const { leaf } = this.#history.curses
    return leaf === undefined ? undefined : this.#history.leaves[leaf]?.prefix
  }

  #last<Is extends State['is']>(
    is: Is,
  ): Extract<State, { is: Is }> | undefined {
    return this.states.findLast(
      (state): state is Extract<State, { is: Is }> => state.is === is,
    )
  }
}

/** Puts a text into one of ten equal parts, 0 to 9. */
function tenthOf(text: string): number {
  let hash = 7
  for (let at = 0; at < text.length; at++)
    hash = (hash * 31 + text.charCodeAt(at)) % 1_000_003
  return hash % 10
}

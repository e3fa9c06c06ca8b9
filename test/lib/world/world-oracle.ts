// What a world may ask of the program, in words of its own: which records are
// owed, which must never come, and when one may come again. It knows days,
// arrivals and what the host took, and nothing of leaves' sets or listings.

import type { BaseSettings } from './history.ts'

const DAY_MS = 86_400_000
// Sets outlive the widest window, whatever the settings.
export const WIDEST_WINDOW = 7
// What a look at older days may be late by: outages, and clocks not believed.
const LOOK_DAYS = 15

/** What is owed of an object: all records, perhaps some, or none ever. */
export type Debt = 'owed' | 'open' | 'never'

/** An object as the oracle knows it. */
export interface Ware {
  key: string
  leaf: number
  /** The day that it is filed under, YYYY-MM-DD. */
  day: string
  arrived: number
  debt: Debt
  /** Its day had left the window when it came. */
  isLate: boolean
  /** A pattern, or a narrower scope, left it out when it came. */
  isLeftOut: boolean
  /** How often the host has each record. */
  times: number[]
  /** Which records may come again. */
  isFree: boolean[]
  /** It was written anew, so that nothing of it is passed over once any of it comes again. */
  isRewritten: boolean
}

/** Gives the UTC day of a time. */
export const dayAt = (time: number): string =>
  new Date(time).toISOString().slice(0, 10)

/** Gives the day so many days before a time. */
export const daysBefore = (time: number, days: number): string =>
  dayAt(time - days * DAY_MS)

export class WorldOracle {
  readonly wares = new Map<string, Ware>()
  readonly problems: string[] = []
  readonly #base: BaseSettings
  /** All that hosts were given, in order. */
  readonly #given: string[] = []
  /** How many of these came before the cycles that were cut last. */
  #sinceWhole = 0
  /** How many of these an earlier host was given. */
  #sinceHost = 0
  /** Days up to this one may be forgotten. */
  #forgotten = ''
  #firstCycle = 0
  #isBegun = false

  constructor(base: BaseSettings) {
    this.#base = base
  }

  /** Notes an object that is stored; `isMet` says that its leaf is in scope and was seen before. */
  arrive(
    { key, leaf, day }: Pick<Ware, 'key' | 'leaf' | 'day'>,
    records: number,
    now: number,
    isMet: boolean,
    isLeftOut: boolean,
  ): void {
    const { NoOfBackDaysData: back, LateArrivalDays: late } = this.#base
    const isLate = day < daysBefore(now, back)
    const isInTime = !isLate || day >= daysBefore(now, back + late - LOOK_DAYS)
    const debt = isInTime && isMet && this.#isBegun ? 'owed' : 'open'
    const times = Array.from({ length: records }, () => 0)
    const isFree = times.map(() => false)
    const ware = { key, leaf, day, arrived: now, debt, isLate, isLeftOut }
    const isRewritten = false
    this.wares.set(key, { ...ware, times, isFree, isRewritten } as Ware)
  }

  /** Notes that the first cycle begins, if none has. */
  begin(now: number): void {
    if (this.#firstCycle === 0) this.#firstCycle = now
  }

  /** Notes the end of the first cycle that saw everything: what is owed of what lay there is now known. */
  onWhole(now: number): void {
    if (this.#isBegun) return
    this.#isBegun = true
    const first = daysBefore(now, this.#base.NoOfBackDaysData)
    const oldest = daysBefore(this.#firstCycle, WIDEST_WINDOW)
    for (const ware of this.wares.values()) {
      if (ware.arrived > this.#firstCycle) continue
      if (ware.day >= first && !ware.isLeftOut) ware.debt = 'owed'
      else if (ware.day < oldest) ware.debt = 'never'
    }
  }

  get isBegun(): boolean {
    return this.#isBegun
  }

  /** Notes an object that was written anew. */
  rewrite(key: string, day: string): void {
    const ware = this.wares.get(key)
    if (ware === undefined) return
    if (ware.debt === 'never') ware.debt = 'open'
    ware.isRewritten = true
    // What was read in part starts anew.
    if (day <= this.#forgotten || !isWhole(ware)) ware.isFree.fill(true)
  }

  /** Notes what may be forgotten of days: sets are kept for so long. */
  keep(now: number, late: number): void {
    const day = daysBefore(now, late + WIDEST_WINDOW)
    if (day > this.#forgotten) this.#forgotten = day
  }

  /** Lets go of what is left out until its day has left the window. */
  release(now: number, late: number, isLeftOut: (ware: Ware) => boolean): void {
    const { NoOfBackDaysData: back } = this.#base
    const first = daysBefore(now, back)
    for (const ware of this.wares.values()) {
      if (ware.debt !== 'owed' || isWhole(ware)) continue
      if (ware.isLate && ware.day < daysBefore(now, back + late))
        ware.debt = 'open'
      if (isLeftOut(ware)) ware.isLeftOut = true
      if (ware.isLeftOut && ware.day < first) ware.debt = 'open'
    }
  }

  /** Notes what the host took in a cycle; `isCut` if the cycle did not come to its end. */
  take(ids: readonly string[], isCut: boolean, where: string): void {
    const inCycle = new Set<string>()
    for (const id of ids) {
      const at = id.lastIndexOf('#')
      const ware = this.wares.get(id.slice(0, at))
      const index = Number(id.slice(at + 1)) - 1
      const before = ware?.times[index]
      if (ware === undefined || before === undefined) {
        this.#say(`${where}: ${id} was never stored`)
        continue
      }
      if (ware.debt === 'never') this.#say(`${where}: ${id} is history`)
      const mayRepeat = ware.isFree[index] || ware.day <= this.#forgotten
      if (inCycle.has(id) || (before > 0 && !mayRepeat))
        this.#say(`${where}: ${id} comes again`)
      inCycle.add(id)
      ware.times[index] = before + 1
      ware.isFree[index] = isCut
    }
    this.#given.push(...ids)
    if (!isCut) this.#sinceWhole = this.#given.length
  }

  /** Lets come again what cycles that were cut last gave, and so many records before them: the program knows of no end after these. */
  doubt(records: number): void {
    for (const id of this.#given.slice(Math.max(0, this.#sinceWhole - records)))
      this.#find(id, (ware, index) => {
        if (ware.isRewritten) ware.isFree.fill(true)
        ware.isFree[index] = true
      })
  }

  /** Notes that the host died with so many of the records that it took last; the next one holds none of them. */
  lose(records: number): void {
    const from = Math.max(this.#sinceHost, this.#given.length - records)
    for (const id of this.#given.slice(from))
      this.#find(id, (ware, index) => {
        ware.times[index] = (ware.times[index] ?? 1) - 1
      })
    this.#sinceHost = this.#given.length
  }

  #find(id: string, change: (ware: Ware, index: number) => void): void {
    const at = id.lastIndexOf('#')
    const ware = this.wares.get(id.slice(0, at))
    if (ware) change(ware, Number(id.slice(at + 1)) - 1)
  }

  /** Lists what is owed and not there. */
  missing(): Ware[] {
    return [...this.wares.values()].filter(
      ware => ware.debt === 'owed' && !isWhole(ware),
    )
  }

  #say(problem: string): void {
    this.problems.push(problem)
  }
}

/** Tells whether the host has all of an object. */
export const isWhole = ({ times }: Ware): boolean =>
  times.every(count => count > 0)

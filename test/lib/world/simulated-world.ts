// Lives through a history, cycle after cycle, and says each difference between
// what the program did and what it promises.

import { Conditions } from './conditions.ts'
import type { Arrival, Ending, History, Pace, WorldEvent } from './history.ts'
import { RULES } from './rules.ts'
import { filedAs } from './filing.ts'
import { runWorldCycle, openCursor, type WorldCycle } from './world-cycle.ts'
import { WorldClock } from './world-clock.ts'
import { WorldDisk } from './world-disk.ts'
import { dayAt, daysBefore, WorldOracle } from './world-oracle.ts'
import { WorldJudge } from './world-judge.ts'
import { WorldStore } from './world-store.ts'

const MINUTE_MS = 60_000
const NO_TIME: Pace = { list: 0, get: 0, batch: 0, decode: 0 }
// Much to decode, and not a record.
const HOLLOW = '{"Records":[]}\n'.repeat(100_000)
// Up to so many records the end of a cycle commits all.
const ALWAYS_HELD = 1100
const QUIET_HOURS = 6
// A cycle that still prints is not counted: a small one takes long to catch up.
const MAX_IDLE = 80

/** Lives through a history; gives what was wrong, nothing if all was well. */
export async function liveThrough(
  history: History,
  log?: (line: string) => void,
): Promise<string[]> {
  const disk = await WorldDisk.make()
  const { random } = Math
  // What is drawn in a cycle is drawn the same each time.
  let state = history.seed + 1
  Math.random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
  try {
    const world = new World(history, disk, log)
    await world.live()
    return world.oracle.problems
  } finally {
    Math.random = random
    disk.remove()
  }
}

class World {
  readonly oracle: WorldOracle
  readonly #history: History
  readonly #disk: WorldDisk
  readonly #clock: WorldClock
  readonly #store: WorldStore
  readonly #log: (line: string) => void
  readonly #now: Conditions
  #host = { boot: 'b', pid: 100, start: '1' }
  #cycles = 0
  readonly #judge: WorldJudge

  constructor(
    history: History,
    disk: WorldDisk,
    log: (line: string) => void = () => {},
  ) {
    this.#history = history
    this.#disk = disk
    this.#log = log
    this.#clock = new WorldClock(history.began)
    this.oracle = new WorldOracle(history.base)
    this.#now = new Conditions(history)
    this.#store = new WorldStore(this.#now.faults())
    this.#judge = new WorldJudge(history, this.oracle, this.#store, this.#now)
  }

  async live(): Promise<void> {
    for (const event of this.#history.events) {
      this.#clock.goTo(this.#history.began + event.at * MINUTE_MS)
      await this.#happen(event)
      if (this.oracle.problems.length > 0) return
    }
    await this.#calmDown()
  }

  async #happen(event: WorldEvent): Promise<void> {
    const { time } = this.#clock
    switch (event.do) {
      case 'arrive':
        return this.#arrive(event, event.at === 0)
      case 'cycle':
        await this.#cycle(event.pace, event.ending)
        return
      case 'during':
        this.#now.add(event.state, time + event.minutes * MINUTE_MS)
        return
      case 'wrongDate':
        this.#now.setDate(event.days, event.cycles)
        return
      case 'step':
        this.#clock.wallOffset += event.hours * 60 * MINUTE_MS
        this.#judge.onLeap()
        return
      case 'reencrypt':
        return this.#reencrypt(event.leaf, event.days)
      case 'hostDies':
        return this.#newHost()
    }
  }

  // Everything is well again, but for what is cursed, and nothing arrives.
  async #calmDown(): Promise<void> {
    this.#now.clear()
    let quiet = 0
    for (let idle = 0; idle < MAX_IDLE;) {
      this.#clock.goTo(this.#clock.time + QUIET_HOURS * 60 * MINUTE_MS)
      const { taken } = await this.#cycle(NO_TIME)
      if (this.oracle.problems.length > 0) return
      quiet = taken.length === 0 ? quiet + 1 : 0
      if (taken.length === 0) idle++
      const missing = this.oracle
        .missing()
        .filter(({ key }) => !this.#now.isCursed(key))
      if (missing.length === 0 && quiet > 2) return this.#expectNamed()
    }
    for (const { key, times } of this.oracle.missing())
      if (!this.#now.isCursed(key))
        this.oracle.problems.push(`missing: ${key} has ${times.join('')}`)
  }

  // What can never be read is named for ever.
  async #expectNamed(): Promise<void> {
    const cursor = await openCursor(this.#disk, true)
    const named = new Set(cursor.state.failed.keys())
    await cursor.close()
    for (const { key, leaf } of this.oracle.missing())
      if (!named.has(key) && leaf !== this.#history.curses.leaf)
        this.oracle.problems.push(`${key} can never be read and is in no list`)
  }

  #arrive(arrival: Arrival, isEarly: boolean): void {
    const { time } = this.#clock
    const leaf = this.#history.leaves[arrival.leaf]
    if (leaf === undefined) return
    const { key, day, modified } = filedAs(leaf, arrival, time, isEarly)
    if (this.oracle.wares.has(key)) return
    const Records = Array.from({ length: arrival.records }, (_, index) => ({
      eventID: `${arrival.name}-${index + 1}`,
      requestParameters: 'x'.repeat(arrival.padding),
    }))
    const body = arrival.records === 0 ? HOLLOW : JSON.stringify({ Records })
    this.#store.bucket.put(key, modified, body)
    const isMet = this.#judge.meets(arrival.leaf, time)
    const ware = { key, leaf: arrival.leaf, day }
    this.oracle.arrive(ware, arrival.records, time, isMet, this.#now.isFiltered)
  }

  #reencrypt(index: number, days: number): void {
    const { time } = this.#clock
    const { bucket } = this.#store
    for (const { key, leaf, day } of this.oracle.wares.values()) {
      if (leaf !== index || day < daysBefore(time, days)) continue
      bucket.rewrite(key, time)
      this.oracle.rewrite(key, day)
    }
  }

  #newHost(): void {
    this.#host = { ...this.#host, pid: this.#host.pid + 1 }
    this.oracle.doubt(this.#held)
    this.oracle.lose(this.#held)
  }

  // How many records a host may lose.
  get #held(): number {
    const { HostQueueRecords: held } = this.#history.base
    return RULES.hosts && held > ALWAYS_HELD ? held : 0
  }

  async #cycle(pace: Pace, ending?: Ending): Promise<WorldCycle> {
    const { time } = this.#clock
    const dateOff = this.#now.beginCycle(time)
    const settings = this.#now.settings(dayAt(time))
    this.#store.faults = this.#now.faults()
    this.#store.denied = { lists: 0, gets: [] }
    this.#store.bucket.pageSize = this.#now.pageSize
    const storeTime = (): number => this.#clock.time + dateOff
    this.oracle.begin(time)
    this.oracle.release(
      time,
      settings.LateArrivalDays,
      () => this.#now.isFiltered,
    )
    const due = this.#judge.begin(time, dateOff === 0)
    const cycle = await runWorldCycle(
      {
        settings,
        store: this.#store,
        clock: this.#clock,
        disk: this.#disk,
        storeTime,
        host: this.#host,
      },
      pace,
      ending,
    )
    const where = `cycle ${++this.#cycles} at ${new Date(time).toISOString().slice(0, 16)}`
    this.#log(
      [
        where,
        ending && JSON.stringify(ending),
        dateOff && `Date ${dateOff}`,
        this.#clock.wallOffset && `wall ${this.#clock.wallOffset}`,
        JSON.stringify(this.#now.states),
        '->',
        cycle.end?.verdict.outcome ?? String(cycle.error),
        cycle.end?.verdict.reason,
        ...cycle.taken,
      ].join(' '),
    )
    this.oracle.take(cycle.taken, cycle.isCut, where)
    this.oracle.keep(
      Math.min(storeTime(), this.#clock.now()),
      settings.LateArrivalDays,
    )
    if (cycle.isCut) this.oracle.doubt(this.#held)
    if (ending?.how === 'hostGone' && cycle.isCut) this.#newHost()
    this.#judge.judge(cycle, where, ending, pace, due)
    return cycle
  }
}

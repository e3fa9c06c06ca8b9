// Keeps open, over cycles, the records that the host may hold in its memory:
// the last accepted ones are taken, not committed, until enough was accepted
// after them. If the host is another process than the one that took them, or
// the last cycle was stopped, they go back to their committed step. So a host
// that dies with a full queue costs repeats and no gap.

import type { Cursor } from '../cursor/cursor.ts'
import { stepsDone, type FoundObject } from '../cursor/failed-objects.ts'
import {
  NO_STEPS,
  stepsOf,
  type Steps,
  type TakenObject,
} from '../cursor/kept-objects.ts'
import {
  commitTaken,
  queueTaken,
  takenRecords,
} from '../cursor/taken-objects.ts'
import { PIPE_DISTANCE, type Distance } from '../output/stdout-kind.ts'
import type { Report } from '../report/report.ts'
import { isSameVersion } from '../s3/etag.ts'
import type { Commits } from './commits.ts'
import {
  isSameHost,
  secondsSinceBoot,
  type findHost,
  type Host,
} from './host.ts'

const CHANGES_TO_WARN = 2
// Decoding a larger object again takes too long to go back to an arbitrary
// record.
const LARGE_BYTES = 8 * 1024 * 1024

/** A step of an object that was printed. */
export interface EmittedStep {
  found: Pick<FoundObject, 'key' | 'folder' | 'day' | 'modified' | 'size'>
  etag: string
  size: number
  whole: boolean
  newest: string
  steps: Steps
}

/** Gives the number of records that the host may hold over cycles: HostQueueRecords, or 0 if the distance within a cycle suffices. */
export function heldRecords(
  { HostQueueRecords }: { HostQueueRecords: number },
  distance: Distance,
): number {
  const isMore = HostQueueRecords > distance.records && distance.records > 0
  return isMore ? HostQueueRecords : 0
}

interface Meeting {
  cursor: Cursor
  s3Clock: { now(): number }
  report: Report
}

/** Meets the host, which may hold so many records, at the start of a cycle: records it may have lost are queued again, and those it still holds wait in the commits before all others. */
export function meetHost(
  { cursor, s3Clock, report }: Meeting,
  held: number,
  cycle: number,
  commits: Commits,
  find: typeof findHost,
): HostMemory {
  const memory = new HostMemory(cursor, cycle, held)
  if (!memory.matters) return memory
  memory.meet(find(cursor.state.host), s3Clock.now(), report)
  memory.carryTo(commits)
  return memory
}

/** The host of a cycle, and the records it may hold. */
export class HostMemory {
  readonly #cursor: Cursor
  readonly #cycle: number
  readonly #limit: number
  readonly #objects: Map<string, TakenObject>
  readonly #changed = new Set<string>()

  /** `limit` is the number of records the host may hold, 0 for none over cycles. */
  constructor(cursor: Cursor, cycle: number, limit: number) {
    this.#cursor = cursor
    this.#cycle = cycle
    this.#limit = limit
    this.#objects = new Map(cursor.state.taken)
  }

  /** Tells whether the host matters to this cycle. */
  get matters(): boolean {
    return this.#limit > 0 || this.#objects.size > 0
  }

  /** Meets the host: takes back the records that another host, or one whose last cycle was stopped, may have lost. `now` is S3's time in ms since 1970. */
  meet(host: Host, now: number, report: Report): void {
    const { state } = this.#cursor
    const last = state.host
    const isOther = last.cycle > 0 && !isSameHost(host, last)
    const wasStopped = last.cycle > state.cycle.number
    const again = new Set(isOther ? [] : last.again)
    let objects = 0
    const before = takenRecords(state)
    if (isOther || wasStopped)
      for (const object of state.taken.values()) {
        if (again.has(object.key)) continue
        queueTaken(this.#cursor, object, this.#cycle, now)
        this.#objects.delete(object.key)
        if (!isOther) again.add(object.key)
        objects++
      }
    const changes = isOther ? last.changes + 1 : 0
    const isNew = last.start !== host.start || last.cycle === 0
    if (isOther || isNew || objects > 0 || last.changes !== changes)
      this.#cursor.record({
        k: 'host',
        ...last,
        ...host,
        uptime: secondsSinceBoot(),
        changes,
        again: [...again].filter(key => isOpen(state, key)),
      })
    if (objects > 0) {
      const records = before - takenRecords(state)
      const why = isOther
        ? 'another host reads the output'
        : 'the last cycle was stopped'
      report.info(
        'taken_again',
        `${why}: ${records} records that it may have lost are printed again`,
        { objects, records },
      )
    }
    if (changes >= CHANGES_TO_WARN)
      report.warn(
        'host_changes',
        `each of the last ${changes + 1} cycles had another host, so up to HostQueueRecords records come again in each; let one process that stays start this program and read its output, or set HostQueueRecords to ${PIPE_DISTANCE.records}`,
      )
  }

  /** Adds the commits of the taken steps to a cycle's commits, before any other. */
  carryTo(commits: Commits): void {
    const { records } = this.#cursor.state.host
    const waiting = [...this.#objects.values()].flatMap(({ key, steps }) =>
      steps.map(({ at }) => ({ key, at })),
    )
    for (const { key, at } of waiting.toSorted((a, b) => a.at - b.at))
      commits.carry(records - at, () => this.#release(key))
  }

  /** Records, durably, that this cycle gives the host records; until its end is recorded it counts as stopped. */
  async begin(): Promise<void> {
    if (this.#limit === 0) return
    const { host } = this.#cursor.state
    this.#cursor.record({ k: 'host', ...host, cycle: this.#cycle })
    await this.#cursor.flush()
  }

  /** Tells whether the host may hold records of an object. */
  holds(key: string): boolean {
    return this.#objects.has(key)
  }

  /** Keeps a step open whose last record was the `added`-th of this cycle; must come before the step itself is recorded. */
  keep(added: number, step: EmittedStep): void {
    const { found, etag, size, whole, newest, steps } = step
    const { key, folder, day, modified } = found
    const known = this.#objects.get(key)
    const before = known && isSameVersion(known.etag, etag) ? known : undefined
    const at = this.#cursor.state.host.records + added
    this.#objects.set(key, {
      key,
      etag,
      size,
      listed: found.size,
      folder: folder.prefix,
      folderDay: folder.day,
      day,
      modified,
      newest,
      whole,
      committed: before?.committed ?? stepsDone(this.#cursor, key, etag),
      steps: [...(before?.steps ?? []), { at, ...steps }],
    })
    this.#changed.add(key)
  }

  /** Records the open steps at the end of a cycle in which so many records were accepted. */
  end(accepted: number): void {
    if (!this.matters) return
    const { host } = this.#cursor.state
    const records = host.records + accepted
    const safe = records - this.#limit
    for (const object of this.#objects.values()) {
      const committed = committedUpTo(safe, object)
      if (committed.records > object.committed.records)
        this.#changed.add(object.key)
      if (this.#changed.has(object.key))
        this.#cursor.record({ k: 'taken', ...object, committed })
    }
    if (accepted > 0)
      this.#cursor.record({
        k: 'host',
        ...host,
        uptime: secondsSinceBoot(),
        records,
      })
  }

  #release(key: string): void {
    const object = this.#objects.get(key)
    const [first, ...steps] = object?.steps ?? []
    if (object === undefined || first === undefined) return
    if (steps.length > 0) {
      this.#objects.set(key, { ...object, committed: stepsOf(first), steps })
      this.#changed.add(key)
      return
    }
    this.#objects.delete(key)
    commitTaken(this.#cursor, object)
  }
}

// The records of a step follow one another, so each is known by its running
// number.
function committedUpTo(
  safe: number,
  { committed, steps: [first], size }: TakenObject,
): Steps {
  if (first === undefined || size > LARGE_BYTES) return committed
  const records = first.records - (first.at - safe)
  return records > committed.records ? { ...NO_STEPS, records } : committed
}

// Only taken objects and those waiting to be collected again matter.
const isOpen = (
  { taken, failed, partial }: Cursor['state'],
  key: string,
): boolean => taken.has(key) || failed.has(key) || partial.has(key)

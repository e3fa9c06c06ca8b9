// The shelf of the quarantine in a cycle; which objects are quarantined is
// decided in cursor/failed-objects.ts. Once a day the shelved objects that were
// refused or unreachable are tried again, a thousand at a time, since the cause
// may be mended without any notice; the next thousand follow at once if one was
// read. New ones beyond the thousand kept in full are shelved within the cycle.

import type { Cursor } from '../cursor/cursor.ts'
import type { FailedObject } from '../cursor/kept-objects.ts'
import {
  ABSENT,
  MAX_IN_FULL,
  shelve,
  shelvedObjects,
  shelveSurplus,
  takeOff,
  unshelve,
} from '../cursor/shelve.ts'
import { DAY_MS } from '../find/day-folders.ts'
import { isRefusedLongAgo, MAX_REFUSED } from '../find/due-retries.ts'

// An object that is gone from the bucket is not listed again.
const ABSENT_DAYS = 30
// The number written at once, and the number of such groups that may wait for
// the disk.
const BATCH = 1000
const MAX_BATCHES = 2

interface Waiting {
  object: FailedObject
  onShelved(): void
}

/** The quarantine of a cycle. */
export class Quarantine {
  readonly #cursor: Cursor
  /** The keys of the refused objects that are tried in this cycle. */
  readonly #again: readonly string[]
  #waiting: Waiting[] = []
  #writing = Promise.resolve()
  #batches = 0
  #fault: { error: unknown } | undefined

  private constructor(cursor: Cursor, again: readonly string[]) {
    this.#cursor = cursor
    this.#again = again
  }

  /** Adds the shelved objects that are due to the retries of a cycle that begins at `now`, in ms since 1970; throws CursorError. */
  static async open(cursor: Cursor, now: number): Promise<Quarantine> {
    const { shelf, failed } = cursor.state
    const { refused, absent, tried } = shelf.note
    // Clocks may step back.
    const isDue = Math.abs(now - tried) >= DAY_MS
    const back = isDue && refused + absent > 0 ? await choose(cursor, now) : []
    const inFull = [...failed.values()].filter(
      one => one.quarantined && isRefusedLongAgo(one, now),
    )
    unshelve(cursor, back)
    return new Quarantine(
      cursor,
      [...inFull, ...back].map(({ key }) => key),
    )
  }

  /** Takes an object that becomes quarantined and has no printed records, if a thousand are kept in full already: it is shelved at once, and pending until then. False if it must be recorded in full. */
  takes(object: FailedObject, onShelved: () => void): boolean {
    const { failed, waiting } = this.#cursor.state
    const isKept = failed.get(object.key)?.quarantined === true
    if (!object.quarantined || object.records > 0 || isKept) return false
    if (failed.size - waiting < MAX_IN_FULL) return false
    if (this.#fault) return true
    this.#waiting.push({ object, onShelved })
    if (this.#waiting.length >= BATCH) void this.#shelve()
    return true
  }

  /** Waits while many objects are being written. */
  async room(): Promise<void> {
    if (this.#batches > MAX_BATCHES) await this.#writing
  }

  /** Shelves all taken objects; those that could not be written stay pending, and `close` throws the reason. */
  settle(): Promise<void> {
    return this.#shelve()
  }

  /** Waits for the write in progress. */
  written(): Promise<void> {
    return this.#writing
  }

  /** Ends the quarantine of a cycle: objects in full beyond the thousand are shelved. Throws CursorError. */
  async close(): Promise<void> {
    await this.#writing
    if (this.#fault) throw this.#fault.error
    const { shelf, failed } = this.#cursor.state
    const isAnyRead = this.#again.some(
      key => !failed.has(key) && !shelf.has(key),
    )
    if (isAnyRead) this.#cursor.record({ k: 'shelf', ...shelf.note, tried: 0 })
    await shelveSurplus(this.#cursor)
    await this.#cursor.flush()
  }

  #shelve(): Promise<void> {
    const batch = this.#waiting
    this.#waiting = []
    if (batch.length === 0) return this.#writing
    this.#batches++
    this.#writing = this.#writing.then(async () => {
      try {
        if (this.#fault) return
        await shelve(
          this.#cursor,
          batch.map(({ object }) => object),
        )
        for (const { onShelved } of batch) onShelved()
      } catch (error) {
        this.#fault = { error }
      } finally {
        this.#batches--
      }
    })
    return this.#writing
  }
}

// The objects at the beginning of the file were tried least recently.
async function choose(cursor: Cursor, now: number): Promise<FailedObject[]> {
  const { shelf } = cursor.state
  const chosen: FailedObject[] = []
  const gone: string[] = []
  let refused = 0
  let absent = 0
  for await (const object of shelvedObjects(cursor)) {
    const age = now - object.at
    if (object.code === ABSENT && age > ABSENT_DAYS * DAY_MS)
      gone.push(object.key)
    else if (object.code === ABSENT) absent++
    else if (isRefusedLongAgo(object, now) && chosen.length < MAX_REFUSED)
      chosen.push(object)
    if (object.refused) refused++
  }
  takeOff(cursor, gone)
  cursor.record({ k: 'shelf', ...shelf.note, refused, absent, tried: now })
  return chosen
}

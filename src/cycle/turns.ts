// Gives objects their turns in the output of a cycle: ready objects first, cut
// objects last. Cut objects get the last quarter of time and bytes, and more of
// the time if an earlier share brought no record, once the cycle has printed
// something. An object without a record for an eighth of the time is cut if
// another waits. A wait for stdout counts for no object's share.

import type { Clock, CycleTime } from '../clock.ts'
import type { Download } from '../fetch/fetch-object.ts'
import { LastWrites } from '../fetch/last-writes.ts'
import type { ReadyObjects } from '../fetch/ready-objects.ts'
import type { Condition } from '../find/queue.ts'
import type { LineWriter } from '../output/line-writer.ts'
import type { CutObjects } from './cut-objects.ts'

const QUARTER = 1 / 4
const EIGHTH = 1 / 8
const LAST = 1 - QUARTER

export interface TurnSources {
  downloads: AsyncGenerator<Download>
  /** The waiting downloads. */
  ready: ReadyObjects<Download>
  cut: CutObjects
  /** Notified by the cut objects. */
  change: Condition
  time: CycleTime
  clock: Pick<Clock, 'sleep'>
  writer: LineWriter
  maxBytes: number
  /** Aborts when the cycle ends. */
  signal: AbortSignal
  /** Ends the cycle's requests. */
  end(): void
}

/** The turn of an object. */
export interface Turn {
  /** Tells whether it must stop. */
  mustStop(hasGained: boolean): boolean
  /** Awaits stdout without counting the wait as used time. */
  waiting(wait: Promise<void>): Promise<void>
  /** The part of the output time that it has used. */
  used(): number
  /** Records that it was cut before it gave a record. */
  recordIdle(): void
}

/** A turn, and the object that has it. */
export interface ObjectTurn extends Turn {
  download: Download
}

export class Turns {
  readonly #context: TurnSources
  #arrived: IteratorResult<Download> | undefined
  #fault: { error: unknown } | undefined

  constructor(context: TurnSources) {
    this.#context = context
  }

  /** Yields the turns of a cycle until nothing is left or the cycle ends; the requests end with it. */
  async *[Symbol.asyncIterator](): AsyncGenerator<ObjectTurn> {
    const { cut, downloads, signal, end, change, writer, clock } = this.#context
    const lastWrites = new LastWrites(signal, clock, () => {
      cut.close()
      change.notify()
    })
    this.#pull()
    try {
      for (;;) {
        if (this.#fault) throw this.#fault.error
        const isLast = this.#arrived?.done === true
        if (cut.next && (isLast || this.#isCutDue(cut.next.share))) {
          const { download, share } = cut.next
          cut.drop()
          writer.takeNext()
          yield this.#cutTurn(download, share)
        } else if (this.#arrived && !this.#arrived.done) {
          yield this.#turn(this.#arrived.value)
          this.#pull()
        } else if (isLast && (!cut.isExpected || lastWrites.isOver)) return
        else await this.#change()
      }
    } finally {
      end()
      await downloads.return(undefined)
      while (cut.isFetching && !lastWrites.isOver) await change.changed()
      lastWrites.stop()
    }
  }

  #pull(): void {
    const { downloads, change } = this.#context
    this.#arrived = undefined
    downloads.next().then(
      result => {
        this.#arrived = result
        change.notify()
      },
      (error: unknown) => {
        this.#fault = { error }
        change.notify()
      },
    )
  }

  // Waits until an object is available, or the time of a cut object has come.
  async #change(): Promise<void> {
    const { cut, change, time, clock } = this.#context
    const changed = change.changed()
    if (!cut.next) return changed
    const early = time.until('emission', 1 - cut.next.share * QUARTER)
    const milliseconds = early > 0 ? early : time.until('emission', LAST)
    const waiting = new AbortController()
    await Promise.race([changed, clock.sleep(milliseconds, waiting.signal)])
    waiting.abort()
  }

  #isCutDue(share: number): boolean {
    const { time, writer } = this.#context
    const isEarly = time.used('emission') >= 1 - share * QUARTER
    return (isEarly && writer.added.records > 0) || this.#isLastQuarter()
  }

  #isLastQuarter(): boolean {
    const { time, writer, maxBytes } = this.#context
    const { bytes } = writer.added
    return time.used('emission') >= LAST || bytes >= maxBytes * LAST
  }

  #turn(download: Download): ObjectTurn {
    const { cut, ready } = this.#context
    const turn = this.#begin(download, hasGained => {
      // If a share begins early, an object that gives records may finish first.
      if (cut.next && hasGained && this.#isLastQuarter()) return true
      if (cut.next && !hasGained && this.#isCutDue(cut.next.share)) return true
      return !hasGained && ready.size > 0 && turn.used() >= EIGHTH
    })
    return turn
  }

  #cutTurn(download: Download, share: number): ObjectTurn {
    const { cut, ready } = this.#context
    const turn = this.#begin(download, () => {
      const waits = ready.size > 0 || this.#arrived?.done === false || cut.next
      return waits !== undefined && waits && turn.used() >= share * QUARTER
    })
    return { ...turn, recordIdle: () => {} }
  }

  #begin(
    download: Download,
    isOver: (hasGained: boolean) => boolean,
  ): ObjectTurn {
    const { time, signal, ready } = this.#context
    let idle = time.used('emission')
    return {
      download,
      used: () => time.used('emission') - idle,
      mustStop: hasGained =>
        signal.aborted || time.isOver('emission') || isOver(hasGained),
      waiting: async wait => {
        const before = time.used('emission')
        await wait
        idle += time.used('emission') - before
      },
      recordIdle: () => ready.noteCut(),
    }
  }
}

// Decides which object a worker downloads next. Half of the workers take the
// oldest object found, a quarter the youngest, a quarter a random one; the
// latter half waits for the listings, or the folder whose page comes first
// would occupy all. Objects that failed before come first at four workers, and
// last at the others: stalled ones can never occupy all. Large objects are
// passed on to workers of their own, which choose alike.

import type { Choice } from '../find/by-age.ts'
import type { Candidate } from '../find/listing-result.ts'
import { AgeQueue, Condition } from '../find/queue.ts'
import type { DownloadLimits } from './download-limits.ts'
import type { Found, Sampling } from './sampling.ts'
import type { Spool } from './spool.ts'

/** The objects to download, and the time to do so. */
export interface WantedObjects {
  /** The objects that failed before; they are taken from this list. */
  retries: Candidate[]
  /** The new objects; it ends when no more will come. */
  found: Found
  /** Resolves once nothing more will be found, or can be before some are started, or is worth waiting for; absent if all have been found. */
  listed?: Promise<unknown>
  /** Tells that no further object may be started, except one new object. */
  isLate(): boolean
  /** No cycle will follow: every large object waits for its turn, however many there are. */
  isLast?: boolean
}

/** The choice of each worker, by its number. */
const CHOICES: readonly Choice[] = ['oldest', 'youngest', 'oldest', 'random']
const RETRYING_FIRST = 4
// The large objects beyond this number are found again in the next cycle.
const MAX_QUEUED_LARGE = 100

/** Gives the workers their objects, and counts those being downloaded. */
export class NextDownload {
  /** The number of objects being downloaded. */
  running = 0
  readonly #wanted: WantedObjects
  readonly #sampling: Sampling
  readonly #limits: DownloadLimits
  readonly #spool: Pick<Spool, 'isUnwritable'>
  /** In the order in which they were passed on. */
  readonly #large = new AgeQueue<Candidate>(MAX_QUEUED_LARGE, () => 0)
  readonly #change = new Condition()
  #hasStartedNew = false
  #isOver = false

  constructor(
    wanted: WantedObjects,
    sampling: Sampling,
    limits: DownloadLimits,
    spool: Pick<Spool, 'isUnwritable'>,
  ) {
    this.#wanted = wanted
    this.#sampling = sampling
    this.#limits = limits
    this.#spool = spool
  }

  /** Gives a worker the small object that it starts, once the limits allow it; undefined if it starts no more. */
  async small(worker: number): Promise<Candidate | undefined> {
    const { retries, isLast } = this.#wanted
    const choice = choiceOf(worker)
    for (;;) {
      const first = worker < RETRYING_FIRST ? retries.shift() : undefined
      const next =
        first ?? this.#sampling.next() ?? (await this.#takeFound(choice))
      if (next === undefined && this.#mayFindMore) {
        await this.#change.changed()
        continue
      }
      const candidate = next ?? retries.shift()
      if (candidate === undefined) return undefined
      if (this.#limits.isLarge(candidate)) {
        if (isLast || !this.#large.isFull) await this.#large.push([candidate])
        continue
      }
      await this.#limits.enter(candidate)
      const isAdmitted = this.#admits(candidate)
      if (isAdmitted && this.#start(candidate, choice)) return candidate
      this.#limits.leave(candidate)
      if (isAdmitted) return undefined
    }
  }

  /** Gives a worker the large object that it starts, as small() does. */
  async large(worker: number): Promise<Candidate | undefined> {
    const choice = choiceOf(worker)
    for (;;) {
      await this.#limits.enter()
      const candidate = await this.#large.take(choice)
      const isAdmitted =
        candidate && !this.#spool.isUnwritable && this.#admits(candidate)
      if (isAdmitted && this.#start(candidate, choice)) {
        this.#limits.fillLarge()
        return candidate
      }
      this.#limits.freeLarge()
      if (candidate === undefined || isAdmitted) return undefined
    }
  }

  /** Notes that an object was downloaded, or that its download failed. */
  onEnd(candidate: Candidate): void {
    this.running--
    this.#sampling.onEnd(candidate, this.#wanted.found)
    this.#change.notify()
  }

  /** Notes that no worker for small objects is left, so that no large ones will come. */
  endSmall(): void {
    this.#large.close()
  }

  /** Starts no more, and lets no worker wait any longer. */
  end(): void {
    this.#isOver = true
    this.#limits.lift()
    this.#large.close()
    this.#change.notify()
  }

  async #takeFound(choice: Choice): Promise<Candidate | undefined> {
    const { found, listed } = this.#wanted
    if (choice !== 'oldest') await listed
    return found.take(choice)
  }

  // Objects that wait for the answers of others may be found once more.
  get #mayFindMore(): boolean {
    return this.running > 0 && !this.#isOver && this.#sampling.holds
  }

  // A retry is started whatever its folder's other objects gave.
  #admits(candidate: Candidate): boolean {
    return candidate.etag === undefined || this.#sampling.admits(candidate)
  }

  #start(candidate: Candidate, choice: Choice): boolean {
    const isFirst = candidate.etag !== undefined && !this.#hasStartedNew
    if (this.#isOver || (this.#wanted.isLate() && !isFirst)) return false
    this.#hasStartedNew ||= isFirst
    this.running++
    this.#sampling.onStart(candidate, choice)
    return true
  }
}

const choiceOf = (worker: number): Choice =>
  CHOICES[worker % CHOICES.length] ?? 'oldest'

// The cut objects of a cycle: they are fetched into the spool or the memory
// beside all others, and wait for their turn at the cycle's end. The least
// recently served comes first, in fetching too, so that a slow object cannot
// keep the few download places from all others for ever.

import type { Cursor } from '../cursor/cursor.ts'
import { cutState } from '../cursor/cut-state.ts'
import type { CutState } from '../cursor/kept-objects.ts'
import type { Download } from '../fetch/fetch-object.ts'
import type { Candidate } from '../find/listing-result.ts'
import type { Condition } from '../find/queue.ts'

// The limit of cut objects being fetched or fetched; small ones lie in memory.
const AT_HAND = 4

interface CutObject extends CutState {
  candidate: Candidate
}

/** A cut object whose bytes are available, or that failed. */
export interface ReadyCut {
  download: Download
  /** The share of the output time, in quarters. */
  share: number
}

export class CutObjects {
  readonly #cursor: Cursor
  readonly #fetch: (candidate: Candidate) => Promise<Download | undefined>
  readonly #change: Condition
  readonly #found: CutObject[] = []
  readonly #ready: (ReadyCut & CutObject)[] = []
  #fetching = 0
  #isOpen = false

  /** Notifies `change` when another object is available or no more are expected. */
  constructor(
    cursor: Cursor,
    fetch: (candidate: Candidate) => Promise<Download | undefined>,
    change: Condition,
  ) {
    this.#cursor = cursor
    this.#fetch = fetch
    this.#change = change
  }

  /** Takes an object if time has cut it; else false. */
  takes(candidate: Candidate): boolean {
    const state = cutState(this.#cursor, candidate.key)
    if (state === undefined) return false
    const { cut, share } = state
    this.#found.push({ candidate, cut, share })
    this.#found.sort(byService)
    this.#start()
    return true
  }

  /** Begins to fetch the objects found so far, and later ones as they come. */
  open(): void {
    this.#isOpen = true
    this.#start()
    this.#change.notify()
  }

  /** Fetches no more. */
  close(): void {
    this.#found.length = 0
  }

  /** Tells whether an object is still to come. */
  get isExpected(): boolean {
    return this.#fetching > 0 || this.#found.length > 0
  }

  /** Tells whether an object is being fetched. */
  get isFetching(): boolean {
    return this.#fetching > 0
  }

  /** The next available object. */
  get next(): ReadyCut | undefined {
    return this.#ready[0]
  }

  /** Removes the next available object. */
  drop(): void {
    this.#ready.shift()
    this.#start()
  }

  #start(): void {
    while (this.#isOpen && this.#ready.length + this.#fetching < AT_HAND) {
      const one = this.#found.shift()
      if (one === undefined) return
      this.#fetching++
      void this.#bring(one)
    }
  }

  async #bring(one: CutObject): Promise<void> {
    const download = await this.#fetch(one.candidate)
    this.#fetching--
    if (download) this.#ready.push({ ...one, download })
    this.#ready.sort(byService)
    this.#start()
    this.#change.notify()
  }
}

const byService = (a: CutObject, b: CutObject): number =>
  a.cut - b.cut || a.candidate.modified - b.candidate.modified

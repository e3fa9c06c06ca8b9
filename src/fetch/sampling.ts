// Finds readable objects among many that are refused. A folder with ten refused
// new objects and none read gives its oldest, its youngest, those whose turn it
// is and some random ones; until one of these is read, its others wait. Turns
// follow the cycles, so that each object is surely requested again and again.
// While ten were refused and nothing at all was read, few other leaves are
// tried.

import { fingerprint } from '../cursor/fingerprint-set.ts'
import type { Partition } from '../cursor/cursor-state.ts'
import type { Choice } from '../find/by-age.ts'
import type { Candidate } from '../find/listing-result.ts'
import { MAX_FOUND, type AgeQueue } from '../find/queue.ts'

/** The objects that were found and are not yet started. */
export type Found = Pick<AgeQueue<Candidate>, 'take' | 'draw' | 'restore'>

/** Chooses, by the folders that were tried in vain, which others may be tried. */
export type ProbeChooser = (
  tried: Iterable<Partition>,
) => (folder: Partition) => boolean

/** This many refusals without a success say something about untried objects. */
export const ENOUGH = 10
const RANDOMS = 8
const SAMPLE = RANDOMS + 2

type Fate = 'start' | 'wait' | 'leave'

interface Tally {
  refused: number
  isRead: boolean
  /** The number started at random. */
  randoms: number
  isSampled: boolean
  /** The number of objects that could be drawn so far. */
  found: number
  /** The number of its sample without an answer, and the number yet to be found. */
  unanswered: number
  lacking: number
}

/** Decides for each object whether it is started, waits for the answers of others, or is left to the next cycle. */
export class Sampling {
  readonly #chooseProbes: ProbeChooser
  readonly #cycle: number
  readonly #folders = new Map<Partition, Tally>()
  readonly #sample = new Set<Candidate>()
  #drawn: Candidate[] = []
  #waiting: Candidate[] = []
  #mayProbe: ((folder: Partition) => boolean) | undefined
  #refused = 0
  #isAnyRead = false
  #mayRelease = false

  /** The chooser is called once at most; `cycle` is the number of the cycle, which turns follow. */
  constructor(chooseProbes: ProbeChooser = () => () => true, cycle = 0) {
    this.#chooseProbes = chooseProbes
    this.#cycle = cycle
  }

  /** Gives the object to start before all others. */
  next(): Candidate | undefined {
    return this.#drawn.shift()
  }

  /** Tells whether any object waits for the answers of others. */
  get holds(): boolean {
    return this.#waiting.length > 0
  }

  /** Tells whether an object may be started; keeps it if it must wait. */
  admits(candidate: Candidate): boolean {
    const fate = this.#fateOf(candidate)
    // Objects beyond this number are found again in the next cycle.
    if (fate === 'wait' && this.#waiting.length < MAX_FOUND)
      this.#waiting.push(candidate)
    return fate === 'start'
  }

  /** Notes the start of an object, and how it was chosen. */
  onStart({ folder }: Candidate, choice: Choice): void {
    if (choice === 'random') this.#of(folder).randoms++
  }

  /** Notes that S3 gave an object, or named the object's own fault. */
  onRead({ folder }: Candidate): void {
    const tally = this.#of(folder)
    this.#mayRelease ||= !this.#isAnyRead || !tally.isRead
    this.#isAnyRead = true
    tally.isRead = true
  }

  /** Notes that S3 refused a new object. */
  onRefused({ folder }: Candidate): void {
    this.#refused++
    this.#of(folder).refused++
  }

  /** Draws conclusions once an object is finished. */
  onEnd(candidate: Candidate, found: Found): void {
    const { folder } = candidate
    const tally = this.#of(folder)
    if (this.#sample.delete(candidate)) tally.unanswered--
    if (this.#mayRelease) this.#release(found)
    if (tally.refused >= ENOUGH && !tally.isRead && !tally.isSampled)
      this.#draw(folder, tally, found)
    if (this.#refused >= ENOUGH && !this.#isAnyRead)
      this.#mayProbe ??= this.#chooseProbes(this.#folders.keys())
  }

  #fateOf(candidate: Candidate): Fate {
    const { folder } = candidate
    if (this.#sample.has(candidate)) return 'start'
    const tally = this.#folders.get(folder)
    if (tally?.isRead) return 'start'
    if (tally?.isSampled) {
      tally.found++
      const hasTurn = this.#hasTurn(candidate, tally.found)
      if (hasTurn || tally.lacking > 0) {
        if (tally.lacking > 0) tally.lacking--
        this.#addToSample(candidate, tally)
        return 'start'
      }
      return tally.unanswered === 0 ? 'leave' : 'wait'
    }
    const isProbed = this.#isAnyRead || (this.#mayProbe?.(folder) ?? true)
    return isProbed ? 'start' : 'wait'
  }

  #draw(folder: Partition, tally: Tally, found: Found): void {
    const wanted = SAMPLE - Math.min(RANDOMS, tally.randoms)
    const fits = (other: Candidate): boolean => other.folder === folder
    const drawn = found.draw(fits, wanted - 2, (other, count) => {
      tally.found = count
      return this.#hasTurn(other, count)
    })
    tally.isSampled = true
    tally.lacking = Math.max(0, wanted - drawn.length)
    for (const one of drawn) this.#addToSample(one, tally)
    this.#drawn.push(...drawn)
  }

  // About eight of a folder's objects have their turn in a cycle, and each has
  // it once in as many cycles as there are groups; the number of groups is
  // doubled as needed, so that new arrivals do not mix them.
  #hasTurn({ key }: Candidate, count: number): boolean {
    let groups = 1
    while (groups * RANDOMS < count) groups *= 2
    const group = fingerprint(key, 0) & BigInt(groups - 1)
    return Number(group) === this.#cycle % groups
  }

  #addToSample(candidate: Candidate, tally: Tally): void {
    this.#sample.add(candidate)
    tally.unanswered++
  }

  // Objects that must still wait are kept, and those left out are found again.
  #release(found: Found): void {
    this.#mayRelease = false
    const waiting = this.#waiting
    this.#waiting = []
    if (waiting.length > 0)
      found.restore(waiting.filter(candidate => this.admits(candidate)))
  }

  #of(folder: Partition): Tally {
    let tally = this.#folders.get(folder)
    if (tally === undefined) {
      const none = { refused: 0, randoms: 0, found: 0, unanswered: 0 }
      tally = { ...none, lacking: 0, isSampled: false, isRead: false }
      this.#folders.set(folder, tally)
    }
    return tally
  }
}

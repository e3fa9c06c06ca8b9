// Finds what can be read among much that is refused. A folder of which ten new
// objects were refused and none was read gives its oldest, its youngest, those
// whose turn it is and some at random; until one of these is read, its others
// wait. Turns go by cycles, so that each object is surely asked for again and
// again. While ten were refused and nothing at all was read, few other leaves
// are asked.

import { fingerprint } from '../cursor/fingerprint-set.ts'
import type { Partition } from '../cursor/cursor-state.ts'
import type { Candidate } from '../find/listing-result.ts'
import type { AgeQueue, Choice } from '../find/queue.ts'

/** What was found and is not yet started. */
export type Found = Pick<AgeQueue<Candidate>, 'take' | 'draw' | 'restore'>

/** Chooses, by the folders that were tried in vain, which others may be tried. */
export type ProbeChooser = (
  tried: Iterable<Partition>,
) => (folder: Partition) => boolean

/** So many refusals, and no success, say something of those not tried. */
export const ENOUGH = 10
const RANDOMS = 8
const SAMPLE = RANDOMS + 2
// As many as the queue holds; what is more is found again in the next cycle.
const MAX_WAITING = 5000

type Fate = 'start' | 'wait' | 'leave'

interface Tally {
  refused: number
  isRead: boolean
  /** How many were started at random. */
  randoms: number
  isSampled: boolean
  /** How many could have been drawn so far. */
  found: number
  /** How many of its sample are not answered, and how many are yet to be found. */
  unanswered: number
  lacking: number
}

/** Decides, object by object, what is started, what waits for the answers of others, and what is left to the next cycle. */
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

  /** The chooser is asked once at most; `cycle` is the number of the cycle, by which turns go. */
  constructor(chooseProbes: ProbeChooser = () => () => true, cycle = 0) {
    this.#chooseProbes = chooseProbes
    this.#cycle = cycle
  }

  /** Gives what is to be started before all else. */
  next(): Candidate | undefined {
    return this.#drawn.shift()
  }

  /** Tells whether anything waits for the answers of others. */
  get holds(): boolean {
    return this.#waiting.length > 0
  }

  /** Tells whether an object is to be started; keeps it if it is to wait. */
  admits(candidate: Candidate): boolean {
    const fate = this.#fateOf(candidate)
    if (fate === 'wait' && this.#waiting.length < MAX_WAITING)
      this.#waiting.push(candidate)
    return fate === 'start'
  }

  /** Notes that an object is started, and how it was chosen. */
  onStart({ folder }: Candidate, choice: Choice): void {
    if (choice === 'random') this.#of(folder).randoms++
  }

  /** Notes that S3 gave an object, or said what is wrong with it. */
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

  /** Draws conclusions once an object has come to its end. */
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

  // Some eight of so many have their turn in a cycle, and each has it once in
  // as many cycles as there are groups; as these are doubled, new arrivals do
  // not mix them.
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

  // What is still to wait is kept, and what is to be left is found again.
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
      const none = { refused: 0, randoms: 0, found: 0 }
      const sample = { isSampled: false, unanswered: 0, lacking: 0 }
      tally = { ...none, ...sample, isRead: false }
      this.#folders.set(folder, tally)
    }
    return tally
  }
}

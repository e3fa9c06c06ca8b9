// Follows one chain of digests in the order of their ends and tells where it
// is broken. A digest is judged when the next one has come, and what it says of
// the one before it counts only if it is believed itself. So two are held, and
// nothing grows with the range.

import { CopyWatch } from './copy-watch.ts'
import {
  contentFault,
  isFromElsewhere,
  movedFault,
  startIn,
} from './digest-content.ts'
import type { Predecessor } from './digest.ts'
import {
  gap,
  hoursAfter,
  hoursBefore,
  HOUR_MS,
  type Span,
} from './digest-hours.ts'
import {
  chainOf,
  readDigestName,
  timeText,
  type DigestName,
} from './digest-name.ts'
import {
  isBelieved,
  judge,
  ownSignature,
  type CheckSignature,
  type Judgement,
  type SeenDigest,
  type SignatureState,
} from './digest-trust.ts'
import { fault, warning, type Finding } from './finding.ts'

/** What a chain is held to; hours that end after `owed` are not owed yet; times in ms. */
export interface ChainRange extends Span {
  owed: number
}

/** The newest digest that ended before the range, by its name. */
export interface Seed {
  key: string
  name: DigestName
}

interface Held extends SeenDigest {
  own: SignatureState | undefined
}

interface Judged extends Held {
  judgement: Judgement
}

const MINUTE_MS = 60_000

/** One chain; its methods yield findings, each once. */
export class DigestChain {
  readonly #range: ChainRange
  readonly #check: CheckSignature
  readonly #copies: CopyWatch
  readonly #seed: Seed | undefined
  #before: Judged | undefined
  #last: Held | undefined
  #isPast = false
  #owesHours = true

  constructor(
    bucket: string,
    range: ChainRange,
    check: CheckSignature,
    seed?: Seed,
  ) {
    this.#range = range
    this.#check = check
    this.#seed = seed
    this.#copies = new CopyWatch(bucket)
  }

  /** Whether the last digest begins behind the range, so that no further one is needed. */
  get isPast(): boolean {
    return this.#isPast
  }

  /** Takes the digest that ends next. */
  *add(seen: SeenDigest): Generator<Finding> {
    const held = { ...seen, own: ownSignature(seen, this.#check) }
    const { digest, own, name } = held
    if (isFromElsewhere(seen) && own !== 'bad') {
      yield movedFault(seen)
      return
    }
    this.#owesHours = !name.isBackfill
    if (this.#last) yield* this.#settle(this.#last, held)
    this.#last = held
    const start = own === 'bad' ? undefined : digest?.start
    this.#isPast = startIn(name, start) >= this.#range.to
  }

  /** Ends the chain. */
  *finish(): Generator<Finding> {
    if (this.#last) yield* this.#settle(this.#last, undefined)
    if (!this.#isPast) {
      if (this.#before) yield* this.#conclude(this.#before, true, true)
      yield* this.#owed()
    }
    yield* this.#copies.finish()
  }

  // Judges a digest now that the next one has come, and links it to the one
  // before. The one behind the range only speaks for that.
  *#settle(held: Held, next: Held | undefined): Generator<Finding> {
    const said = next?.digest?.previous
    const judgement = judge(
      held,
      said && isOf(said, held) ? said : undefined,
      next?.own === 'good',
      this.#check,
    )
    const judged = { ...held, judgement }
    const { trust, fault: found } = judgement
    if (this.#before)
      yield* this.#conclude(this.#before, isBelieved(trust), false)
    if (found && trust !== 'disputed' && !(next === undefined && this.#isPast))
      yield fault(found.code, held.key, found.message)
    yield* this.#link(judged)
    this.#before = judged
  }

  // Tells of a digest what could not be told before the next one was judged.
  *#conclude(
    { key, signature, judgement }: Judged,
    isNextBelieved: boolean,
    isNewest: boolean,
  ): Generator<Finding> {
    const { trust, fault: found } = judgement
    if (trust === 'disputed' && isNextBelieved && found)
      yield fault(found.code, key, found.message)
    else if (trust === 'disputed' || (trust === 'unknown' && signature === ''))
      yield warning(
        'not-provable',
        isNewest
          ? 'not provable yet: it has no signature beside it, and the next digest, which repeats it, is not there'
          : 'not provable: it has no signature beside it, and no next digest that is believed repeats it',
        key,
      )
  }

  *#link(held: Judged): Generator<Finding> {
    const { digest, judgement, key } = held
    if (digest === undefined || !isBelieved(judgement.trust)) {
      if (this.#lower() > -Infinity)
        yield* this.#gaps(held.name.end - HOUR_MS, this.#lower())
      return
    }
    const wrong = contentFault(held, digest)
    if (wrong) yield wrong
    else yield* this.#copies.note(key, digest.bucket)
    const { previous } = digest
    const before = this.#before
    const start = startIn(held.name, digest.start)
    if (previous === undefined) yield* this.#begin(held, start)
    else if (previous.bucket !== digest.bucket)
      yield warning(
        'other-bucket',
        `the digest before it lies in bucket ${previous.bucket}, where it is not looked for`,
        key,
      )
    else if (before && isOf(previous, before))
      yield* this.#gaps(start, before.name.end)
    else yield* this.#goBack(held, start, previous)
  }

  // The first digest of a chain, or after a pause.
  *#begin({ key, name }: Held, start: number): Generator<Finding> {
    const from = Math.max(this.#lower(), this.#range.from)
    const to = Math.min(start, this.#range.to)
    if (name.isBackfill || to - from < MINUTE_MS) return
    yield warning(
      'not-recorded',
      `CloudTrail began its digests anew with this one: none was recorded from ${timeText(from)} to ${timeText(to)}`,
      key,
    )
  }

  // A digest that names another one before it than the one that was read last.
  *#goBack(
    { key, name }: Judged,
    start: number,
    previous: Predecessor,
  ): Generator<Finding> {
    const before = this.#before
    const named = readDigestName(previous.key)
    const says = `it names ${previous.key} as the digest before it, which`
    if (named === undefined || chainOf(named) !== chainOf(name))
      yield fault('order', key, `${says} is none of its chain`)
    else if (previous.key === key)
      yield fault('order', key, `${says} is itself`)
    else if (name.isBackfill) yield* this.#missing(key, previous.key, named)
    else if (named.end >= name.end)
      yield fault('order', key, `${says} ends no earlier`)
    else if (before && named.end <= before.name.end) {
      // A fault of that one already speaks for it.
      if (before.judgement.fault === undefined && before.digest)
        yield fault(
          'order',
          before.key,
          `the next digest, ${key}, goes on from ${previous.key} and not from it`,
        )
    } else {
      if (named.end > this.#range.from && previous.key !== this.#seed?.key) {
        yield* this.#gaps(named.end - HOUR_MS, this.#lower())
        yield* this.#missing(key, previous.key, named)
      }
      yield* this.#gaps(start, named.end)
    }
  }

  *#missing(
    key: string,
    missing: string,
    { end }: DigestName,
  ): Generator<Finding> {
    const from = end - HOUR_MS
    if (end <= this.#range.from || from >= this.#range.to) return
    const message = `it is not there, though ${key} names it as the digest before it: it was deleted or moved`
    yield { ...fault('missing', missing, message), hour: timeText(from) }
  }

  /** Where what is covered so far ends. */
  #lower(): number {
    return (this.#before ?? this.#seed)?.name.end ?? -Infinity
  }

  *#gaps(upper: number, lower: number): Generator<Finding> {
    if (!this.#owesHours) return
    for (const hour of hoursBefore(upper, lower, this.#range)) yield gap(hour)
  }

  *#owed(): Generator<Finding> {
    const newest = this.#before ?? this.#seed
    if (newest === undefined || newest.name.isBackfill) return
    const { owed } = this.#range
    for (const hour of hoursAfter(newest.name.end, owed, this.#range))
      yield gap(hour, ', nor is a later digest there')
  }
}

const isOf = ({ key }: Predecessor, seen: SeenDigest): boolean =>
  key === seen.key || key === seen.digest?.key

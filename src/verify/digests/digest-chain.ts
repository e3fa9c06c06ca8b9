// Follows one chain of digests in the order of their ends and tells where it
// is broken. A digest is judged when the next one has come, and what it says of
// the one before it counts only if it is believed itself. So two are held, and
// nothing grows with the range.

import { CopyWatch } from './copy-watch.ts'
import {
  gap,
  inOtherBucket,
  misnamed,
  missing,
  notRecorded,
  orphan,
} from './chain-findings.ts'
import {
  contentFault,
  coveredFrom,
  isFromElsewhere,
  movedFault,
  startIn,
} from './digest-content.ts'
import type { Predecessor } from './digest.ts'
import { hoursAfter, hoursBefore, HOUR_MS, type Span } from './digest-hours.ts'
import { chainOf, readDigestName, type DigestName } from './digest-name.ts'
import {
  isBelieved,
  isMute,
  judge,
  lateFindings,
  ownSignature,
  type CheckSignature,
  type HeldDigest,
  type JudgedDigest,
  type SeenDigest,
} from './digest-trust.ts'
import { fault, type Finding } from './finding.ts'

/** What a chain is held to; hours that end after `owed` are not owed yet; times in ms. */
export interface ChainRange extends Span {
  owed: number
}

/** The newest digest that ended before the range, by its name. */
export interface Seed {
  key: string
  name: DigestName
}

const MINUTE_MS = 60_000

/** One chain; its methods yield findings, each once. */
export class DigestChain {
  readonly #range: ChainRange
  readonly #check: CheckSignature
  readonly #copies: CopyWatch
  readonly #seed: Seed | undefined
  #before: JudgedDigest | undefined
  #last: HeldDigest | undefined
  #rival: JudgedDigest | undefined
  #isPast = false
  #hasSignatures = false
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

  /** The time, in ms, up to which its digests prove the range, once it has been ended; behind it hours are missing, not owed yet, or not provable yet. */
  get coveredTo(): number {
    const { to } = this.#range
    if (this.#isPast) return to
    const newest = this.#before
    return newest && isMute(newest)
      ? Math.min(to, coveredFrom(newest, startIn(newest.name)))
      : Math.min(to, this.#lower())
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
    this.#hasSignatures ||= own !== undefined
    if (this.#last) yield* this.#settle(this.#last, held)
    this.#last = held
    const start = own === 'bad' ? undefined : digest?.start
    this.#isPast = startIn(name, start) >= this.#range.to
  }

  /** Ends the chain; one that was not read to its end owes nothing more. */
  *finish(isWhole = true): Generator<Finding> {
    if (this.#last) yield* this.#settle(this.#last, undefined)
    yield* this.#endFork()
    if (!this.#isPast) {
      if (this.#before) yield* lateFindings(this.#before, true, 'later')
      if (isWhole) yield* this.#owed()
    }
    yield* this.#copies.finish()
  }

  // Judges a digest now that the next one has come, and links it to the one
  // before. The one behind the range only speaks for that.
  *#settle(held: HeldDigest, next: HeldDigest | undefined): Generator<Finding> {
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
      yield* lateFindings(
        this.#before,
        isBelieved(trust),
        this.#hasSignatures ? 'gone' : 'never',
      )
    if (found && trust !== 'disputed' && !(next === undefined && this.#isPast))
      yield fault(found.code, held.key, found.message)
    yield* this.#link(judged)
    this.#before = judged
  }

  *#link(held: JudgedDigest): Generator<Finding> {
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
    const start = coveredFrom(held, digest.start)
    if (previous === undefined) yield* this.#begin(held, start)
    else if (previous.bucket !== digest.bucket)
      yield inOtherBucket(key, previous.bucket)
    else if (before && isOf(previous, before)) {
      yield* this.#endFork()
      yield* this.#gaps(start, before.name.end)
    } else yield* this.#goBack(held, start, previous)
  }

  // The first digest of a chain, or after a pause.
  *#begin(
    { key, name, judgement, signature }: JudgedDigest,
    start: number,
  ): Generator<Finding> {
    const lower = this.#lower()
    // Anybody may have put it there to make little of what is missing.
    if (judgement.trust === 'unknown' && signature === '' && lower > -Infinity)
      return yield* this.#gaps(start, lower)
    const from = Math.max(lower, this.#range.from)
    const to = Math.min(start, this.#range.to)
    if (name.isBackfill || to - from < MINUTE_MS) return
    yield notRecorded(key, { from, to })
  }

  // A digest that names another one before it than the one that was read last.
  *#goBack(
    { key, name }: JudgedDigest,
    start: number,
    previous: Predecessor,
  ): Generator<Finding> {
    const before = this.#before
    const named = readDigestName(previous.key)
    const misnames = (why: string): Finding => misnamed(key, previous.key, why)
    if (named === undefined || chainOf(named) !== chainOf(name))
      yield misnames('is none of its chain')
    else if (previous.key === key) yield misnames('is itself')
    else if (name.isBackfill) yield* this.#missing(previous.key, named, key)
    else if (named.end >= name.end) yield misnames('ends no earlier')
    else if (before && named.end <= before.name.end)
      yield* this.#fork(before, previous)
    else {
      if (named.end > this.#range.from && previous.key !== this.#seed?.key) {
        yield* this.#gaps(named.end - HOUR_MS, this.#lower())
        yield* this.#missing(previous.key, named, key)
      }
      yield* this.#gaps(start, named.end)
    }
  }

  // Of two digests that follow the same one, or take the same hour, the next
  // one tells which of them belongs to the chain.
  *#fork(before: JudgedDigest, previous: Predecessor): Generator<Finding> {
    const rival = this.#rival
    if (rival && isOf(previous, rival)) this.#rival = before
    yield* this.#endFork()
    if (!rival || !isOf(previous, rival)) this.#rival = before
  }

  // A fault that was found already speaks for it.
  *#endFork(): Generator<Finding> {
    const rival = this.#rival
    this.#rival = undefined
    if (rival?.digest && rival.judgement.fault === undefined)
      yield orphan(rival.key)
  }

  *#missing(key: string, named: DigestName, by: string): Generator<Finding> {
    const { from, to } = this.#range
    if (named.end > from && named.end - HOUR_MS < to)
      yield missing(key, named, by)
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

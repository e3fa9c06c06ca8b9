// Follows one chain of digests in the order of their ends and reports where it
// is broken. A digest is judged once the next one is known. A digest without a
// proving signature can only add faults: it covers no hour, begins no chain,
// and has no successor. Few digests are held, and memory does not grow with the
// range.

import { ChainForks, isOf } from './chain-forks.ts'
import { ChainCover, type ChainRange } from './chain-cover.ts'
import { CopyWatch } from './copy-watch.ts'
import { inOtherBucket, notRecorded } from './chain-findings.ts'
import {
  contentFault,
  coveredFrom,
  isFromElsewhere,
  movedFault,
  startIn,
} from './digest-content.ts'
import type { Digest } from './digest.ts'
import { HOUR_MS, type Span } from './digest-hours.ts'
import { goBack, type Seed } from './go-back.ts'
import { readDigestName } from './digest-name.ts'
import {
  counts,
  countsAlone,
  hold,
  isBelieved,
  isMute,
  judge,
  lateFindings,
  type CheckSignature,
  type HeldDigest,
  type JudgedDigest,
  type SeenDigest,
} from './digest-trust.ts'
import { fault, type Finding } from './digest-finding.ts'

const MINUTE_MS = 60_000

/** One chain; its methods yield each finding once. */
export class DigestChain {
  readonly #range: ChainRange
  readonly #check: CheckSignature
  readonly #copies: CopyWatch
  readonly #seed: Seed | undefined
  readonly #cover: ChainCover
  readonly #forks = new ChainForks()
  /** The last digest that is proved or has a reported fault. */
  #before: JudgedDigest | undefined
  /** The last digest, if its report is still to come. */
  #late: JudgedDigest | undefined
  #last: HeldDigest | undefined
  #isPast = false
  #isSure = false
  #hasSignatures = false
  #firstEnd = -Infinity

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
    this.#cover = new ChainCover(range, seed?.name.end ?? -Infinity)
  }

  /** Whether a digest that counts begins after the range, so that the chain is complete. */
  get isPast(): boolean {
    return this.#isPast
  }

  /** Whether the last digest counts by its own signature, or no signatures are checked. */
  get isLastSure(): boolean {
    return this.#isSure
  }

  /** Whether any of the range is covered. */
  get coversAny(): boolean {
    return this.#cover.coversAny
  }

  /** The time, in ms, up to which the digests prove the range, valid after finish(); later hours are missing, not owed yet, or not provable yet. */
  get coveredTo(): number {
    const { to } = this.#range
    if (this.#isPast) return to
    const newest = this.#late
    return newest && isMute(newest) && counts(newest)
      ? Math.min(to, coveredFrom(newest, startIn(newest.name)))
      : Math.min(to, this.#cover.end)
  }

  /** Adds the digest that ends next. */
  *add(seen: SeenDigest): Generator<Finding> {
    const held = hold(seen, this.#check)
    const { digest, own, name } = held
    this.#isSure = false
    if (isFromElsewhere(seen) && own !== 'bad') {
      yield movedFault(seen)
      return
    }
    if (name.isBackfill) this.#cover.owesNoHours()
    if (this.#firstEnd === -Infinity) this.#firstEnd = name.end
    this.#hasSignatures ||= own !== undefined
    if (this.#last) yield* this.#settle(this.#last, held)
    this.#last = held
    this.#isSure = countsAlone(held)
    this.#isPast ||=
      this.#isSure && startIn(name, digest?.start) >= this.#range.to
  }

  /** Ends the chain; a chain that was not read completely owes no further hours. */
  *finish(isWhole = true): Generator<Finding> {
    if (this.#last) yield* this.#settle(this.#last, undefined)
    yield* this.#forks.end()
    if (!this.#isPast) {
      const mute = this.#late
      if (mute && !this.#isBehind(mute))
        yield* lateFindings(mute, true, 'later')
      if (isWhole) yield* this.#owed(mute)
    }
    yield* this.#copies.finish()
  }

  // Judges a digest once the next one is known, and links it to the one before.
  // A digest after the range serves only as evidence for the one before it.
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
    yield* this.#tellLate(isBelieved(trust))
    if (trust === 'disputed' || isMute(judged)) this.#late = judged
    else if (found && !(next === undefined && this.#isBehind(judged)))
      yield fault(found.code, held.key, found.message)
    yield* this.#link(judged)
    if (counts(judged) && held.digest)
      this.#isPast ||= coveredFrom(judged, held.digest.start) >= this.#range.to
  }

  // An hour with a reported fault is not also a gap.
  *#tellLate(isNextBelieved: boolean): Generator<Finding> {
    const late = this.#late
    this.#late = undefined
    if (late === undefined) return
    const unsigned = this.#hasSignatures ? 'gone' : 'never'
    for (const finding of lateFindings(late, isNextBelieved, unsigned)) {
      yield finding
      if (finding.level === 'fault') yield* this.#pass(late)
    }
  }

  *#pass({ name }: JudgedDigest): Generator<Finding> {
    if (this.#cover.end > -Infinity) yield* this.#cover.gaps(name.end - HOUR_MS)
    this.#cover.passTo(name.end)
  }

  #isBehind({ name }: HeldDigest): boolean {
    return startIn(name) >= this.#range.to
  }

  *#link(held: JudgedDigest): Generator<Finding> {
    const { digest, judgement, key, name } = held
    const { trust, fault: found } = judgement
    if (digest === undefined || !isBelieved(trust)) {
      if (trust === 'false' || !held.isChecked) yield* this.#pass(held)
      this.#before = held
      return
    }
    const wrong = contentFault(held, digest)
    if (wrong) yield wrong
    if (!counts(held) && (found === undefined || this.#isBehind(held))) return
    if (!wrong) yield* this.#copies.note(key, digest.bucket)
    yield* this.#goOn(held, digest)
    if (counts(held) && !wrong)
      this.#cover.cover(coveredFrom(held, digest.start), name.end)
    else this.#cover.passTo(name.end)
    this.#before = held
  }

  *#goOn(held: JudgedDigest, digest: Digest): Generator<Finding> {
    const { previous } = digest
    const before = this.#before
    const start = coveredFrom(held, digest.start)
    if (previous === undefined) yield* this.#begin(held, start)
    else if (previous.bucket !== digest.bucket)
      yield inOtherBucket(held.key, previous.bucket, this.#until(start))
    else if (before && isOf(previous, before)) {
      yield* this.#forks.end()
      yield* this.#cover.gaps(start)
    } else
      yield* goBack(held, start, previous, {
        before,
        seed: this.#seed,
        range: this.#range,
        cover: this.#cover,
        forks: this.#forks,
      })
  }

  // Gives the part of the range between the covered time and `start`.
  #until(start: number): Span {
    const from = Math.max(this.#cover.end, this.#range.from)
    return { from, to: Math.min(start, this.#range.to) }
  }

  // Takes the first digest of a chain, or the first one after a pause.
  *#begin(held: JudgedDigest, start: number): Generator<Finding> {
    // An attacker may have put it there to hide missing hours.
    if (isMute(held) && this.#cover.end > -Infinity)
      return yield* this.#cover.gaps(start)
    const span = this.#until(start)
    if (held.name.isBackfill || span.to - span.from < MINUTE_MS) return
    yield notRecorded(held.key, span)
  }

  // In a copy without signatures the newest digest cannot be proved yet: its
  // hour is left out of the claim, as long as other hours of the range are
  // proved.
  *#owed(newest: JudgedDigest | undefined): Generator<Finding> {
    let { end } = this.#cover
    if (end === -Infinity) end = this.#firstEnd
    const mayStand = this.#cover.coversAny || this.#cover.end === -Infinity
    if (
      newest?.digest &&
      mayStand &&
      !this.#hasSignatures &&
      this.#isNext(newest.digest)
    ) {
      yield* this.#goOn(newest, newest.digest)
      end = Math.max(end, newest.name.end)
    }
    yield* this.#cover.owed(end)
  }

  #isNext({ bucket, previous }: Digest): boolean {
    if (previous?.bucket !== bucket) return false
    const { end = -Infinity } = readDigestName(previous.key) ?? {}
    const before = this.#before
    return !before || isOf(previous, before) || end > before.name.end
  }
}

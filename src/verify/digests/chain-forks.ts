// Decides between two digests that follow the same one, or cover the same hour:
// the next digest names the one that belongs to the chain.

import { orphan } from './chain-findings.ts'
import type { Predecessor } from './digest.ts'
import type { JudgedDigest, SeenDigest } from './digest-trust.ts'
import type { Finding } from './digest-finding.ts'

/** Holds the digest that competes with another one of its chain, if any. */
export class ChainForks {
  #rival: JudgedDigest | undefined;

  /** Takes a digest that is the last one but is not named by the next. */
  *note(before: JudgedDigest, previous: Predecessor): Generator<Finding> {
    const rival = this.#rival
    if (rival && isOf(previous, rival)) this.#rival = before
    yield* this.end()
    if (!rival || !isOf(previous, rival)) this.#rival = before
  }

  /** Yields an orphan if the held digest has no successor; a fault that was found in it is enough by itself. */
  *end(): Generator<Finding> {
    const rival = this.#rival
    this.#rival = undefined
    if (rival?.digest && rival.judgement.fault === undefined)
      yield orphan(rival.key)
  }
}

/** Tells whether a digest is the one that the next names. */
export const isOf = ({ key }: Predecessor, seen: SeenDigest): boolean =>
  key === seen.key || key === seen.digest?.key

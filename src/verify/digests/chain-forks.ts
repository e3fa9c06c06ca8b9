// Of two digests that follow the same one, or take the same hour, the next one
// tells which of them belongs to the chain.

import { orphan } from './chain-findings.ts'
import type { Predecessor } from './digest.ts'
import type { JudgedDigest, SeenDigest } from './digest-trust.ts'
import type { Finding } from './finding.ts'

/** Holds the digest that another one of its chain stands against, if any. */
export class ChainForks {
  #rival: JudgedDigest | undefined;

  /** Notes that a digest goes on from another one than the last. */
  *note(before: JudgedDigest, previous: Predecessor): Generator<Finding> {
    const rival = this.#rival
    if (rival && isOf(previous, rival)) this.#rival = before
    yield* this.end()
    if (!rival || !isOf(previous, rival)) this.#rival = before
  }

  /** Yields that none went on from it; a fault that was found already speaks for it. */
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

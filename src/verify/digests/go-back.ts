// Follows a digest that names another predecessor than the last digest read:
// the named one is impossible or missing, or the last one does not belong to
// the chain.

import type { ChainCover, ChainRange } from './chain-cover.ts'
import { misnamed, missing } from './chain-findings.ts'
import type { ChainForks } from './chain-forks.ts'
import type { Predecessor } from './digest.ts'
import { HOUR_MS } from './digest-hours.ts'
import { chainOf, readDigestName, type DigestName } from './digest-name.ts'
import type { JudgedDigest } from './digest-trust.ts'
import type { Finding } from './digest-finding.ts'

/** The newest digest that ended before the range, by its name. */
export interface Seed {
  key: string
  name: DigestName
}

/** The part of the chain that was read before. */
export interface ChainSoFar {
  before: JudgedDigest | undefined
  seed: Seed | undefined
  range: ChainRange
  cover: ChainCover
  forks: ChainForks
}

/** Yields the faults of a predecessor that is not the last digest; `start` is the start of the naming digest, in ms. */
export function* goBack(
  { key, name }: JudgedDigest,
  start: number,
  previous: Predecessor,
  { before, seed, range, cover, forks }: ChainSoFar,
): Generator<Finding> {
  const named = readDigestName(previous.key)
  const misnames = (why: string): Finding => misnamed(key, previous.key, why)
  const isInRange = ({ end }: DigestName): boolean =>
    end > range.from && end - HOUR_MS < range.to
  if (named === undefined || chainOf(named) !== chainOf(name))
    yield misnames('is not of its chain')
  else if (previous.key === key) yield misnames('is itself')
  else if (named.folder !== name.folder && named.end > range.from) {
    yield misnames(
      'lies in another folder, as after a change of the prefix: a chain is not followed from one folder to another, so the hours before are not proved here',
    )
    yield* cover.gaps(start)
  } else if (name.isBackfill) {
    if (isInRange(named)) yield missing(previous.key, named, key)
  } else if (named.end >= name.end) yield misnames('ends no earlier')
  else if (before && named.end <= before.name.end)
    yield* forks.note(before, previous)
  else {
    if (named.end > range.from && previous.key !== seed?.key) {
      yield* cover.gaps(named.end - HOUR_MS)
      if (isInRange(named)) yield missing(previous.key, named, key)
    }
    yield* cover.gaps(start, named.end)
  }
}

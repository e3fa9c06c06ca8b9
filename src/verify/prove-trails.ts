// Proves the collection of CloudTrail's logs by its digests: finds the folders
// of digests, maps each to the leaves of the same account and region, and
// compares the digests with the bucket and the cursor. Leaves without digests
// are reported as well.

import { addDays, dayOf, daysBetween } from '../find/day-folders.ts'
import {
  emptySearch,
  recordError,
  trackReached,
  type SearchResult,
} from '../find/search-result.ts'
import type { Scope } from '../find/scope.ts'
import { WHOLE } from '../find/shard.ts'
import type { FoundLeaf } from '../find/leaves.ts'
import { messageOf } from '../report/words.ts'
import type { Lists } from '../s3/object-store.ts'
import { cloudTrailFolders } from '../settings/cloudtrail-folders.ts'
import { bareLeaves, heldOf, tellBare } from './bare-leaves.ts'
import { endedTrail } from './digests/ended-trail.ts'
import { plainFault } from './digests/digest-finding.ts'
import { digestEvents } from './digests/digest-events.ts'
import {
  findDigestFolders,
  type DigestFolder,
} from './digests/digest-folders.ts'
import { findLogLeaves } from './logs/log-leaves.ts'
import { type LeafResult } from './logs/leaf-result.ts'
import { isLeafOwed } from './logs/log-scope.ts'
import {
  fromOf,
  judgeOf,
  proveAll,
  rangeOf,
  type ProofRange,
  type ProofUnit,
  type ProofSource,
  type StartedProof,
} from './prove.ts'
import type { KeySource } from './digests/signature.ts'
import type { Witnesses } from './leaf-rest.ts'
import {
  verifyLeaf,
  type DaySpan,
  type DigestPlace,
  type LeafPlan,
} from './verify-leaf.ts'

const ALL = '9999-12-31'
const DIGESTS = /CloudTrail-Digest\/([^/]+)\/$/

/** Finds the folders of digests, and begins; the errors of folders are in the search. */
export async function proveTrails(
  source: ProofSource,
  keys: KeySource,
): Promise<StartedProof> {
  const { scope, signal } = source
  const search = emptySearch()
  const store = noting(trackReached(source.store, search), search)
  const found = await findDigestFolders(scope.FilePath, store, signal)
  const walked = emptySearch()
  const reached = trackReached(source.store, search)
  // A folder named after a year identifies a leaf; it is not walked.
  const whole = { ...scope, Shard: WHOLE }
  const leaves = await findLogLeaves(whole, reached, signal, walked, () => ALL)
  for (const error of walked.errors) recordError(error, search)
  const said = [...found.findings]
  if (said.length === 0)
    for (const error of walked.errors)
      said.push(plainFault('listing', messageOf(error)))
  const { units, ...range } = trailUnits(found.folders, source, keys, leaves)
  const results = proveAll(units)
  const count = units.filter(({ leaves }) => leaves.length > 0).length
  const isEmptyShard =
    count === 0 &&
    scope.Shard.of > 1 &&
    (leaves.length > 0 ||
      found.folders.some(folder => leavesOf(folder, whole).length > 0))
  return { ...range, leaves: count, isEmptyShard, search, said, results }
}

/** Makes the units of some folders of digests, and of the leaves, known or found, without such a folder, with their range; throws UsageError as rangeOf does. */
export function trailUnits(
  folders: readonly DigestFolder[],
  source: ProofSource,
  keys: KeySource,
  found: readonly FoundLeaf[] = [],
): ProofRange & { units: ProofUnit[] } {
  const { asked, scope, s3Clock } = source
  const places = folders.map(folder => placeOf(folder, scope))
  const proved = new Set(places.flatMap(({ leaves }) => leaves))
  const bare = bareLeaves(proved, found, source, scope)
  const range = rangeOf(
    [
      ...places.map(({ leaves }) => leaves),
      ...bare.map(({ prefix }) => [prefix]),
    ],
    asked,
    source,
  )
  const { to } = range
  // Keys are requested once for the same time.
  const now = s3Clock.now()
  const units = [
    ...places.map(place => ({
      ...place,
      prove: async () => {
        const plan = { ...place, ...spanOf(place.leaves, to, source) }
        // The leaves have no time in the range.
        if (plan.from >= to) return undefined
        return provePlan(plan, now, keys, source)
      },
    })),
    ...bare.map(leaf => ({
      folder: leaf.prefix,
      leaves: [leaf.prefix],
      prove: () => {
        const { days, ...span } = spanOf([leaf.prefix], to, source)
        return tellBare(leaf, days, span, source)
      },
    })),
  ]
  return { ...range, units }
}

function placeOf(folder: DigestFolder, scope: Scope): DigestPlace {
  const { prefix, account, region } = folder
  const leaves = leavesOf(folder, scope)
  return { folder: prefix, account, region, leaves }
}

// The logs in a region's digests lie beside these, in one folder for each kind
// of event.
const leavesOf = ({ prefix }: DigestFolder, scope: Scope): string[] =>
  cloudTrailFolders
    .map(kind => prefix.replace(DIGESTS, `${kind}/$1/`))
    .filter(leaf => isLeafOwed(leaf, scope))

// An error of a folder is reported as a finding; it also counts in the
// judgement whether S3 was reached at all.
const noting = (store: Lists, search: SearchResult): Lists => ({
  list: request =>
    store.list(request).catch((error: unknown) => {
      recordError(error, search)
      throw error
    }),
})

function spanOf(
  leaves: readonly string[],
  to: number,
  source: ProofSource,
): DaySpan {
  const from = fromOf(leaves, source.asked, source)
  const days = daysBetween(dayOf(from), addDays(dayOf(to - 1), 1))
  return { days, from, to }
}

function provePlan(
  plan: LeafPlan,
  now: number,
  keys: KeySource,
  source: ProofSource,
): Promise<LeafResult> {
  const { folder, leaves, from, to } = plan
  const events = digestEvents(folder, { from, to }, now, keys, source)
  const witnesses: Witnesses = {
    ended: () => endedTrail(folder, from, keys, source),
    held: (days = plan.days) => {
      let sum = 0
      for (const prefix of leaves)
        for (const day of days)
          sum += heldOf({ prefix, layout: 'date' }, day, source)
      return sum
    },
  }
  return verifyLeaf(events, plan, judgeOf(source), witnesses, source)
}

// Proves the collection of CloudTrail's logs by its digests: finds the folders
// of digests, maps each to the leaves of the same account and region, and holds
// what they say against bucket and cursor. A leaf whose logs no digest speaks
// for is told as well.

import type { Leaf } from '../cursor/cursor-state.ts'
import { addDays, dayOf, daysBetween } from '../find/day-folders.ts'
import { inOrder } from '../find/pool.ts'
import {
  noFindings,
  noteError,
  trackReached,
  type Findings,
} from '../find/search-result.ts'
import { counted, messageOf } from '../report/words.ts'
import { SourceError } from '../s3/errors/source-error.ts'
import type { ObjectStore } from '../s3/object-store.ts'
import { cloudTrailFolders } from '../settings/cloudtrail-folders.ts'
import { digestEvents } from './digest-events.ts'
import { findDigestFolders, type DigestFolder } from './digest-folders.ts'
import { LeafDays } from './leaf-days.ts'
import { emptyResult, type LeafResult, listingFault } from './leaf-result.ts'
import { isLogInScope } from './log-scope.ts'
import {
  fromOf,
  judgeOf,
  rangeOf,
  type ProveContext,
  type StartedProof,
} from './prove.ts'
import type { KeySource } from './public-keys.ts'
import { verifyLeaf, type LeafPlan } from './verify-leaf.ts'

export interface ProveTrailsContext extends ProveContext {
  keys: KeySource
}

const PARALLEL = 4
const DIGESTS = /CloudTrail-Digest\/([^/]+)\/$/

/** Looks for the folders of digests, and begins; what keeps it from some is in the findings. */
export async function proveTrails(
  context: ProveTrailsContext,
): Promise<StartedProof> {
  const { scope, signal } = context
  const findings = noFindings()
  const store = noting(trackReached(context.store, findings), findings)
  const found = await findDigestFolders(scope.FilePath, store, signal)
  const places = found.folders.map(folder => placeOf(folder, context))
  const bare = leavesWithout(places, context)
  const range = rangeOf(
    [...places.map(({ leaves }) => leaves), ...bare.map(leaf => [leaf])],
    context,
  )
  const plans = places.map(place => ({
    ...place,
    ...spanOf(place.leaves, range.to, context),
  }))
  async function* results(): AsyncGenerator<LeafResult> {
    yield* inOrder(plans, PARALLEL, plan => provePlan(plan, context))
    for await (const result of inOrder(bare, PARALLEL, leaf =>
      tellBare(leaf, range.to, context),
    ))
      if (result !== undefined) yield result
  }
  return { ...range, findings, said: found.findings, results: results() }
}

type Place = Pick<LeafPlan, 'folder' | 'account' | 'region' | 'leaves'>

// What is filed by the digests of a region lies beside them, by kind of event.
function placeOf(
  { prefix, account, region }: DigestFolder,
  { scope }: ProveTrailsContext,
): Place {
  const leaves = cloudTrailFolders
    .map(kind => prefix.replace(DIGESTS, `${kind}/$1/`))
    .filter(leaf => isLogInScope(`${leaf}2000/01/01/a`, leaf, scope))
  return { folder: prefix, account, region, leaves }
}

// What kept from folders is told as a finding; whether S3 was reached at all is
// judged by it too.
const noting = (
  store: Pick<ObjectStore, 'list'>,
  findings: Findings,
): Pick<ObjectStore, 'list'> => ({
  list: request =>
    store.list(request).catch((error: unknown) => {
      noteError(error, findings)
      throw error
    }),
})

function spanOf(
  leaves: readonly string[],
  to: number,
  context: ProveContext,
): Pick<LeafPlan, 'days' | 'from' | 'to'> {
  const from = fromOf(leaves, context)
  const days = daysBetween(dayOf(from), addDays(dayOf(to - 1), 1))
  return { days, from, to }
}

function provePlan(
  plan: LeafPlan,
  context: ProveTrailsContext,
): Promise<LeafResult> {
  const { s3Clock, cursor } = context
  const now = s3Clock.now()
  const { from, to } = plan
  const events = digestEvents(plan.folder, { from, to }, { ...context, now })
  const judge = judgeOf(context)
  return verifyLeaf(events, plan, { ...context, judge, state: cursor.state })
}

// Leaves that are collected and that no folder of digests is about.
function leavesWithout(
  places: readonly Place[],
  { cursor, scope }: ProveTrailsContext,
): string[] {
  const proved = new Set(places.flatMap(({ leaves }) => leaves))
  const isDue = ({ prefix, missed }: Leaf): boolean =>
    missed === 0 &&
    !proved.has(prefix) &&
    isLogInScope(`${prefix}2000/01/01/a`, prefix, scope)
  return [...cursor.state.leaves.values()]
    .filter(isDue)
    .map(({ prefix }) => prefix)
    .toSorted()
}

// What has no logs in the range needs no digests.
async function tellBare(
  leaf: string,
  to: number,
  context: ProveTrailsContext,
): Promise<LeafResult | undefined> {
  const result = emptyResult({ folder: leaf, account: '', region: '' })
  const { days, from } = spanOf([leaf], to, context)
  const there = new LeafDays({ ...context, leaves: [leaf], days })
  try {
    const logs = (await there.rest()).filter(
      ({ modified }) => modified >= from && modified < to,
    )
    if (logs.length === 0) return undefined
    const message = `${counted(logs.length, 'object')} lie in ${leaf} and no digests are there for it, so nothing can be proved of it; is log file validation enabled, and are the digests under FilePath?`
    result.findings.push({ level: 'fault', code: 'unproved', message })
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    result.findings.push(listingFault(messageOf(error)))
  }
  return result
}

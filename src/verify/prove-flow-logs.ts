// Proves the collection of flow logs. AWS signs no list of them, so the objects
// in the bucket are all that the cursor can be compared with: each leaf's days,
// as far as the cursor keeps them.

import {
  addDays,
  dayOf,
  dayOfFile,
  dayPrefix,
  daysBetween,
} from '../find/day-folders.ts'
import { isOwnLeaf, WHOLE } from '../find/shard.ts'
import { emptySearch, trackReached } from '../find/search-result.ts'
import type { FoundLeaf } from '../find/leaves.ts'
import { compare, counted, messageOf } from '../report/words.ts'
import { isFolderMarker, type ListedObject } from '../s3/object-store.ts'
import { pages } from '../s3/pages.ts'
import { heldOf } from './bare-leaves.ts'
import type { LogCheck } from './logs/check-log.ts'
import { plainFault, warning } from './digests/digest-finding.ts'
import { emptyResult, type LeafResult } from './logs/leaf-result.ts'
import {
  countLog,
  handOn,
  recordListingError,
  recordState,
} from './logs/record-result.ts'
import { findLogLeaves } from './logs/log-leaves.ts'
import { placeOf } from './logs/log-place.ts'
import { toldState } from './logs/log-state.ts'
import {
  fromOf,
  judgeOf,
  proveAll,
  rangeOf,
  type ProofRange,
  type Judge,
  type ProofUnit,
  type Known,
  type LogTerms,
  type ProofSource,
  type StartedProof,
} from './prove.ts'
import { checkAll } from './verify-leaf.ts'

const OWNER =
  /(?:^|\/)(?:aws-account-id=)?(\d{12})\/[^/]+\/(?:aws-region=)?([^/]+)\/$/

/** Finds the leaves, and begins; errors of folders are findings. */
export async function proveFlowLogs(
  source: ProofSource,
): Promise<StartedProof> {
  const { scope, signal, asked } = source
  const search = emptySearch()
  // Called only after the first answer, which gives the time.
  const firstWalked = (): string =>
    addDays(dayOf(fromOf([], asked, source)), -1)
  const store = trackReached(source.store, search)
  const all = await findLogLeaves(
    { ...scope, Shard: WHOLE },
    store,
    signal,
    search,
    firstWalked,
  )
  const leaves = all.filter(({ prefix }) => isOwnLeaf(prefix, scope.Shard))
  const isEmptyShard = leaves.length === 0 && all.length > 0
  const { units, ...range } = flowUnits(leaves, source)
  const results = proveAll(units)
  const said = search.errors.map(error =>
    plainFault('listing', messageOf(error)),
  )
  const { length } = units
  return { ...range, leaves: length, isEmptyShard, search, said, results }
}

/** Makes the units of some leaves, in order, with their range; with `since`, in ms, they cover only objects modified from then on, including the day before. Throws UsageError as rangeOf does. */
export function flowUnits(
  leaves: Iterable<FoundLeaf>,
  source: ProofSource,
  since?: number,
): ProofRange & { units: ProofUnit[] } {
  const all = [...leaves].toSorted((a, b) => compare(a.prefix, b.prefix))
  const range = rangeOf(
    all.map(({ prefix }) => [prefix]),
    source.asked,
    source,
  )
  const units = all.map(leaf => ({
    folder: leaf.prefix,
    leaves: [leaf.prefix],
    prove: () => proveLeaf(leaf, range.to, since, source),
  }))
  return { ...range, units }
}

async function proveLeaf(
  leaf: FoundLeaf,
  to: number,
  since: number | undefined,
  source: ProofSource,
): Promise<LeafResult> {
  const judge = judgeOf(source)
  const [, account = '', region = ''] = OWNER.exec(leaf.prefix) ?? []
  const result = emptyResult({ folder: leaf.prefix, account, region })
  const from = dayOf(fromOf([leaf.prefix], source.asked, source))
  const first = since === undefined ? from : addDays(from, -1)
  const span = { since: since ?? 0, to, firstDay: from }
  const days = daysBetween(first, addDays(dayOf(to - 1), 1))
  const prove = (day: string | undefined, of: readonly string[]) =>
    proveFolder(leaf, day, new Set(of), span, result, judge, source)
  try {
    if (leaf.layout === 'flat') await prove(undefined, days)
    else
      for (const day of days) {
        if (source.signal.aborted) break
        await prove(day, [day])
      }
  } catch (error) {
    recordListingError(result, error)
  }
  return result
}

async function proveFolder(
  { prefix, layout }: FoundLeaf,
  day: string | undefined,
  days: ReadonlySet<string>,
  { since, to, firstDay }: { since: number; to: number; firstDay: string },
  result: LeafResult,
  judge: Judge,
  source: LogTerms & Known,
): Promise<void> {
  const { store, signal, state: cursor, stored } = source
  const request = {
    prefix: day === undefined ? prefix : dayPrefix(prefix, layout, day),
    delimiter: day === undefined,
    startAfter: '',
    signal,
  }
  const isDue = (object: ListedObject): boolean =>
    !isFolderMarker(object) &&
    days.has(day ?? dayIn(object)) &&
    object.modified >= since &&
    // Objects that came after the range are not part of the claim.
    (object.modified < to || (day ?? dayIn(object)) < dayOf(to))
  let there = 0
  for await (const page of pages(store, request)) {
    if (page.fault) throw page.fault
    there += page.objects.filter(object => !isFolderMarker(object)).length
    const checks: LogCheck[] = []
    for (const object of page.objects) {
      if (!isDue(object)) continue
      const place = { key: object.key, day: day ?? dayIn(object) }
      countLog(result, place.day)
      const found = await judge(object)
      const told = toldState(found, place, firstDay, cursor)
      const { state } = told
      recordState(result, place, state, told.reason)
      if (state === 'collected' && stored)
        checks.push({ log: object, day: place.day, hash: undefined, stored })
    }
    await checkAll(checks, result, source)
    await handOn(result, source.tell)
    if (signal.aborted) return
  }
  if (day !== undefined)
    recordGone(day, heldOf({ prefix, layout }, day, source), there, result)
}

// Deleted objects show in the cursor alone.
function recordGone(
  day: string,
  known: number,
  there: number,
  result: LeafResult,
): void {
  if (known <= there) return
  const message = `of ${day} ${counted(known, 'object')} were collected or skipped, and ${there} lie there now`
  result.findings.push(warning('gone', message))
}

const dayIn = ({ key, modified }: ListedObject): string =>
  dayOfFile(key) ?? (placeOf(key).day || dayOf(modified))

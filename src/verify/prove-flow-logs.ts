// Proves the collection of flow logs. AWS signs no list of them, so what lies
// in the bucket is all there is to hold the cursor against: each leaf's days,
// as far as the cursor keeps them.

import type { Layout } from '../cursor/cursor-state.ts'
import {
  addDays,
  dayOf,
  dayOfFile,
  dayPrefix,
  daysBetween,
} from '../find/day-folders.ts'
import { discoverLeaves } from '../find/leaves.ts'
import { inOrder } from '../find/pool.ts'
import { noFindings, noteError, trackReached } from '../find/search-result.ts'
import { messageOf } from '../report/words.ts'
import { SourceError } from '../s3/errors/source-error.ts'
import { isFolderMarker, type ListedObject } from '../s3/object-store.ts'
import { pages } from '../s3/pages.ts'
import type { LogCheck } from './check-log.ts'
import {
  countLog,
  emptyResult,
  noteState,
  type LeafResult,
  listingFault,
} from './leaf-result.ts'
import { placeOf } from './log-place.ts'
import { reasonOf } from './log-state.ts'
import {
  fromOf,
  judgeOf,
  rangeOf,
  type ProveContext,
  type StartedProof,
} from './prove.ts'
import { checkAll } from './verify-leaf.ts'

interface FlowLeaf {
  prefix: string
  layout: Layout
}

const PARALLEL = 4
const OWNER =
  /(?:^|\/)(?:aws-account-id=)?(\d{12})\/[^/]+\/(?:aws-region=)?([^/]+)\/$/

/** Looks for the leaves, and begins; errors of folders are findings. */
export async function proveFlowLogs(
  context: ProveContext,
): Promise<StartedProof> {
  const { scope, signal } = context
  const findings = noFindings()
  const leaves = new Map<string, FlowLeaf>()
  const add = (prefix: string, layout: Layout): void =>
    void leaves.set(`${prefix} ${layout}`, { prefix, layout })
  // Asked for once the first answer has told the time.
  const firstWalked = (): string => addDays(dayOf(fromOf([], context)), -1)
  await discoverLeaves([{ prefix: scope.FilePath, after: '' }], {
    store: trackReached(context.store, findings),
    scope,
    signal,
    firstDay: firstWalked,
    mayGoOn: () => !signal.aborted && !findings.isHopeless,
    onLeaf: add,
    onError: error => noteError(error, findings),
  })
  const all = [...leaves.values()].toSorted((a, b) =>
    a.prefix < b.prefix ? -1 : 1,
  )
  const range = rangeOf(
    all.map(({ prefix }) => [prefix]),
    context,
  )
  const results = inOrder(all, PARALLEL, leaf =>
    proveLeaf(leaf, range.to, context),
  )
  const said = findings.errors.map(error => listingFault(messageOf(error)))
  return { ...range, findings, said, results }
}

async function proveLeaf(
  leaf: FlowLeaf,
  to: number,
  context: ProveContext,
): Promise<LeafResult> {
  const { signal } = context
  const [, account = '', region = ''] = OWNER.exec(leaf.prefix) ?? []
  const result = emptyResult({ folder: leaf.prefix, account, region })
  const first = dayOf(fromOf([leaf.prefix], context))
  const days = daysBetween(first, addDays(dayOf(to - 1), 1))
  try {
    if (leaf.layout === 'flat')
      await proveFolder(leaf, undefined, new Set(days), to, result, context)
    else
      for (const day of days) {
        if (signal.aborted) break
        await proveFolder(leaf, day, new Set([day]), to, result, context)
      }
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    result.findings.push(listingFault(messageOf(error)))
  }
  return result
}

async function proveFolder(
  { prefix, layout }: FlowLeaf,
  day: string | undefined,
  days: ReadonlySet<string>,
  to: number,
  result: LeafResult,
  context: ProveContext,
): Promise<void> {
  const { store, signal, cursor, stored } = context
  const judge = judgeOf(context)
  const request = {
    prefix: day === undefined ? prefix : dayPrefix(prefix, layout, day),
    delimiter: day === undefined,
    startAfter: '',
    signal,
  }
  const isDue = (object: ListedObject): boolean =>
    !isFolderMarker(object) &&
    days.has(day ?? dayIn(object)) &&
    // What came since is not claimed.
    (object.modified < to || (day ?? dayIn(object)) < dayOf(to))
  for await (const page of pages(store, request)) {
    if (page.fault) throw page.fault
    const checks: LogCheck[] = []
    for (const object of page.objects) {
      if (!isDue(object)) continue
      const place = { key: object.key, day: day ?? dayIn(object) }
      countLog(result, place.day)
      const state = judge(object)
      noteState(result, place, state, reasonOf(object.key, cursor.state))
      if (state === 'collected' && stored)
        checks.push({ log: object, day: place.day, hash: undefined, stored })
    }
    await checkAll(checks, result, context)
    if (signal.aborted) return
  }
}

const dayIn = ({ key, modified }: ListedObject): string =>
  dayOfFile(key) ?? (placeOf(key).day || dayOf(modified))

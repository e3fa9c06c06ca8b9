// Lists one partition and hands on the objects that are not settled. The
// cursor's sets decide that, never the highest key or date, which would lose
// late arrivals. It keeps the start of the next listing for the end of the
// cycle: before the first key that is still pending or fresh.

import type { Clock } from '../clock.ts'
import type { Cursor } from '../cursor/cursor.ts'
import type { CursorState, Leaf } from '../cursor/cursor-state.ts'
import { isSetAside } from '../cursor/shelve.ts'
import { isTaken } from '../cursor/taken-objects.ts'
import { isSuspect } from './clock-judgement.ts'
import { letInTooLate } from './changed-patterns.ts'
import { dayOf, dayOfFile } from './day-folders.ts'
import { isCollected, wasCollected } from './known-objects.ts'
import {
  beginAgain,
  beginListing,
  keysOf,
  recordError,
  recordPage,
  tooOftenAnew,
  type Candidate,
  type ListingResult,
} from './listing-result.ts'
import { isRefused } from './refused-leaves.ts'
import {
  isFolderMarker,
  type ListedObject,
  type ObjectStore,
} from '../s3/object-store.ts'
import { lastName, laterOf, pages, type JudgedPage } from '../s3/pages.ts'
import {
  firstLateDay,
  FRESH_MS,
  isLate,
  isWholeDue,
  type DuePartition,
  type WindowSettings,
} from './window.ts'

export interface ListingContext {
  store: ObjectStore
  cursor: Pick<Cursor, 'state' | 'commit'>
  /** The older days, in a partition's first listings: it may have had another name before. */
  older?: CursorState | undefined
  settings: WindowSettings
  signal: AbortSignal
  /** S3's time in ms since 1970. */
  now(): number
  clock: Pick<Clock, 'elapsed'>
  matchesPatterns(key: string): boolean
  /** Hands on objects that failed before, too, instead of leaving them to their retries. */
  takesFailed?: boolean
  /** Takes the new objects of a page; false when no more are taken in this cycle. */
  onFound(found: Candidate[]): Promise<boolean>
  /** Tells whether there is time for another page. */
  hasTime(): boolean
  counts: ListingCounts
}

export interface ListingCounts {
  objects_found: number
  /** Objects that Inclusions or Exclusions left out. */
  objects_filtered: number
}

/** Lists a partition within the limits of time and takers; an error ends the listing and is kept in the result. */
export async function listFolder(
  due: DuePartition,
  context: ListingContext,
): Promise<ListingResult> {
  const { partition } = due
  const isWhole = (): boolean =>
    isWholeDue(partition, context.settings, context.now())
  const result = beginListing(partition, isWhole(), context.now())
  const goesOn = partition.resume !== '' || partition.token !== ''
  const turnsWhole = (): boolean => !goesOn && !result.whole && isWhole()
  try {
    const asked = context.clock.elapsed()
    for await (const page of pagesOf(due, result, turnsWhole, context)) {
      result.began ||= context.now() - (context.clock.elapsed() - asked)
      result.fault ??= page.fault
      if (!page.inOrder) result.disordered = true
      if (!(await takePage(page, due, result, context))) break
      result.complete = page.next === undefined
      recordPage(page, result)
      if (!context.hasTime()) break
    }
  } catch (error) {
    recordError(error, result)
  }
  result.error ??= result.fault ?? tooOftenAnew(result)
  return result
}

// The first page may bring S3's time, and so show that a whole listing is due.
async function* pagesOf(
  { partition, leaf }: DuePartition,
  result: ListingResult,
  turnsWhole: () => boolean,
  { store, signal }: ListingContext,
): AsyncGenerator<JudgedPage> {
  const request = {
    prefix: partition.prefix,
    delimiter: leaf.layout === 'flat',
    ...(isRefused(leaf) && { tries: 1 }),
    signal,
  }
  const { last: startAfter } = result
  const token = partition.token || undefined
  const onLost = (): string => beginAgain(result)
  let isFirst = true
  for await (const page of pages(
    store,
    { ...request, startAfter, token },
    Infinity,
    onLost,
  )) {
    if (isFirst && turnsWhole()) {
      Object.assign(result, { whole: true, last: '' })
      return yield* pages(store, { ...request, startAfter: '' })
    }
    isFirst = false
    yield page
  }
}

async function takePage(
  page: JudgedPage,
  { partition, leaf }: DuePartition,
  result: ListingResult,
  context: ListingContext,
): Promise<boolean> {
  const now = context.now()
  const { cursor, older, settings } = context
  // A suspect clock does not decide which objects are late.
  const lateFrom = isSuspect(cursor.state)
    ? leaf.from
    : firstLateDay(cursor.state, settings, now)
  let isTooLate: ReturnType<typeof letInTooLate> | undefined
  const found: Candidate[] = []
  result.listed = now
  const seen = page.inOrder ? undefined : keysOf(result)
  for (const object of page.objects) {
    if (seen?.has(object.key)) continue
    seen?.add(object.key)
    const day = partition.day || dayIn(leaf, object)
    const late = day < leaf.from
    const settled =
      isFolderMarker(object) ||
      (late && (day < lateFrom || !isLate(leaf, day, object.modified))) ||
      isCollected(object, partition, day, cursor) ||
      (!context.takesFailed && isSetAside(cursor.state, object.key)) ||
      isTaken(cursor.state, object) ||
      !passesPatterns(object, context) ||
      wasCollected(object, partition, day, cursor, older) ||
      (late && (isTooLate ??= letInTooLate(cursor.state))(object))
    const position = ++result.seen
    if (!settled) {
      const { pending, last } = result
      const candidate: Candidate = {
        key: object.key,
        size: object.size,
        etag: object.etag,
        modified: object.modified,
        folder: partition,
        day,
        late,
        before: last,
        position,
        pending,
      }
      pending.add(candidate)
      found.push(candidate)
      if (late) result.late++
      if (!late && (result.unclean === '' || day < result.unclean))
        result.unclean = day
    }
    if (result.fresh === undefined && now - object.modified < FRESH_MS)
      result.fresh = { before: result.last, position }
    result.last = page.inOrder ? object.key : laterOf(result.last, object.key)
  }
  if (page.folders.length > 0)
    result.last = laterOf(result.last, lastName(page))
  context.counts.objects_found += found.length
  return found.length === 0 || context.onFound(found)
}

// An object that AWS named for a closed day but that arrived or changed since
// belongs to the day of that change: it was never collected.
function dayIn(leaf: Leaf, { key, modified }: ListedObject): string {
  const named = dayOfFile(key)
  return named !== undefined && named >= leaf.from ? named : dayOf(modified)
}

function passesPatterns(
  object: ListedObject,
  context: ListingContext,
): boolean {
  const wanted = context.matchesPatterns(object.key)
  if (!wanted) context.counts.objects_filtered++
  return wanted
}

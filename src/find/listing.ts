// Lists one partition and hands on the objects that are not settled. The
// cursor's sets decide that, never the highest key or date, which would lose
// late arrivals. It keeps the start of the next listing for the end of the
// cycle: before the first key that is still pending or fresh.

import type { Clock } from '../clock.ts'
import type { CursorState, Leaf } from '../cursor/cursor-state.ts'
import { isSetAside } from '../cursor/shelve.ts'
import { isTaken } from '../cursor/taken-objects.ts'
import { isSuspect } from './clock-judgement.ts'
import { letInTooLate } from './changed-patterns.ts'
import { dayOf, dayOfFile } from './day-folders.ts'
import { isCollected, wasCollected, type Known } from './known-objects.ts'
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
import type { S3Clock } from '../s3/s3-clock.ts'
import {
  isFolderMarker,
  type ListedObject,
  type Lists,
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

/** The bucket to search, and the clock and settings of the search. */
export interface Asking {
  store: Lists
  settings: WindowSettings
  s3Clock: S3Clock
  signal: AbortSignal
}

/** The same, with the test for wanted objects and the counts. */
export interface Wanted extends Asking {
  matchesPatterns(key: string): boolean
  counts: ListingCounts
}

/** The inputs of the listings of partitions. */
export interface Listing extends Wanted {
  cursor: Known
  clock: Clock
  /** Hands on objects that failed before, too, instead of leaving them to their retries. */
  takesFailed?: boolean
}

/** Takes the objects that a listing finds. */
export interface Taker {
  /** Takes the new objects of a page; false when no more are taken in this cycle. */
  onFound(found: Candidate[]): Promise<boolean>
  /** Tells whether there is time for another page. */
  hasTime(): boolean
}

export interface ListingCounts {
  objects_found: number
  /** Objects that Inclusions or Exclusions left out. */
  objects_filtered: number
}

/** Lists a partition within the limits of time and takers; an error ends the listing and is kept in the result. `older` are the older days, in a partition's first listings: it may have had another name before. */
export async function listFolder(
  due: DuePartition,
  listing: Listing,
  taker: Taker,
  older?: CursorState,
): Promise<ListingResult> {
  const { partition } = due
  const { settings, s3Clock, clock } = listing
  const isWhole = (): boolean => isWholeDue(partition, settings, s3Clock.now())
  const result = beginListing(partition, isWhole(), s3Clock.now())
  const goesOn = partition.resume !== '' || partition.token !== ''
  const turnsWhole = (): boolean => !goesOn && !result.whole && isWhole()
  try {
    const asked = clock.elapsed()
    for await (const page of pagesOf(due, result, turnsWhole, listing)) {
      result.began ||= s3Clock.now() - (clock.elapsed() - asked)
      result.fault ??= page.fault
      if (!page.inOrder) result.disordered = true
      const found = readPage(page, due, result, listing, older)
      if (found.length > 0 && !(await taker.onFound(found))) break
      result.complete = page.next === undefined
      recordPage(page, result)
      if (!taker.hasTime()) break
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
  { store, signal }: Asking,
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

function readPage(
  page: JudgedPage,
  { partition, leaf }: DuePartition,
  result: ListingResult,
  listing: Listing,
  older: CursorState | undefined,
): Candidate[] {
  const { cursor, settings, counts } = listing
  const now = listing.s3Clock.now()
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
      (!listing.takesFailed && isSetAside(cursor.state, object.key)) ||
      isTaken(cursor.state, object) ||
      !passesPatterns(object, listing) ||
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
  counts.objects_found += found.length
  return found
}

// An object that AWS named for a closed day but that arrived or changed since
// belongs to the day of that change: it was never collected.
function dayIn(leaf: Leaf, { key, modified }: ListedObject): string {
  const named = dayOfFile(key)
  return named !== undefined && named >= leaf.from ? named : dayOf(modified)
}

function passesPatterns({ key }: ListedObject, listing: Wanted): boolean {
  const wanted = listing.matchesPatterns(key)
  if (!wanted) listing.counts.objects_filtered++
  return wanted
}

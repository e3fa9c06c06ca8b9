// Lists one folder and hands on the objects that are not settled, by asking
// the cursor's sets: never by highest key or date, which lose what arrives
// late. Keeps what the end of the cycle needs to say where the next listing
// begins: before the first key that is still unsettled or fresh.

import type { Clock } from '../clock.ts'
import type { Cursor } from '../cursor/cursor.ts'
import type {
  CursorState,
  Folder,
  ListingState,
} from '../cursor/cursor-state.ts'
import type { FoundObject } from '../cursor/failed-objects.ts'
import { isSuspect } from './clock-judgement.ts'
import { dayOf, dayOfFile } from './day-folders.ts'
import { isCollected, wasCollected } from './known-objects.ts'
import {
  isFolderMarker,
  type ListedObject,
  type ListPage,
  type ObjectStore,
} from '../s3/object-store.ts'
import { lastName, pages } from '../s3/pages.ts'
import {
  firstLateDay,
  FRESH_MS,
  isLate,
  isWholeDue,
  type DuePartition,
  type WindowSettings,
} from './window.ts'

/** An object to collect, and how it was found. */
export interface Candidate extends FoundObject {
  /** In a retry, the version of which `size` is known. */
  lastEtag?: string
  /** Its day was no longer open. */
  late?: boolean
  /** The key listed before it, where a later listing can start. */
  before: string
  /** Its place in the listing. */
  position: number
  /** What of its listing is unsettled; it leaves when it is committed or failed. */
  unsettled: Set<Candidate>
}

export interface ListingContext {
  store: ObjectStore
  cursor: Pick<Cursor, 'state' | 'commit'>
  /** The older days, in a folder's first listings: it may have had another name before. */
  older?: CursorState | undefined
  settings: WindowSettings
  signal: AbortSignal
  /** S3's time in ms since 1970. */
  now(): number
  clock: Pick<Clock, 'elapsed'>
  isWanted(key: string): boolean
  /** Hands on objects that failed before, too; they are not left to their retries. */
  takesFailed?: boolean
  /** Takes the new objects of a page; false when no more are taken in this cycle. */
  offer(found: Candidate[]): Promise<boolean>
  /** Says whether there is time for another page. */
  mayGoOn(): boolean
  counts: ListingCounts
}

export interface ListingCounts {
  objects_found: number
  /** Objects that Inclusions or Exclusions left out. */
  objects_filtered: number
}

/** How far a listing came. */
export interface ListingResult {
  folder: Folder
  whole: boolean
  began: number
  complete: boolean
  listed: number
  /** The last key seen, and how many were. */
  last: string
  seen: number
  /** How many late objects were found. */
  late: number
  /** Where the first fresh key lies, if one was seen. */
  fresh: { before: string; position: number } | undefined
  unsettled: Set<Candidate>
  unclean: string
  error: unknown
}

/** Lists a folder as far as time and takers allow; an error ends it and is kept in the result. */
export async function listFolder(
  due: DuePartition,
  context: ListingContext,
): Promise<ListingResult> {
  const { folder } = due
  const goesOn = folder.resume !== ''
  const isWhole = (): boolean =>
    isWholeDue(folder, context.settings, context.now())
  const startAfter = goesOn ? folder.resume : isWhole() ? '' : folder.after
  const result: ListingResult = {
    folder,
    whole: goesOn ? folder.begun !== 0 : startAfter === '',
    began: folder.begun,
    complete: false,
    listed: context.now(),
    last: startAfter,
    seen: 0,
    late: 0,
    // A fresh key seen before the listing was cut holds the tail's start.
    fresh:
      goesOn && folder.after !== folder.resume
        ? { before: folder.after, position: -1 }
        : undefined,
    unsettled: new Set(),
    unclean: goesOn ? folder.unclean : '',
    error: undefined,
  }
  const turnsWhole = (): boolean => !goesOn && !result.whole && isWhole()
  try {
    const asked = context.clock.elapsed()
    for await (const page of pagesOf(due, result, turnsWhole, context)) {
      result.began ||= context.now() - (context.clock.elapsed() - asked)
      if (!(await takePage(page, due, result, context))) break
      result.complete = page.next === undefined
      if (!context.mayGoOn()) break
    }
  } catch (error) {
    result.error = error
  }
  return result
}

// S3's clock may be learnt with the first page, and with it that a sweep is due.
async function* pagesOf(
  { folder, leaf }: DuePartition,
  result: ListingResult,
  turnsWhole: () => boolean,
  { store, signal }: ListingContext,
): AsyncGenerator<ListPage> {
  const request = {
    prefix: folder.prefix,
    delimiter: leaf.layout === 'flat',
    signal,
  }
  const { last: startAfter } = result
  let isFirst = true
  for await (const page of pages(store, { ...request, startAfter })) {
    if (isFirst && turnsWhole()) {
      Object.assign(result, { whole: true, last: '' })
      return yield* pages(store, { ...request, startAfter: '' })
    }
    isFirst = false
    yield page
  }
}

async function takePage(
  page: ListPage,
  { folder, leaf }: DuePartition,
  result: ListingResult,
  context: ListingContext,
): Promise<boolean> {
  const now = context.now()
  const { cursor, older, settings } = context
  // A clock that is suspect does not say what is late.
  const lateFrom = isSuspect(cursor)
    ? leaf.from
    : firstLateDay(cursor, settings, now)
  const found: Candidate[] = []
  result.listed = now
  for (const object of page.objects) {
    const day = folder.day || dayOfFile(object.key) || dayOf(object.modified)
    const late = day < leaf.from
    const settled =
      isFolderMarker(object) ||
      (late && (day < lateFrom || !isLate(leaf, day, object.modified))) ||
      isCollected(object, folder, day, cursor) ||
      (!context.takesFailed && cursor.state.failed.has(object.key)) ||
      !isWantedHere(object, context) ||
      wasCollected(object, folder, day, cursor, older)
    const position = ++result.seen
    if (!settled) {
      const { unsettled, last } = result
      const place = { folder, day, late, before: last, position, unsettled }
      const candidate: Candidate = { ...object, ...place }
      unsettled.add(candidate)
      found.push(candidate)
      if (late) result.late++
      if (!late && (result.unclean === '' || day < result.unclean))
        result.unclean = day
    }
    if (result.fresh === undefined && now - object.modified < FRESH_MS)
      result.fresh = { before: result.last, position }
    result.last = object.key
  }
  if (page.folders.length > 0) result.last = lastName(page)
  context.counts.objects_found += found.length
  return found.length === 0 || context.offer(found)
}

function isWantedHere(object: ListedObject, context: ListingContext): boolean {
  const wanted = context.isWanted(object.key)
  if (!wanted) context.counts.objects_filtered++
  return wanted
}

/** Says, at the end of a cycle, from where the folder is to be listed next. */
export function nextListing(result: ListingResult): ListingState {
  const { folder, whole, began, complete, last, fresh, unclean } = result
  const [first] = result.unsettled
  const freshFirst =
    fresh && (first === undefined || fresh.position <= first.position)
  const open = first?.before ?? last
  const after = freshFirst ? fresh.before : open
  const common = {
    listed: result.listed,
    after,
    unclean: whole ? unclean : folder.unclean,
  }
  if (!complete)
    return {
      ...common,
      swept: folder.swept,
      begun: whole ? began : 0,
      resume: open,
      dirty: true,
    }
  return {
    ...common,
    swept: whole ? began : folder.swept,
    begun: 0,
    resume: '',
    dirty: first !== undefined,
  }
}

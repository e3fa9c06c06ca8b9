// Looks for late arrivals once a day: lists the older days of each leaf (those
// before the window that are closed or may be) and hands on the objects that
// neither the cursor nor its file of older days knows and that are not history.
// A leaf is one listing, not one a day, so a quiet leaf costs one LIST. A look
// that time cut continues in the next cycle; a failing leaf comes after the
// others. Leaves without dates need no look: each sweep lists them whole.

import type { Cursor } from '../cursor/cursor.ts'
import type { CursorState, Partition, Leaf } from '../cursor/cursor-state.ts'
import { isSetAside } from '../cursor/shelve.ts'
import { isTaken } from '../cursor/taken-objects.ts'
import { letInTooLate } from './changed-patterns.ts'
import { addDays, daysBetween, dayOf, dayPrefix } from './day-folders.ts'
import { isFolderMarker, type ListedObject } from '../s3/object-store.ts'
import { SourceError } from '../s3/errors/source-error.ts'
import { laterOf, pages, type JudgedPage } from '../s3/pages.ts'
import { inParallel } from './pool.ts'
import { isIn, isKnownElsewhere } from './known-objects.ts'
import type { Taker, Wanted } from './listing.ts'
import type { Candidate } from './listing-result.ts'
import { isRefused } from './refused-leaves.ts'
import { daysBehind, firstLateDay, partitionOf, isLate } from './window.ts'

/** The progress of the look at a leaf's older days. */
export interface LookBackResult {
  leaf: Leaf
  listed: number
  complete: boolean
  /** The last key seen. */
  last: string
  /** The number of late objects found, and those of them that are pending. */
  late: number
  pending: Set<Candidate>
  /** Keys came out of order: the look has to see the whole leaf in one cycle. */
  disordered: boolean
  error: unknown
}

/** The inputs of a look at older days. */
export interface LookingBack extends Wanted {
  cursor: Cursor
}

/** Takes the late objects that a look finds. */
export interface LateTaker extends Taker {
  /** Tells whether a partition has its own listing in this cycle. */
  isPlanned(folder: Partition): boolean
}

const CONCURRENCY = 4

/** Tells whether a leaf's older days are due on a day; those of a refused leaf are due once it can be read. */
export function isLookBackDue(leaf: Leaf, today: string): boolean {
  return leaf.layout !== 'flat' && leaf.looked !== today && !isRefused(leaf)
}

/** Looks at the due leaves within the time, and at one page at least; throws CursorError. */
export async function lookBack(
  leaves: readonly Leaf[],
  looking: LookingBack,
  taker: LateTaker,
  note: (result: LookBackResult) => void,
): Promise<void> {
  const { cursor, settings, s3Clock, signal } = looking
  if (settings.LateArrivalDays === 0) return
  const today = dayOf(s3Clock.now())
  // The next leaf is last.
  const due = leaves
    .filter(leaf => isLookBackDue(leaf, today))
    .toSorted((a, b) => b.lookedAt - a.lookedAt)
  if (due.length === 0) return
  const older =
    cursor.state.older.upTo === '' ? undefined : await cursor.older()

  let first = true
  const hasTime = (): boolean => !signal.aborted && (first || taker.hasTime())
  const look = async (leaf: Leaf): Promise<void> => {
    first = false
    note(await lookAt(leaf, older, looking, taker))
  }
  await inParallel(due, hasTime, look, CONCURRENCY)
}

async function lookAt(
  leaf: Leaf,
  older: Cursor | undefined,
  looking: LookingBack,
  taker: LateTaker,
): Promise<LookBackResult> {
  const { cursor, settings, s3Clock, store, signal } = looking
  const { prefix, layout } = leaf
  const now = s3Clock.now()
  const behind = daysBehind(leaf, cursor, settings, now)
  const late = firstLateDay(cursor.state, settings, now)
  const start = dayPrefix(prefix, layout, late)
  const result: LookBackResult = {
    leaf,
    listed: now,
    complete: behind.length === 0,
    last: leaf.lookAfter > start ? leaf.lookAfter : start,
    late: 0,
    pending: new Set(),
    disordered: isDisordered(leaf, cursor.state, now),
    error: undefined,
  }
  if (result.complete) return result
  const take = pageTaker(result, behind, older, looking, taker)
  const request = { prefix, delimiter: false, startAfter: result.last, signal }
  try {
    for await (const page of pages(store, request)) {
      result.error ??= page.fault
      result.disordered ||= !page.inOrder
      if (!(await take(page))) break
      result.complete ||= page.next === undefined
      if (result.complete || !taker.hasTime()) break
    }
  } catch (error) {
    result.error = error
  }
  if (result.disordered && !result.complete) result.error ??= disorder(prefix)
  return result
}

function isDisordered(
  { prefix, layout, from }: Leaf,
  { partitions }: CursorState,
  now: number,
): boolean {
  return daysBetween(from, addDays(dayOf(now), 1)).some(
    day => partitions.get(dayPrefix(prefix, layout, day))?.disordered,
  )
}

const disorder = (prefix: string): SourceError =>
  new SourceError(
    `listing ${prefix}: the store gives keys out of order, or ignores StartAfter, so the look for late arrivals must begin anew in the next cycle; raise MaxCycleSeconds and MaxResultCount, or mend the store`,
    { code: 'BadStore', kind: 'object' },
  )

// Makes the function that handles a page; it gives false when no more objects
// are taken in this cycle.
function pageTaker(
  result: LookBackResult,
  behind: readonly string[],
  older: Cursor | undefined,
  looking: LookingBack,
  taker: LateTaker,
): (page: JudgedPage) => Promise<boolean> {
  const { leaf, pending } = result
  const { cursor, counts } = looking
  const { prefix, layout } = leaf
  const days = new Map(
    behind
      .filter(day => !taker.isPlanned(partitionOf(leaf, day, cursor)))
      .map(day => [dayPrefix(prefix, layout, day), day]),
  )
  const end = dayPrefix(prefix, layout, addDays(behind.at(-1) ?? leaf.from, 1))

  const isTooLate = letInTooLate(cursor.state)
  const states = older ? [cursor.state, older.state] : [cursor.state]
  const isNew = (key: string, day: string, object: ListedObject): boolean =>
    isLate(leaf, day, object.modified) &&
    !isFolderMarker(object) &&
    !isSetAside(cursor.state, object.key) &&
    !isTaken(cursor.state, object) &&
    looking.matchesPatterns(object.key) &&
    !states.some(({ partitions }) => isIn(partitions.get(key), object)) &&
    !isKnownElsewhere(object, key, states) &&
    !isTooLate(object)

  return async page => {
    const found: Candidate[] = []
    // Overlapping pages show an object twice.
    const before = page.inOrder ? [] : [...pending]
    const seen = new Set(before.map(({ key }) => key))
    for (const object of page.objects) {
      if (seen.has(object.key)) continue
      if (!page.inOrder) seen.add(object.key)
      if (object.key >= end) {
        if (result.disordered) continue
        result.complete = true
        break
      }
      const folder = object.key.slice(0, end.length)
      const day = days.get(folder)
      if (day !== undefined && isNew(folder, day, object)) {
        const candidate: Candidate = {
          ...object,
          folder: cursor.partition(folder, day),
          day,
          late: true,
          before: result.last,
          position: ++result.late,
          pending,
        }
        pending.add(candidate)
        found.push(candidate)
      }
      result.last = laterOf(result.last, object.key)
    }
    counts.objects_found += found.length
    return found.length === 0 || taker.onFound(found)
  }
}

/** Gives the progress of the look at a leaf, at the end of a cycle. */
export function nextLook(
  result: LookBackResult,
  now: number,
): Pick<Leaf, 'looked' | 'lookedAt' | 'lookAfter'> {
  const [first] = result.pending
  const { listed: lookedAt, disordered } = result
  return result.complete && first === undefined
    ? { looked: dayOf(now), lookedAt, lookAfter: '' }
    : {
        looked: '',
        lookedAt,
        lookAfter: disordered ? '' : (first?.before ?? result.last),
      }
}

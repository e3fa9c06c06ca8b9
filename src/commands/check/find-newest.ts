// Looks for the newest log object: in the days of the window, newest day first,
// and if these are empty, in the newest day of all. Age goes by Last-Modified,
// since keys of different accounts or regions are not in order of time.

import { addDays, dayOf, dayPrefix } from '../../find/day-folders.ts'
import { isFolderMarker, type ListedObject } from '../../s3/object-store.ts'
import { firstPage, pages } from '../../s3/pages.ts'
import { inParallel } from '../../find/pool.ts'
import { firstDay } from '../../find/window.ts'
import type { FoundLeaf } from '../../find/leaves.ts'
import type { AskedBucket } from './checked-bucket.ts'
import { timeLimit } from '../../s3/errors/no-answer.ts'

export interface Newest {
  /** The newest object that the patterns let through. */
  object: ListedObject | undefined
  /** The newest object of each folder with objects. */
  ofEach: ListedObject[]
  /** True if its day is before the window. */
  isOld: boolean
  wanted: number
  leftOut: number
  /** The first few names that the patterns leave out. */
  leftOutNames: string[]
  /** The number of left-out objects with names of Parquet. */
  leftOutParquet: number
  errors: unknown[]
}

/** The number of folders looked into at most. */
export const MAX_FOLDERS = 200
const MAX_OLD_FOLDERS = 16
const MAX_PAGES = 20
const MAX_NAMES = 3
const PARQUET = '.parquet'
const SECONDS = 8
/** Finds the newest object in folders with logs. */
export async function findNewest(
  folders: readonly FoundLeaf[],
  isWanted: (key: string) => boolean,
  bucket: AskedBucket,
): Promise<Newest> {
  const newest: Newest = {
    object: undefined,
    ofEach: [],
    isOld: false,
    wanted: 0,
    leftOut: 0,
    leftOutNames: [],
    leftOutParquet: 0,
    errors: [],
  }
  const signal = timeLimit(SECONDS, bucket.stop)
  const search: Search = { bucket, newest, isWanted, signal }
  await forEach(folders.slice(0, MAX_FOLDERS), search, lookInWindow)
  if (newest.wanted + newest.leftOut > 0) return newest
  newest.isOld = true
  await forEach(folders.slice(0, MAX_OLD_FOLDERS), search, lookInNewestDay)
  if (search.signal.aborted && newest.wanted + newest.leftOut === 0)
    newest.errors.push(search.signal.reason)
  return newest
}

interface Search {
  bucket: AskedBucket
  newest: Newest
  isWanted(key: string): boolean
  signal: AbortSignal
}

async function forEach(
  folders: readonly FoundLeaf[],
  search: Search,
  look: (folder: FoundLeaf, search: Search) => Promise<void>,
): Promise<void> {
  const { signal, newest } = search
  const mayGoOn = (): boolean => !signal.aborted
  await inParallel(folders.toReversed(), mayGoOn, async folder => {
    try {
      await look(folder, search)
    } catch (error) {
      // A listing that time cut off is not a fault.
      if (!signal.aborted) newest.errors.push(error)
    }
  })
}

async function lookInWindow(
  { prefix, layout }: FoundLeaf,
  search: Search,
): Promise<void> {
  const { settings, s3Clock } = search.bucket
  if (layout === 'flat') return void (await takeAll(prefix, search, true))
  const now = s3Clock.now()
  const first = firstDay(now, settings)
  for (let day = dayOf(now); day >= first; day = addDays(day, -1)) {
    const found = await takeAll(dayPrefix(prefix, layout, day), search)
    if (found !== undefined) return
  }
}

const DATES = [/^(year=)?\d{4}$/, /^(month=)?\d\d$/, /^(day=)?\d\d$/]

async function lookInNewestDay(
  { prefix, layout }: FoundLeaf,
  search: Search,
): Promise<void> {
  if (layout === 'flat') return
  const { bucket, signal } = search
  let folder = prefix
  for (const date of DATES) {
    const page = await firstPage(bucket.store, {
      prefix: folder,
      delimiter: true,
      startAfter: '',
      signal,
    })
    const next = page.folders.findLast(one =>
      date.test(one.slice(folder.length, -1)),
    )
    if (next === undefined) return
    folder = next
  }
  await takeAll(folder, search)
}

/** Takes in all objects of a folder and gives the newest that the patterns let through. */
async function takeAll(
  prefix: string,
  { bucket, newest, isWanted, signal }: Search,
  delimiter = false,
): Promise<ListedObject | undefined> {
  const request = { prefix, delimiter, startAfter: '', signal }
  let own: ListedObject | undefined
  for await (const page of pages(bucket.store, request, MAX_PAGES))
    for (const object of page.objects) {
      if (isFolderMarker(object)) continue
      if (!isWanted(object.key)) leaveOut(object, newest)
      else {
        newest.wanted++
        own = later(own, object)
      }
    }
  if (own !== undefined) {
    newest.ofEach.push(own)
    newest.object = later(newest.object, own)
  }
  return own
}

const later = (
  one: ListedObject | undefined,
  other: ListedObject,
): ListedObject =>
  one === undefined || other.modified >= one.modified ? other : one

function leaveOut({ key }: ListedObject, newest: Newest): void {
  newest.leftOut++
  if (key.endsWith(PARQUET)) newest.leftOutParquet++
  if (newest.leftOutNames.length < MAX_NAMES)
    newest.leftOutNames.push(key.slice(key.lastIndexOf('/') + 1))
}

// How far the listing of a folder came, and where the next one begins: before
// the first key that is still unsettled or fresh. Where keys came out of order
// no key says how far it came: such a listing goes on by its token alone.

import type { Folder, ListingState } from '../cursor/cursor-state.ts'
import type { FoundObject } from '../cursor/failed-objects.ts'
import { isCutOff, SourceError } from '../s3/errors/source-error.ts'
import { isEmptyPage, type ListedObject } from '../s3/object-store.ts'
import type { JudgedPage } from '../s3/pages.ts'

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

/** Gives the ETag of the version whose size is known, '' if none was told. */
export const listedEtag = ({ etag, lastEtag }: Candidate): string =>
  etag ?? lastEtag ?? ''

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
  /** How the next listing may go on, '' if by name alone. */
  token: string
  /** Its names came out of order, or again, in this listing or the last whole one. */
  disordered: boolean
  restarts: number
  /** The keys of the last page. */
  page: ListedObject[]
  /** What could not be read in its pages. */
  fault: unknown
  /** It went on where one before was cut. */
  wentOn: boolean
  /** It went on by name: where names say nothing, some may have been left out. */
  byName: boolean
  /** All names came in order. */
  inOrder: boolean
  error: unknown
}

/** Begins a listing, or has the one that was cut go on; a whole one if it is due. */
export function beginListing(
  folder: Folder,
  isWhole: boolean,
  now: number,
): ListingResult {
  const wentOn = folder.resume !== '' || folder.token !== ''
  const startAfter = wentOn ? folder.resume : isWhole ? '' : folder.after
  return {
    folder,
    whole: wentOn ? folder.begun !== 0 : startAfter === '',
    began: folder.begun,
    complete: false,
    listed: now,
    last: startAfter,
    seen: 0,
    late: 0,
    // A fresh key seen before the listing was cut holds the tail's start.
    fresh:
      wentOn && folder.after !== folder.resume
        ? { before: folder.after, position: -1 }
        : undefined,
    unsettled: new Set(),
    unclean: wentOn ? folder.unclean : '',
    token: '',
    disordered: folder.disordered,
    restarts: folder.restarts,
    page: [],
    fault: undefined,
    wentOn,
    byName: folder.resume !== '' && folder.token === '',
    inOrder: true,
    error: undefined,
  }
}

/** Has a listing that lost its token go on by name or, where names say nothing, begin anew; gives the name to go on behind. */
export function beginAgain(result: ListingResult): string {
  if (!result.disordered) {
    result.byName = true
    return result.last
  }
  Object.assign(result, {
    whole: true,
    began: 0,
    last: '',
    fresh: undefined,
    unclean: '',
    wentOn: false,
    restarts: result.restarts + 1,
  })
  return ''
}

/** Notes how the listing goes on behind a page that was taken. */
export function notePage(page: JudgedPage, result: ListingResult): void {
  result.inOrder &&= page.inOrder
  result.page = page.objects
  result.token = isEmptyPage(page) || result.disordered ? (page.next ?? '') : ''
}

/** Notes what ended a listing. A token is tried once, unless nothing was asked. */
export function noteError(error: unknown, result: ListingResult): void {
  result.error = error
  if (isCutOff(error) && result.seen === 0 && result.page.length === 0)
    result.token ||= result.folder.token
  if (error instanceof SourceError && error.code === 'BadPage')
    result.token = ''
}

/** Gives the keys that came before and may come again. */
export function keysOf({ page, unsettled }: ListingResult): Set<string> {
  return new Set([...page, ...unsettled].map(({ key }) => key))
}

/** Tells of a listing that has begun anew before without coming to its end. */
export function tooOftenAnew({
  restarts,
  complete,
  folder,
}: ListingResult): SourceError | undefined {
  if (restarts < 2 || complete) return undefined
  return new SourceError(
    `listing ${folder.prefix}: the store gives keys out of order, or ignores StartAfter, and does not take its own token later on: no listing that one cycle cuts can come to its end; raise MaxCycleSeconds and MaxResultCount, or mend the store`,
    { code: 'BadStore', kind: 'object' },
  )
}

/** Says, at the end of a cycle, from where the folder is to be listed next; in an outage a cut listing goes on at its last key, since what it found before is refused again. */
export function nextListing(
  result: ListingResult,
  isOutage = false,
): ListingState {
  const { folder, began, complete, last, fresh, unclean } = result
  const whole = result.whole && !(result.disordered && result.byName)
  const [first] = result.unsettled
  const freshFirst =
    fresh && (first === undefined || fresh.position <= first.position)
  const open = first?.before ?? last
  const tail = freshFirst ? fresh.before : open
  const { disordered, restarts, token } = result
  const common = {
    listed: result.listed,
    after: disordered ? '' : tail,
    unclean: whole ? unclean : folder.unclean,
    token: '',
    disordered,
    restarts,
  }
  if (!complete)
    return {
      ...common,
      swept: folder.swept,
      begun: whole && (token !== '' || !disordered) ? began : 0,
      resume: disordered ? '' : isOutage ? last : open,
      // What lies before it must not wait for what the token leads to.
      token: disordered || first === undefined || isOutage ? token : '',
      dirty: true,
    }
  return {
    ...common,
    disordered: disordered && !(whole && result.inOrder),
    restarts: 0,
    swept: whole ? began : folder.swept,
    begun: 0,
    resume: '',
    dirty:
      first !== undefined ||
      (result.wentOn && disordered && !(whole && unclean === '')),
  }
}

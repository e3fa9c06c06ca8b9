// The progress of a partition's listing, and the start of the next one: before
// the first key that is still pending or fresh. Where keys came out of order,
// no key marks the progress, and the listing continues by its token alone.

import type { Partition, ListingState } from '../cursor/cursor-state.ts'
import type { FoundObject } from '../cursor/failed-objects.ts'
import { isCutOff, SourceError } from '../s3/errors/source-error.ts'
import { isEmptyPage, type ListedObject } from '../s3/object-store.ts'
import type { JudgedPage } from '../s3/pages.ts'

/** An object to collect, and how it was found. */
export interface Candidate extends FoundObject {
  /** In a retry, the ETag of the version whose `size` is known. */
  lastEtag?: string
  /** True if its day was already closed. */
  late?: boolean
  /** The key listed before it, at which a later listing can start. */
  before: string
  /** Its index in the listing. */
  position: number
  /** The pending objects of its listing; a committed or failed object is removed. */
  pending: Set<Candidate>
}

/** Gives the ETag of the version whose size is known, '' if S3 gave none. */
export const listedEtag = ({ etag, lastEtag }: Candidate): string =>
  etag ?? lastEtag ?? ''

/** The progress of a listing. */
export interface ListingResult {
  partition: Partition
  whole: boolean
  began: number
  complete: boolean
  listed: number
  /** The last key seen, and the number of keys seen. */
  last: string
  seen: number
  /** The number of late objects found. */
  late: number
  /** The position of the first fresh key, if one was seen. */
  fresh: { before: string; position: number } | undefined
  pending: Set<Candidate>
  unclean: string
  /** The token for the next listing, '' if it can only continue by name. */
  token: string
  /** Keys came out of order, or twice, in this listing or in the last whole one. */
  disordered: boolean
  restarts: number
  /** The keys of the last page. */
  page: ListedObject[]
  /** The error of unreadable entries in its pages. */
  fault: unknown
  /** It continues a listing that was cut. */
  wentOn: boolean
  /** It continued by name: if the keys are out of order, some may be missing. */
  byName: boolean
  /** All keys came in order. */
  inOrder: boolean
  error: unknown
}

/** Begins a listing, a whole one if it is due, or continues the one that was cut. */
export function beginListing(
  partition: Partition,
  isWhole: boolean,
  now: number,
): ListingResult {
  const wentOn = partition.resume !== '' || partition.token !== ''
  const startAfter = wentOn ? partition.resume : isWhole ? '' : partition.after
  return {
    partition,
    whole: wentOn ? partition.begun !== 0 : startAfter === '',
    began: partition.begun,
    complete: false,
    listed: now,
    last: startAfter,
    seen: 0,
    late: 0,
    // A fresh key seen before the cut still marks the start of the tail.
    fresh:
      wentOn && partition.after !== partition.resume
        ? { before: partition.after, position: -1 }
        : undefined,
    pending: new Set(),
    unclean: wentOn ? partition.unclean : '',
    token: '',
    disordered: partition.disordered,
    restarts: partition.restarts,
    page: [],
    fault: undefined,
    wentOn,
    byName: partition.resume !== '' && partition.token === '',
    inOrder: true,
    error: undefined,
  }
}

/** Continues a listing whose token was lost by name, or restarts it where keys are out of order; gives the key to continue after. */
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

/** Records the token for continuing after a handled page. */
export function recordPage(page: JudgedPage, result: ListingResult): void {
  result.inOrder &&= page.inOrder
  result.page = page.objects
  result.token = isEmptyPage(page) || result.disordered ? (page.next ?? '') : ''
}

/** Records the error that ended a listing. A token is tried once; it stays if nothing was asked. */
export function recordError(error: unknown, result: ListingResult): void {
  result.error = error
  if (isCutOff(error) && result.seen === 0 && result.page.length === 0)
    result.token ||= result.partition.token
  if (error instanceof SourceError && error.code === 'BadPage')
    result.token = ''
}

/** Gives the earlier keys that may come again. */
export function keysOf({ page, pending }: ListingResult): Set<string> {
  return new Set([...page, ...pending].map(({ key }) => key))
}

/** Makes the error of a listing that has restarted before and again did not reach its end. */
export function tooOftenAnew(result: ListingResult): SourceError | undefined {
  const { restarts, complete, partition } = result
  if (restarts < 2 || complete) return undefined
  return new SourceError(
    `listing ${partition.prefix}: the store gives keys out of order, or ignores StartAfter, and later rejects its own token: a listing that one cycle cuts can never finish; raise MaxCycleSeconds and MaxResultCount, or mend the store`,
    { code: 'BadStore', kind: 'object' },
  )
}

/** Gives, at the end of a cycle, the start of the partition's next listing. In an outage a cut listing continues at its last key, since the objects before it would be refused again. */
export function nextListing(
  result: ListingResult,
  isOutage = false,
): ListingState {
  const { partition, began, complete, last, fresh, unclean } = result
  const whole = result.whole && !(result.disordered && result.byName)
  const [first] = result.pending
  const freshFirst =
    fresh && (first === undefined || fresh.position <= first.position)
  const open = first?.before ?? last
  const tail = freshFirst ? fresh.before : open
  const { disordered, restarts, token } = result
  const common = {
    listed: result.listed,
    after: disordered ? '' : tail,
    unclean: whole ? unclean : partition.unclean,
    token: '',
    disordered,
    restarts,
  }
  if (!complete)
    return {
      ...common,
      swept: partition.swept,
      begun: whole && (token !== '' || !disordered) ? began : 0,
      resume: disordered ? '' : isOutage ? last : open,
      // The pending objects before it must not wait for the pages behind the
      // token.
      token: disordered || first === undefined || isOutage ? token : '',
      dirty: true,
    }
  return {
    ...common,
    disordered: disordered && !(whole && result.inOrder),
    restarts: 0,
    swept: whole ? began : partition.swept,
    begun: 0,
    resume: '',
    dirty:
      first !== undefined ||
      (result.wentOn && disordered && !(whole && unclean === '')),
  }
}

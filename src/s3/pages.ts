// Follows a listing from page to page, and trusts no store to list like S3:
// each token is followed, an empty page ends nothing, and names out of order,
// or repeated, are reported. A repeated token or page is an error, or a faulty
// store would keep a cycle listing for ever; if the store said that nothing
// follows, it is the end. A page is requested when the one before it has been
// taken, so back-pressure reaches S3.

import type { ListPage, ListRequest, Lists } from './object-store.ts'
import { isCutOff, SourceError } from './errors/source-error.ts'
import { badStore } from './list.ts'

/** A page, and whether all its names come after those before it, in the order of UTF-8 bytes; names that StartAfter leaves out are not in it. */
export interface JudgedPage extends ListPage {
  inOrder: boolean
}

// So many pages in a row without a name beyond the last are a fault.
const MAX_IDLE_PAGES = 10_000
// A page may be sent twice; this many times means a circle.
const MAX_TIMES = 4

/**
 * Yields at most `most` pages of a listing, one at least. A token that was
 * kept from before is tried once; if the store does not take it, the listing
 * goes on behind the name that `onLost` gives. Throws SourceError.
 */
export async function* pages(
  store: Lists,
  request: ListRequest,
  most = Infinity,
  onLost = (): string => request.startAfter,
): AsyncGenerator<JudgedPage, void> {
  let { startAfter: last, token } = request
  const list = (): Promise<ListPage> =>
    store.list({ ...request, startAfter: last, token })
  let isNew = progressOf(token)
  let idle = 0
  let isCalledLast = false
  let nameBefore: string | undefined
  const isNewPage = progressOf('', MAX_TIMES)
  for (let count = 1; ; count++) {
    let page: ListPage
    try {
      page = await list()
    } catch (error) {
      if (isCalledLast && isOfToken(error) && isOwn(error)) return yield LAST
      if (count > 1 || token === undefined || !isOfToken(error)) throw error
      last = onLost()
      token = undefined
      isNew = progressOf(token)
      page = await list()
    }
    const name = nameOf(page)
    if (isCalledLast && name === nameBefore) return yield LAST
    nameBefore = name
    const isRepeated = !isNewPage(name)
    const judged = judge(page, last, token === undefined)
    const before = last
    last = laterOf(last, lastName(judged))
    yield judged
    token = page.next
    if (token === undefined || count >= most) return
    isCalledLast = page.isCalledLast ?? false
    idle = last === before ? idle + 1 : 0
    const what = !isNew(token)
      ? 'a token came again'
      : isRepeated
        ? 'the same names came again and again, each time with a new token'
        : idle > MAX_IDLE_PAGES
          ? `${MAX_IDLE_PAGES} pages in a row brought nothing new`
          : ''
    if (what !== '') throw inCircle(request, what)
  }
}

// Excludes faults that any other request would meet, and a missing permission.
const isOwn = (error: unknown): boolean =>
  error instanceof SourceError &&
  !error.affectsAll &&
  error.code !== 'AccessDenied'

const LAST: JudgedPage = {
  objects: [],
  folders: [],
  next: undefined,
  inOrder: true,
}

// Identifies a page, except an empty one, which may be frequent.
function nameOf({ objects, folders }: ListPage): string | undefined {
  const count = objects.length + folders.length
  const ends = [
    objects[0]?.key,
    objects.at(-1)?.key,
    folders[0],
    folders.at(-1),
  ]
  return count === 0 ? undefined : [count, ...ends].join('\n')
}

/** Gives the first page with any name, or the last page; throws SourceError. */
export async function firstPage(
  store: Lists,
  request: ListRequest,
): Promise<ListPage> {
  let last: ListPage = { objects: [], folders: [], next: undefined }
  for await (const page of pages(store, request)) {
    last = page
    if (lastName(page) !== '') break
  }
  return last
}

// A fault of the network or of this process says nothing about a token.
const isOfToken = (error: unknown): boolean =>
  error instanceof SourceError &&
  !isCutOff(error) &&
  (error.kind !== 'network' || error.code === 'BadPage')

const inCircle = ({ prefix }: ListRequest, what: string): SourceError =>
  badStore(`listing ${prefix}`, `the store's pages lead in a circle (${what})`)

// Sorts after every key below a folder, so that StartAfter skips them.
const LAST_CHARACTER = '\u{10FFFF}'

/** Gives the name to start after behind a page, its last key or folder; '' if it is empty. */
export function lastName({ objects, folders }: ListPage): string {
  const key = objects.at(-1)?.key ?? ''
  const folder = folders.at(-1)
  return folder === undefined ? key : laterOf(key, folder + LAST_CHARACTER)
}

/** Gives the one of two names that S3 lists later. */
export function laterOf(a: string, b: string): string {
  return isLater(a, b) ? a : b
}

// JavaScript orders by UTF-16 units: only from here on can the order of bytes
// differ.
const EXOTIC = /[\uD800-\uFFFF]/

function isLater(a: string, b: string): boolean {
  return EXOTIC.test(a) || EXOTIC.test(b)
    ? Buffer.compare(Buffer.from(a), Buffer.from(b)) > 0
    : a > b
}

// A page requested by name omits everything up to that name; only the name
// itself is expected there.
function judge(page: ListPage, last: string, byName: boolean): JudgedPage {
  let inOrder = true
  const inTurn = <T>(names: T[], nameOf: (name: T) => string): T[] => {
    let before = last
    let wasPlain = !EXOTIC.test(last)
    let passed = 0
    for (const one of names) {
      const name = nameOf(one)
      const isPlain = !EXOTIC.test(name)
      const isNext = isPlain && wasPlain ? name > before : isLater(name, before)
      if (isNext) {
        before = name
        wasPlain = isPlain
      } else if (byName && !isLater(name, last)) {
        passed++
        inOrder &&= name === last
      } else inOrder = false
    }
    return passed === 0
      ? names
      : names.filter(one => isLater(nameOf(one), last))
  }
  const objects = inTurn(page.objects, ({ key }) => key)
  const folders = inTurn(page.folders, folder => folder + LAST_CHARACTER)
  return { ...page, objects, folders, inOrder }
}

// Compares each token, or name of a page, with an earlier one, which is
// replaced after ever longer stretches: any circle is found, and a single one
// is kept. It may come so many times.
function progressOf(
  start: string | undefined,
  most = 2,
): (name: string | undefined) => boolean {
  let kept = start
  let times = 1
  let steps = 0
  let stretch = 1
  return name => {
    if (name === undefined) return true
    if (name === kept) return ++times < most
    if (++steps === stretch) {
      kept = name
      times = 1
      steps = 0
      stretch *= 2
    }
    return true
  }
}

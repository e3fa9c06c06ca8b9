// Follows a listing from page to page: each token is followed, an empty page
// ends nothing, and a token that comes again is an error, or a store at fault
// would keep a cycle listing for ever. A page is asked for when the one before
// it has been taken, so back-pressure reaches S3.

import type { ListPage, ListRequest, ObjectStore } from './object-store.ts'
import { SourceError } from './errors/source-error.ts'

type Lists = Pick<ObjectStore, 'list'>

/** Yields at most `most` pages of a listing, one at least; throws SourceError. */
export async function* pages(
  store: Lists,
  request: ListRequest,
  most = Infinity,
): AsyncGenerator<ListPage, void> {
  let { startAfter, token } = request
  const isNew = progressOf(token)
  for (let count = 1; ; count++) {
    const page = await store.list({ ...request, startAfter, token })
    yield page
    token = page.next
    if (token === undefined || count >= most) return
    if (!isNew(token)) throw noProgress(request)
    startAfter = lastName(page) || startAfter
  }
}

/** Gives the first page that shows anything, or the last there is; throws SourceError. */
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

/** Gives the name after which a listing goes on behind a truncated page; throws SourceError where that is no progress. */
export function nextAfter(page: ListPage, request: ListRequest): string {
  const name = lastName(page)
  const before = Buffer.from(request.startAfter)
  if (Buffer.compare(Buffer.from(name), before) > 0) return name
  throw noProgress(request)
}

const noProgress = ({ prefix }: ListRequest): SourceError =>
  new SourceError(
    `listing ${prefix}: the answers lead in a circle; check Endpoint and any proxy`,
    { code: 'BadPage', kind: 'network' },
  )

// Sorts after every key below a folder, so that StartAfter leaps over them.
const LAST_CHARACTER = '\u{10FFFF}'

/** Gives the name to start after to go on behind a page, its last key or folder; '' if it is empty. */
export function lastName(page: ListPage): string {
  const key = page.objects.at(-1)?.key ?? ''
  const folder = page.folders.at(-1)
  if (folder === undefined) return key
  const inOrder = Buffer.compare(Buffer.from(key), Buffer.from(folder)) < 0
  return inOrder ? folder + LAST_CHARACTER : key
}

// Compares each token with one kept from before, which is replaced after ever
// longer stretches: any circle is seen, and a single token is kept.
function progressOf(start: string | undefined): (token: string) => boolean {
  let kept = start
  let steps = 0
  let stretch = 1
  return token => {
    if (token === kept) return false
    if (++steps === stretch) {
      kept = token
      steps = 0
      stretch *= 2
    }
    return true
  }
}

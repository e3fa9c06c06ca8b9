// Turns the answer to a LIST into a page, and rejects anything but a complete
// ListBucketResult: another text taken for an empty page would hide the whole
// folder. Missing or unreadable parts stay undefined until then; elements that
// are not needed are skipped.

import { SourceError } from './errors/source-error.ts'
import { askedOtherwise, decodeKey, type Asked, type Echo } from './asked.ts'
import { etagOr } from './etag.ts'
import type { ListedObject, ListPage } from './object-store.ts'
import {
  oddEntries,
  oddity,
  shown,
  type ListedContent,
  type OddEntry,
} from './odd-entries.ts'
import { copy, takeUsualEntries } from './usual-entries.ts'
import { readXml } from './xml.ts'

/** A ListBucketResult, with S3's own names. */
export interface ListAnswer extends Echo {
  Name?: string | undefined
  KeyCount?: number | undefined
  IsTruncated?: boolean | undefined
  EncodingType?: string | undefined
  Contents?: ListedContent[] | undefined
  CommonPrefixes?: { Prefix?: string | undefined }[] | undefined
}

// S3 gives no more, whatever number is requested.
const MAX_KEYS = 1000

/** Reads a ListBucketResult; gives an empty answer for any other text, an incomplete one, one whose entries run into each other, or one with more than 1000 keys and folders. */
export function readList(text: string): ListAnswer {
  try {
    return readResult(text)
  } catch {
    return {}
  }
}

function readResult(text: string): ListAnswer {
  const answer: ListAnswer = {}
  const contents: ListedContent[] = []
  const prefixes: { Prefix?: string }[] = []
  let content: ListedContent = {}
  let folders: { Prefix?: string }[] = []
  const rest = takeUsualEntries(text, contents, MAX_KEYS)
  readXml(rest, (path, value) => {
    const part = path[1]
    const field = path[2]
    // Damage may make one entry of two, and one of them would vanish.
    const isMerged = field === 'Key' && content.Key !== undefined
    if (isMerged || (path.length > 2 && path.at(-1) === 'Contents'))
      throw new Error('entries that run into each other')
    if (path.length > 3) return
    if (contents.length + prefixes.length > MAX_KEYS)
      throw new Error('more keys than a page can hold')
    if (part === 'Contents') {
      if (field !== undefined) return readContent(content, field, value)
      contents.push(content)
      content = {}
    } else if (part === 'CommonPrefixes') {
      // Some stores give all folders in one element.
      if (field === 'Prefix') folders.push({ Prefix: copy(value) })
      if (field !== undefined) return
      prefixes.push(...(folders.length > 0 ? folders : [{}]))
      folders = []
    } else if (part === undefined) {
      if (path[0] !== 'ListBucketResult') throw new Error('another document')
      answer.Contents = contents
      answer.CommonPrefixes = prefixes
    } else if (field === undefined) readFact(answer, part, value)
  })
  return answer
}

function readContent(content: ListedContent, name: string, value: string) {
  if (name === 'Key') content.Key = copy(value)
  else if (name === 'ETag') content.ETag = copy(value)
  else if (name === 'Size') {
    content.Size = toNumber(value.trim())
    if (content.Size === undefined) note(content, { Size: value })
  } else if (name === 'LastModified') {
    content.LastModified = toDate(value.trim())
    if (Number.isNaN(content.LastModified?.getTime() ?? Number.NaN))
      note(content, { LastModified: value })
  }
}

const note = (content: ListedContent, said: ListedContent['said']): void =>
  void Object.assign((content.said ??= {}), said)

function readFact(answer: ListAnswer, name: string, value: string): void {
  if (name === 'Name') answer.Name = value
  else if (name === 'Prefix') answer.Prefix = copy(value)
  else if (name === 'StartAfter') answer.StartAfter = copy(value)
  else if (name === 'ContinuationToken') answer.ContinuationToken = copy(value)
  else if (name === 'KeyCount') answer.KeyCount = toNumber(value.trim())
  else if (name === 'IsTruncated')
    answer.IsTruncated = BOOLEANS.get(value.trim().toLowerCase())
  else if (name === 'NextContinuationToken')
    answer.NextContinuationToken = copy(value)
  else if (name === 'EncodingType') answer.EncodingType = value
}

const BOOLEANS = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
])

const toNumber = (text: string): number | undefined =>
  /^\d{1,15}$/.test(text) ? Number(text) : undefined

// S3's times are UTC, also if a store omits the zone.
function toDate(text: string): Date | undefined {
  if (!TIME.test(text)) return undefined
  return new Date(ZONE.test(text) ? text : `${text}Z`)
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?$/
const ZONE = /Z$|[+-]\d\d:\d\d$/

/** Reads the requested page; a page that is called the last but gives a token is followed by others. `form` describes an answer that is not a page. Throws SourceError. */
export function listPage(
  answer: ListAnswer,
  asked: Asked,
  doing: string,
  form = (): string => 'empty',
): ListPage {
  const { prefix, token } = asked
  const { Contents = [], CommonPrefixes = [] } = answer
  const isEmpty = Contents.length + CommonPrefixes.length === 0
  const next = nextOf(answer, isEmpty, token, doing, form)
  const otherwise = askedOtherwise(answer, asked)
  if (otherwise !== '')
    throw badStore(
      doing,
      `the page answers another request, so it may come from a cache: ${otherwise}`,
    )
  const decode =
    answer.EncodingType?.trim().toLowerCase() === 'url' ? decodeKey : String
  const odd: OddEntry[] = []
  const objects: ListedObject[] = []
  for (const content of Contents) {
    const { Key = '', Size = 0, ETag = '', LastModified } = content
    const modified = LastModified?.getTime() ?? 0
    const etag = etagOr(ETag, Size, () => modified)
    const what = oddity(content)
    const key = decode(Key)
    if (what === '') objects.push({ key, size: Size, etag, modified })
    else odd.push({ key, what })
  }
  const folders: string[] = []
  for (const { Prefix = '' } of CommonPrefixes)
    if (Prefix === '') odd.push({ key: '', what: 'without a name' })
    else folders.push(asFolder(decode(Prefix)))
  const outside =
    objects.find(({ key }) => !key.startsWith(prefix))?.key ??
    folders.find(folder => !folder.startsWith(prefix))
  // A folder is not in itself: a listing that ignores the prefix begins so.
  if (prefix !== '' && folders[0] === prefix && objects.length === 0)
    if (folders.length === 1 && next === undefined)
      throw badStore(
        doing,
        'the store gave this folder as the only one in it, so it seems to ignore the requested prefix',
      )
  if (outside !== undefined)
    throw badStore(
      doing,
      `the store gave ${shown(outside)}, which does not begin with the requested prefix`,
    )
  const page: ListPage = { objects, folders, next }
  if (next !== undefined && !answer.IsTruncated) page.isCalledLast = true
  return odd.length === 0 ? page : { ...page, fault: oddEntries(odd, doing) }
}

// Some stores leave out the final delimiter of folder names.
const asFolder = (name: string): string =>
  name.endsWith('/') ? name : `${name}/`

// If the store says that nothing follows but gives a token, the token is
// followed unless it is known to lead nowhere: one LIST costs less than a loss.
function nextOf(
  { Name, IsTruncated, NextContinuationToken }: ListAnswer,
  isEmpty: boolean,
  token: string | undefined,
  doing: string,
  form: () => string,
): string | undefined {
  if (Name === undefined)
    throw badPage(doing, `the answer is not a listing page but ${form()}`)
  const next = NextContinuationToken || undefined
  if (IsTruncated === false) return isEmpty || next === token ? undefined : next
  if (next === undefined)
    throw badStore(
      doing,
      IsTruncated
        ? 'the store says that more follows (IsTruncated) but gives no token for it'
        : 'the store does not say whether more follows (IsTruncated)',
    )
  if (next === token)
    throw badStore(
      doing,
      'the store gives back the token of the request, so nothing after it can be listed',
    )
  return next
}

const badPage = (doing: string, what: string): SourceError =>
  new SourceError(`${doing}: ${what}; check Endpoint and any proxy`, {
    code: 'BadPage',
    kind: 'network',
  })

/** Makes the error of a page that breaks the rules of ListObjectsV2. */
export const badStore = (doing: string, what: string): SourceError =>
  new SourceError(
    `${doing}: ${what}; tell the operator of the store behind Endpoint, or of a proxy before it, that its ListObjectsV2 is at fault`,
    { code: 'BadPage', kind: 'network' },
  )

const ROOT =
  /^(?:<\?[^>]*>|<!--.*?-->|\s)*<(?:[\w.-]+:)?([A-Za-z][\w.-]{0,60})/s
const HTML = /^(?:<!--.*?-->|\s)*<(?:!doctype\s+html|html|head|body)\b/is
// The form shows at the start.
const LOOKED_AT = 2000

/** Describes a text that should have been a ListBucketResult, such as `an HTML page`. */
export function formOf(text: string): string {
  const start = text
    .slice(0, LOOKED_AT)
    .replace(/^\uFEFF/, '')
    .trimStart()
  if (start === '') return 'empty'
  if (HTML.test(start))
    return 'an HTML page, as from a portal, a login or a proxy'
  if (/^[{[]/.test(start)) return 'JSON, which S3 never answers with'
  const root = ROOT.exec(start)?.[1]
  if (root === 'ListBucketResult')
    return 'a listing page that is broken or was cut'
  return root === undefined ? 'a text of another kind' : `a document ${root}`
}

// Reads the entries of a LIST as S3 itself writes them, each by one regular
// expression: a page of 1,000 keys costs a sixth of what the reader of any XML
// takes for it. Whatever deviates, however little, is left to that reader.

import type { ListedContent } from './odd-entries.ts'

// Before the entries only plain members may stand, so that none is inside a
// comment or another element.
const HEAD =
  /^\uFEFF?\s*(?:<\?[^<>]*\?>\s*)?<ListBucketResult(?:\s[^<>]*)?>(?:\s*<([\w.-]+)>[^<]*<\/\1>|\s*<[\w.-]+\/>)*\s*$/
const MAX_HEAD = 8192
const START = '<Contents>'
const ENTRY =
  /<Contents><Key>([^<&]+)<\/Key><LastModified>(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z)<\/LastModified><ETag>(?:&quot;|&#34;|")([^<&"]*)(?:&quot;|&#34;|")<\/ETag>(?:<(Checksum\w+)>[^<&]*<\/\4>)*<Size>(\d{1,15})<\/Size>(?:<StorageClass>[^<&]*<\/StorageClass>)?<\/Contents>/y

/** Adds the first entries of a page to `contents`, `most` of them at most; returns the text without those. */
export function takeUsualEntries(
  text: string,
  contents: ListedContent[],
  most: number,
): string {
  const from = text.indexOf(START)
  if (from < 0 || from > MAX_HEAD || !HEAD.test(text.slice(0, from)))
    return text
  let end = from
  while (contents.length < most) {
    ENTRY.lastIndex = end
    const [, key = '', time = '', etag = '', , size] = ENTRY.exec(text) ?? []
    const LastModified = new Date(time)
    if (Number.isNaN(LastModified.getTime())) break
    const Size = Number(size)
    contents.push({
      Key: copy(key),
      LastModified,
      ETag: copy(`"${etag}"`),
      Size,
    })
    end = ENTRY.lastIndex
  }
  return text.slice(0, from) + text.slice(end)
}

/** Copies a text: a substring would keep the whole page in memory as long as itself. */
// V8 copies a concatenation when a part of it is taken.
export const copy = (text: string): string => ` ${text}`.slice(1)

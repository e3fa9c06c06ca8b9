// Turns the answer to a LIST into a page, and refuses what is none: anything
// else that was taken for an empty page would hide all that the folder holds.

import type { ListedObject, ListPage } from './object-store.ts'
import type { ListAnswer, ListedContent } from './list.ts'
import { SourceError } from './errors/source-error.ts'

/** Reads a page that was asked for with a token, or none; throws SourceError. */
export function listPage(
  answer: ListAnswer,
  token: string | undefined,
  doing: string,
): ListPage {
  const next = answer.IsTruncated ? answer.NextContinuationToken : undefined
  const { Contents = [], CommonPrefixes = [] } = answer
  const sound =
    answer.Name !== undefined &&
    answer.KeyCount !== undefined &&
    answer.IsTruncated === (next !== undefined) &&
    (next === undefined || next !== token) &&
    Contents.every(isWhole) &&
    CommonPrefixes.every(isWholePrefix)
  if (!sound)
    throw new SourceError(
      `${doing}: the answer is no listing page; check Endpoint and any proxy`,
      { code: 'BadPage', kind: 'network' },
    )
  const decode = answer.EncodingType === 'url' ? decodeKey : String
  const objects = Contents.map(
    ({ Key = '', Size = 0, ETag = '', LastModified }): ListedObject => ({
      key: decode(Key),
      size: Size,
      etag: ETag,
      modified: LastModified?.getTime() ?? 0,
    }),
  )
  const folders = CommonPrefixes.map(({ Prefix = '' }) => decode(Prefix))
  return { objects, folders, next }
}

const isWhole = ({ Key, Size, LastModified }: ListedContent): boolean =>
  Boolean(Key) && Size !== undefined && Number(LastModified) > 0

const isWholePrefix = ({ Prefix }: { Prefix?: string | undefined }): boolean =>
  Boolean(Prefix)

// S3's url encoding is that of forms: a space comes as `+`, a plus as `%2B`.
// What is no UTF-8 becomes U+FFFD: that object cannot be asked for and fails
// alone, where all others of its page would be lost with it.
function decodeKey(key: string): string {
  return key
    .replaceAll('+', ' ')
    .replace(/(?:%[\da-f]{2})+/gi, run =>
      Buffer.from(run.replaceAll('%', ''), 'hex').toString(),
    )
}

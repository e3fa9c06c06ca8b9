// Compares the answer to a GET with its request: bytes of another place or
// version would come twice or be lost for good. The headers show a server that
// ignores Range, or a proxy that answers for S3. An answer that does not name
// its version is never accepted as the rest of a begun one.

import { etagOr, isSameVersion } from './etag.ts'
import type { GetRequest } from './object-store.ts'
import type { Headers } from './http/answer-head.ts'
import { SourceError } from './errors/source-error.ts'

/** Reads the ETag, or its substitute ('' without one), and the whole size in bytes (NaN if unknown) of an answer; throws SourceError. */
export function objectAnswer(
  headers: Headers,
  { etag: wanted, from }: GetRequest,
  doing: string,
): { etag: string; size: number; isOpenEnded: boolean; isEncoded: boolean } {
  const range = headers['content-range']
  const length = Number(headers['content-length'] ?? Number.NaN)
  const [, first, last, total] =
    /^bytes (\d+)-(\d+)\/(\d+)$/.exec(range ?? '') ?? []
  const isWhole = range === undefined && from === 0
  const size = isWhole ? length : Number(total)
  const etag = etagOr(headers.etag, size, () =>
    Date.parse(headers['last-modified'] ?? ''),
  )
  const due = Number(last) + 1 - from
  const honoured =
    Number(first) === from &&
    due > 0 &&
    Number(last) < Number(total) &&
    (length === due || Number.isNaN(length))
  if (!isWhole && !honoured)
    throw oddAnswer('NoRange', `${doing}: Range was not honoured`)
  if (wanted !== undefined && !isSameVersion(etag, wanted))
    throw changedMeanwhile(doing, `ETag ${etag || 'not told'}`)
  const isOpenEnded =
    Number.isNaN(length) && headers['transfer-encoding'] === undefined
  const isEncoded = headers['content-encoding'] === 'gzip'
  return { etag, size, isOpenEnded, isEncoded }
}

/** Makes the error for an answer of another version than the one being read. */
export const changedMeanwhile = (doing: string, now: string): SourceError =>
  new SourceError(`${doing}: it was changed while it was read (${now})`, {
    code: 'PreconditionFailed',
    kind: 'object',
  })

const oddAnswer = (code: string, what: string): SourceError =>
  new SourceError(`${what}; check Endpoint and any proxy`, {
    code,
    kind: 'network',
  })

// Holds the answer to a GET against what was asked: bytes that are taken for
// others would come twice or be missing for good. A server that is deaf to
// Range, or a proxy that answers for S3, is told by its headers. An answer that
// does not name its version is never taken for more of one that was begun.

import type { IncomingHttpHeaders } from 'node:http'
import { etagOr, isSameVersion } from './etag.ts'
import type { GetRequest } from './object-store.ts'
import { SourceError } from './errors/source-error.ts'

/** Reads ETag, or what stands in for it ('' if nothing does), and whole size in bytes (NaN if not told) of an answer; throws SourceError. */
export function objectAnswer(
  headers: IncomingHttpHeaders,
  { etag: wanted, from }: GetRequest,
  doing: string,
): { etag: string; size: number; isOpenEnded?: boolean; isEncoded?: boolean } {
  const range = headers['content-range']
  const length = Number(headers['content-length'] ?? Number.NaN)
  const [, first, last, total] =
    /^bytes (\d+)-(\d+)\/(\d+)$/.exec(range ?? '') ?? []
  const isWhole = range === undefined && from === 0
  const size = isWhole ? length : Number(total)
  const modified = Date.parse(headers['last-modified'] ?? '')
  const etag = etagOr(headers.etag, size, modified)
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
  return {
    etag,
    size,
    ...(isOpenEnded && { isOpenEnded }),
    ...(isEncoded && { isEncoded }),
  }
}

/** Makes the error for an answer of another version than the one that is being read. */
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

// What names a version of an object: its ETag, or where S3 or a store like it
// tells none, its size and Last-Modified. Where these are not told either, ''
// names none: nothing can be sure to be of that version.

const STAND_IN = 'size='

/** Gives the ETag that was told, or what stands in for it, or ''; `modified` is in ms since 1970, both numbers are NaN if not told. */
export function etagOr(
  etag: string | undefined,
  size: number,
  modified: number,
): string {
  if (etag !== undefined && etag !== '' && etag !== '""') return etag
  if (Number.isNaN(size) || Number.isNaN(modified)) return ''
  return `${STAND_IN}${size} modified=${Math.floor(modified / 1000)}`
}

/** Tells whether it is an ETag, and nothing that stands in for one. */
export function isTold(etag: string): boolean {
  return etag !== '' && !etag.startsWith(STAND_IN)
}

/** Tells whether two ETags, or two that stand in, name one version; stores put other marks around them here and there. */
export function isSameVersion(one: string, other: string): boolean {
  return one !== '' && bare(one) === bare(other)
}

/** Tells whether two of a kind name different versions; of two kinds neither speaks against the other. */
export function isOtherVersion(one: string, other: string): boolean {
  if (one === '' || other === '') return false
  return isTold(one) === isTold(other) && !isSameVersion(one, other)
}

const bare = (etag: string): string => etag.replace(/^W\/|"/g, '')

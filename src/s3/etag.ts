// The name of an object's version: its ETag or, if S3 or a store like it gives
// none, its size and Last-Modified. If these are missing too, it is '', and no
// other bytes are certain to be of that version.

const STAND_IN = 'size='

/** Gives the ETag, or its substitute, or ''; `modifiedAt` gives ms since 1970, both numbers are NaN if unknown. */
export function etagOr(
  etag: string | undefined,
  size: number,
  modifiedAt: () => number,
): string {
  if (etag !== undefined && etag !== '' && etag !== '""') return etag
  const modified = modifiedAt()
  if (Number.isNaN(size) || Number.isNaN(modified)) return ''
  return `${STAND_IN}${size} modified=${Math.floor(modified / 1000)}`
}

/** Tells whether it is a real ETag, not a substitute. */
export function isTold(etag: string): boolean {
  return etag !== '' && !etag.startsWith(STAND_IN)
}

/** Tells whether two ETags, or two substitutes, name one version; stores put different marks around them. */
export function isSameVersion(one: string, other: string): boolean {
  return one !== '' && (one === other || bare(one) === bare(other))
}

/** Tells whether two of a kind name different versions; an ETag and a substitute cannot be compared. */
export function isOtherVersion(one: string, other: string): boolean {
  if (one === '' || other === '') return false
  return isTold(one) === isTold(other) && !isSameVersion(one, other)
}

const bare = (etag: string): string => etag.replace(/^W\/|"/g, '')

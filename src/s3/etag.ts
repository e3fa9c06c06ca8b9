// What names a version of an object: its ETag, or where S3 or a store like it
// tells none, its size and Last-Modified. Of two kinds neither speaks against
// the other.

const STAND_IN = 'size='

/** Gives the ETag that was told, or what stands in for it; `modified` is in ms since 1970, NaN if not told. */
export function etagOr(
  etag: string | undefined,
  size: number,
  modified: number,
): string {
  return etag !== undefined && etag !== '' && etag !== '""'
    ? etag
    : `${STAND_IN}${size} modified=${Math.floor(modified / 1000)}`
}

/** Tells whether it only stands in for an ETag. */
export function isStandIn(etag: string): boolean {
  return etag.startsWith(STAND_IN)
}

/** Tells whether two ETags, or two that stand in, name one version; stores put other marks around them here and there. */
export function isSameVersion(one: string, other: string): boolean {
  return bare(one) === bare(other)
}

/** Tells whether two of a kind name different versions. */
export function isOtherVersion(one: string, other: string): boolean {
  return isStandIn(one) === isStandIn(other) && !isSameVersion(one, other)
}

const bare = (etag: string): string => etag.replace(/^W\/|"/g, '')

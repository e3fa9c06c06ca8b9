// Cuts bytes into chunks, for decoders that must not care where a chunk ends.

/** Cuts at the given places, in any order; a place past the end wraps around. */
export function cutBytes(bytes: Buffer, places: number[]): Buffer[] {
  const borders = places.map(place => place % (bytes.length + 1))
  const sorted = [0, ...borders.toSorted((a, b) => a - b), bytes.length]
  return sorted.slice(1).map((to, i) => bytes.subarray(sorted[i], to))
}

/** Cuts into chunks of one byte. */
export function singleBytes(bytes: Buffer): Buffer[] {
  return cutBytes(bytes, [...bytes.keys()])
}

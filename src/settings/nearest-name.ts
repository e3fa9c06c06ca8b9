// Guesses which known name a misspelt one was meant to be.

// Of the longer name's letters so many may differ: enough for Bucket to find
// BucketName, too few for Profile to find LogFile.
const TOLERANCE = 0.4

/** Finds the known name nearest to a name in any case, or undefined when none is near. */
export function nearestName(
  name: string,
  known: readonly string[],
): string | undefined {
  let nearest: string | undefined
  let least = Infinity
  for (const candidate of known) {
    const edits = editDistance(name.toLowerCase(), candidate.toLowerCase())
    const bound = TOLERANCE * Math.max(name.length, candidate.length)
    if (edits <= bound && edits < least) {
      least = edits
      nearest = candidate
    }
  }
  return nearest
}

// Levenshtein's distance, with one row of the matrix kept.
function editDistance(a: string, b: string) {
  const row = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let i = 1; i <= a.length; i++) {
    let diagonal = i - 1
    row[0] = i
    for (let j = 1; j <= b.length; j++) {
      const above = row[j] ?? 0
      const changed = diagonal + (a[i - 1] === b[j - 1] ? 0 : 1)
      row[j] = Math.min(changed, above + 1, (row[j - 1] ?? 0) + 1)
      diagonal = above
    }
  }
  return row[b.length] ?? 0
}

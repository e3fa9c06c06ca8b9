// Finds the known name that a misspelt name most likely stands for.

// The share of the longer name's letters that may differ: enough for Bucket to
// find BucketName, too little for Profile to find LogFile.
const TOLERANCE = 0.4

/** Finds the known name nearest to a name, regardless of case; undefined if all differ too much. */
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

// Levenshtein's distance, with a swap of two neighbours as one edit; only two rows
// of the matrix are kept.
function editDistance(a: string, b: string) {
  const row = Array.from({ length: b.length + 1 }, (_, column) => column)
  let above: number[] = []
  for (let i = 1; i <= a.length; i++) {
    const twoAbove = above
    above = [...row]
    row[0] = i
    for (let j = 1; j <= b.length; j++) {
      const changed = at(above, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwap = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swapped =
        i > 1 && j > 1 && isSwap ? at(twoAbove, j - 2) + 1 : Infinity
      row[j] = Math.min(changed, swapped, at(above, j) + 1, at(row, j - 1) + 1)
    }
  }
  return at(row, b.length)
}

const at = (row: readonly number[], column: number): number => row[column] ?? 0

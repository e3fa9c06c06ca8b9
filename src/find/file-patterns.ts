// The file-name patterns of Inclusions and Exclusions: `*` matches any
// characters and `?` one, and `.gz` alone means `*.gz`. They apply to the last
// segment of a key and respect case. They are not regular expressions: a
// hostile name could keep one with several stars busy for hours.

/** Makes the test that a key is included (or Inclusions is empty) and not excluded. */
export function filePatterns(
  inclusions: readonly string[],
  exclusions: readonly string[],
): (key: string) => boolean {
  const included = inclusions.map(wholePattern)
  const excluded = exclusions.map(wholePattern)
  return key => {
    const name = key.slice(key.lastIndexOf('/') + 1)
    return (
      (included.length === 0 || included.some(one => fits(name, one))) &&
      !excluded.some(one => fits(name, one))
    )
  }
}

const wholePattern = (pattern: string): string =>
  pattern.startsWith('.') ? `*${pattern}` : pattern

// Only the last star passed is tried again, one character further on: the part
// before it already matches as early as it can.
function fits(name: string, pattern: string): boolean {
  let at = 0
  let next = 0
  let star = -1
  let afterStar = 0
  while (at < name.length) {
    const wanted = pattern[next]
    if (wanted === '*') {
      star = next++
      afterStar = at
    } else if (wanted === '?' || wanted === name[at]) {
      at += wanted === '?' ? lengthAt(name, at) : 1
      next++
    } else if (star >= 0) {
      next = star + 1
      at = afterStar += lengthAt(name, afterStar)
    } else return false
  }
  while (pattern[next] === '*') next++
  return next === pattern.length
}

const lengthAt = (name: string, at: number): number =>
  (name.codePointAt(at) ?? 0) > 0xffff ? 2 : 1

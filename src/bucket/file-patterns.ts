// The file-name patterns of Inclusions and Exclusions: `*` stands for any
// characters and `?` for one, and `.gz` alone means `*.gz`. They look at the
// last segment of a key, case and all.

/** Makes the test that a key is included, or all are, and is not excluded. */
export function filePatterns(
  inclusions: readonly string[],
  exclusions: readonly string[],
): (key: string) => boolean {
  const included = inclusions.map(compile)
  const excluded = exclusions.map(compile)
  return key => {
    const name = key.slice(key.lastIndexOf('/') + 1)
    return (
      (included.length === 0 || included.some(pattern => pattern.test(name))) &&
      !excluded.some(pattern => pattern.test(name))
    )
  }
}

function compile(pattern: string): RegExp {
  const whole = pattern.startsWith('.') ? `*${pattern}` : pattern
  const source = whole
    .replaceAll(/[\\^$.|+()[\]{}]/g, String.raw`\$&`)
    .replaceAll(/\*+/g, '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 'su')
}

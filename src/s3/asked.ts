// Detects a page that answers another request, as a cache or a proxy may give
// it, by the request that it repeats: a page without keys shows it by nothing
// else. Name is ignored: behind an access point, an alias or a tenant it
// differs from the requested one. Only a difference without another explanation
// counts.

/** The request that a page repeats, as written there, and the parts that belong to it. */
export interface Echo {
  Prefix?: string | undefined
  StartAfter?: string | undefined
  ContinuationToken?: string | undefined
  NextContinuationToken?: string | undefined
  CommonPrefixes?: readonly unknown[] | undefined
}

/** The request for a page; without information on the delimiter folders are expected. */
export interface Asked {
  prefix: string
  delimiter?: boolean
  startAfter?: string
  token?: string | undefined
}

/** Names the sign that a page answers another request; '' without one. */
export function askedOtherwise(
  answer: Echo,
  { prefix, delimiter, startAfter = '', token }: Asked,
): string {
  const { Prefix = '', StartAfter = '', ContinuationToken = '' } = answer
  if (!mayMean(Prefix, prefix)) return said('Prefix', Prefix)
  if (token === undefined) {
    if (!mayMean(StartAfter, startAfter) || (startAfter === '' && StartAfter))
      return said('StartAfter', StartAfter)
    // Some stores put the next token there.
    if (ContinuationToken && ContinuationToken !== answer.NextContinuationToken)
      return said('ContinuationToken', ContinuationToken)
  }
  return delimiter === false && (answer.CommonPrefixes ?? []).length > 0
    ? 'it gives folders, although no delimiter was requested'
    : ''
}

const said = (name: string, value: string): string =>
  `it says ${name} ${JSON.stringify(value.slice(0, 100))}`

// A store may leave a name out, encode it or not, write slashes at its ends or
// characters beyond ASCII differently, and a proxy may add a folder before it
// or remove one.
function mayMean(said: string, asked: string): boolean {
  if (said === '') return true
  const right = plain(asked)
  return [said, decodeKey(said), decodeKey(decodeKey(said))].some(one => {
    const name = plain(one)
    return name.endsWith(right) || right.endsWith(name)
  })
}

const plain = (name: string): string =>
  name
    .normalize('NFC')
    .replace(/[^!-~]|[?+]/g, '')
    .replace(/\/+/g, '/')
    .replace(/^\/|\/$/g, '')

/** Decodes a key that came url-encoded, like forms: a space is `+`, a plus is `%2B`. */
// Invalid UTF-8 becomes U+FFFD: that object cannot be requested and fails
// alone, where an error would lose all others of its page.
export function decodeKey(key: string): string {
  if (!/[%+]/.test(key)) return key
  return key
    .replaceAll('+', ' ')
    .replace(/(?:%[\da-f]{2})+/gi, run =>
      Buffer.from(run.replaceAll('%', ''), 'hex').toString(),
    )
}

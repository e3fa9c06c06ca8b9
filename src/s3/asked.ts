// Tells a page that answers another request, as a cache or a proxy may give it,
// by what it says it was asked for: without keys in it nothing else would. Name
// is not looked at: behind an access point, an alias or a tenant it is another
// than was asked for. Only what cannot be explained otherwise counts.

/** What a page says it was asked for, as it is written there, and what goes with it. */
export interface Echo {
  Prefix?: string | undefined
  StartAfter?: string | undefined
  ContinuationToken?: string | undefined
  NextContinuationToken?: string | undefined
  CommonPrefixes?: readonly unknown[] | undefined
}

/** What a page was asked for with; without a word on the delimiter folders are no surprise. */
export interface Asked {
  prefix: string
  delimiter?: boolean
  startAfter?: string
  token?: string | undefined
}

/** Says by what a page shows that another one was asked for; '' if nothing does. */
export function askedOtherwise(
  answer: Echo,
  { prefix, delimiter, startAfter = '', token }: Asked,
): string {
  const { Prefix = '', StartAfter = '', ContinuationToken = '' } = answer
  if (!mayMean(Prefix, prefix)) return said('Prefix', Prefix)
  if (token === undefined) {
    if (!mayMean(StartAfter, startAfter) || (startAfter === '' && StartAfter))
      return said('StartAfter', StartAfter)
    // Some give there what leads on.
    if (ContinuationToken && ContinuationToken !== answer.NextContinuationToken)
      return said('ContinuationToken', ContinuationToken)
  }
  return delimiter === false && (answer.CommonPrefixes ?? []).length > 0
    ? 'it gives folders, and no delimiter was asked for'
    : ''
}

const said = (name: string, value: string): string =>
  `it says ${name} ${JSON.stringify(value.slice(0, 100))}`

// A store may leave a name out, encode it or not, write other slashes at its
// ends or characters beyond ASCII in another way, and a proxy may put a folder
// before it or take one away.
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

/** Decodes a key that came url-encoded, as forms are: a space comes as `+`, a plus as `%2B`. */
// What is no UTF-8 becomes U+FFFD: that object cannot be asked for and fails
// alone, where all others of its page would be lost with it.
export function decodeKey(key: string): string {
  if (!/[%+]/.test(key)) return key
  return key
    .replaceAll('+', ' ')
    .replace(/(?:%[\da-f]{2})+/gi, run =>
      Buffer.from(run.replaceAll('%', ''), 'hex').toString(),
    )
}

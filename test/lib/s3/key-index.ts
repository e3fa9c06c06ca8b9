// Keeps keys in UTF-8 byte order and cuts listing pages from them, each in the
// time of the page, whatever lies under a common prefix. Keys are held as
// "binary strings", one character a byte, because the order of JavaScript
// strings differs from byte order above U+FFFF.

/** Where a page starts and how much it may hold; texts as plain strings. */
export interface PageQuery {
  prefix: string
  delimiter: string | undefined
  /** Only what sorts after this key, or after all keys with this prefix. */
  after: string | undefined
  afterPrefix: boolean
  limit: number
}

/** A page; `next` is the last thing on it when more follows. */
export interface Page {
  keys: string[]
  commonPrefixes: string[]
  next: { after: string; isPrefix: boolean } | undefined
}

/** Holds a set of keys, sorted when the next page is asked for. */
export class KeyIndex {
  #keys: string[] = []
  #gone = new Set<string>()
  #sorted = true

  /** Adds a key that is not in the set. */
  add(key: string): void {
    const bytes = toBytes(key)
    if (this.#gone.delete(bytes)) return
    const last = this.#keys.at(-1)
    this.#sorted &&= last === undefined || last < bytes
    this.#keys.push(bytes)
  }

  /** Removes a key that is in the set. */
  remove(key: string): void {
    this.#gone.add(toBytes(key))
  }

  /** Cuts one page, common prefixes counted, as ListObjectsV2 defines it. */
  page(query: PageQuery): Page {
    const keys = this.#settled()
    const prefix = toBytes(query.prefix)
    const delimiter = toBytes(query.delimiter ?? '')
    const found: Page = { keys: [], commonPrefixes: [], next: undefined }
    if (query.limit === 0) return found

    let at = firstNot(keys, 0, key => key < prefix)
    if (query.after !== undefined) {
      const after = toBytes(query.after)
      at = firstNot(
        keys,
        at,
        key => key <= after || (query.afterPrefix && key.startsWith(after)),
      )
    }
    let last: Page['next']
    for (let left = query.limit; ; left--) {
      const key = keys[at]
      if (key === undefined || !key.startsWith(prefix)) return found
      if (left === 0) return { ...found, next: last }
      const cut = delimiter ? key.indexOf(delimiter, prefix.length) : -1
      if (cut === -1) {
        last = { after: toText(key), isPrefix: false }
        found.keys.push(last.after)
        at++
      } else {
        const common = key.slice(0, cut + delimiter.length)
        last = { after: toText(common), isPrefix: true }
        found.commonPrefixes.push(last.after)
        at = firstNot(keys, at, other => other.startsWith(common))
      }
    }
  }

  #settled(): readonly string[] {
    if (this.#gone.size > 0) {
      this.#keys = this.#keys.filter(key => !this.#gone.has(key))
      this.#gone.clear()
    }
    if (!this.#sorted) this.#keys.sort()
    this.#sorted = true
    return this.#keys
  }
}

const toBytes = (text: string) => Buffer.from(text).toString('latin1')
const toText = (bytes: string) => Buffer.from(bytes, 'latin1').toString()

/** Finds the first key from `from` on that the test, true then false, denies. */
function firstNot(
  keys: readonly string[],
  from: number,
  test: (key: string) => boolean,
): number {
  let low = from
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (test(keys[middle] ?? '')) low = middle + 1
    else high = middle
  }
  return low
}

// Lists the digest files of one folder and day, each chain's in the order of
// their ends. The names determine the chain; digests that cannot belong to
// their folder are kept apart, and other objects are counted.

import { dayOf, dayPrefix } from '../../find/day-folders.ts'
import { compare } from '../../report/words.ts'
import { isFolderMarker, type Lists } from '../../s3/object-store.ts'
import { firstPage, pages } from '../../s3/pages.ts'
import { chainOf, readDigestName, type DigestName } from './digest-name.ts'
import type { ListedDigest } from './read-digest.ts'

/** The digest files of a day. */
export interface DigestDay {
  /** Chain by chain, in the order of their ends. */
  digests: ListedDigest[]
  /** The digests whose names belong to another folder. */
  misplaced: ListedDigest[]
  /** The number of objects that are not digests, and the first of them. */
  others: number
  firstOther: string
  /** The folder holds more digests than CloudTrail can have written; the rest was not read. */
  isCut: boolean
}

// One an hour for each trail, of which an account has five in a region.
const MAX_DIGESTS = 20_000
const SERVICE = '/CloudTrail-Digest/'

/** Lists the digests that end on a day; throws SourceError. */
export async function listDigestDay(
  folder: string,
  day: string,
  store: Lists,
  signal: AbortSignal,
): Promise<DigestDay> {
  const prefix = dayPrefix(folder, 'date', day)
  const found = new Map<string, ListedDigest>()
  const misplaced = new Map<string, ListedDigest>()
  const listed = { others: 0, firstOther: '', isCut: false }
  const request = { prefix, delimiter: false, startAfter: '', signal }
  for await (const page of pages(store, request)) {
    if (page.fault) throw page.fault
    for (const object of page.objects) {
      const { key, size } = object
      if (isFolderMarker(object)) continue
      const name = readDigestName(key)
      if (name === undefined) {
        if (listed.others++ === 0) listed.firstOther = key
      } else if (belongs(name, folder, day)) found.set(key, { key, size, name })
      else misplaced.set(key, { key, size, name })
    }
    listed.isCut = found.size + misplaced.size > MAX_DIGESTS
    if (listed.isCut) break
  }
  return {
    digests: [...found.values()].toSorted(byChain),
    misplaced: [...misplaced.values()],
    ...listed,
  }
}

// A folder that is not named as CloudTrail names it may hold any region.
const belongs = (name: DigestName, folder: string, day: string): boolean =>
  name.folder === folder &&
  dayOf(name.end) === day &&
  (!folder.includes(SERVICE) ||
    folder.endsWith(`${name.account}${SERVICE}${name.region}/`))

const byChain = (a: ListedDigest, b: ListedDigest): number =>
  compare(chainOf(a.name), chainOf(b.name)) || a.name.end - b.name.end

/** Tells whether an object lies under a key; false also if that cannot be determined. */
export async function isListed(
  key: string,
  store: Lists,
  signal: AbortSignal,
): Promise<boolean> {
  const request = { prefix: key, delimiter: false, startAfter: '', keys: 1 }
  try {
    const { objects } = await firstPage(store, { ...request, signal })
    return objects[0]?.key === key
  } catch {
    signal.throwIfAborted()
    return false
  }
}

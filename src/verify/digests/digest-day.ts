// Lists the digest files of one folder and day, each chain's in the order of
// their ends. Names tell the chain; one that cannot belong where it lies is
// kept apart, and what is no digest is counted.

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
  /** Those whose names belong into another folder. */
  misplaced: ListedDigest[]
  /** How many objects are no digests, and the first of them. */
  others: number
  firstOther: string
  /** More digests lie there than CloudTrail can have written: the rest was not looked at. */
  isCut: boolean
}

// One an hour for each of the trails, of which an account has five a region.
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

// In folders that are named otherwise than CloudTrail's, any region may lie.
const belongs = (name: DigestName, folder: string, day: string): boolean =>
  name.folder === folder &&
  dayOf(name.end) === day &&
  (!folder.includes(SERVICE) ||
    folder.endsWith(`${name.account}${SERVICE}${name.region}/`))

const byChain = (a: ListedDigest, b: ListedDigest): number =>
  compare(chainOf(a.name), chainOf(b.name)) || a.name.end - b.name.end

/** Tells whether an object lies under a key; false also where that cannot be seen. */
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

// Finds the end of digests that end long before a range. A stopped trail leaves
// a last digest of less than an hour, signed by CloudTrail; only that
// distinguishes it from a trail whose newer digests were deleted.

import { dayOf } from '../../find/day-folders.ts'
import { pages } from '../../s3/pages.ts'
import { contentFault } from './digest-content.ts'
import { listDigestDay } from './digest-day.ts'
import { HOUR_MS } from './digest-hours.ts'
import { chainOf } from './digest-name.ts'
import { ownSignature } from './digest-trust.ts'
import {
  fetchDigest,
  inspectDigest,
  type DigestReading,
  type ListedDigest,
} from './read-digest.ts'
import type { KeySource } from './signature.ts'

/** The end of a folder's digests, in ms, and whether CloudTrail confirms it. */
export interface EndedTrail {
  end: number
  isFinal: boolean
}

const MAX_DAYS = 31
const SLACK_MS = 60_000
const NAME = /([^/]+)\/$/

/** Finds the newest digests of a folder that end before a time, in ms; undefined if there are none, or if too many days without digests come first. Throws SourceError. */
export async function endedTrail(
  folder: string,
  before: number,
  keys: KeySource,
  source: DigestReading,
): Promise<EndedTrail | undefined> {
  const { store, signal } = source
  let looked = 0
  for await (const day of daysBack(folder, dayOf(before), source)) {
    if (looked++ === MAX_DAYS) return undefined
    const { digests } = await listDigestDay(folder, day, store, signal)
    const newest = new Map<string, ListedDigest>()
    for (const digest of digests)
      if (!digest.name.isBackfill) newest.set(chainOf(digest.name), digest)
    if (newest.size === 0) continue
    const last = [...newest.values()]
    const ends = last.map(({ name }) => name.end)
    const areFinal = []
    for (const digest of last)
      areFinal.push(await isFinal(digest, keys, source))
    return { end: Math.max(...ends), isFinal: areFinal.every(Boolean) }
  }
  return undefined
}

/** Tells whether CloudTrail signed a digest as the last one of a stopped trail. */
export async function isFinal(
  listed: ListedDigest,
  keys: KeySource,
  source: DigestReading,
): Promise<boolean> {
  const got = await fetchDigest(listed, source)
  source.signal.throwIfAborted()
  const { seen } = await inspectDigest(listed, got)
  const { digest, name } = seen
  if (digest === undefined || contentFault(seen, digest)) return false
  if (digest.end - digest.start > HOUR_MS - SLACK_MS) return false
  const span = { from: name.end - HOUR_MS, to: name.end + HOUR_MS }
  const { check } = await keys(name.region, span)
  const own = ownSignature(seen, check)
  return own === 'good' || own === 'unchecked'
}

// Yields the days with folders up to a day, the latest first.
async function* daysBack(
  folder: string,
  latest: string,
  source: DigestReading,
): AsyncGenerator<string> {
  const [year = '', month = ''] = latest.split('-')
  for (const y of await namesIn(folder, /^\d{4}$/, year, source))
    for (const m of await namesIn(
      `${folder}${y}/`,
      /^\d\d$/,
      y === year ? month : '12',
      source,
    )) {
      const most = `${y}-${m}` === latest.slice(0, 7) ? latest.slice(8) : '31'
      const parent = `${folder}${y}/${m}/`
      for (const d of await namesIn(parent, /^\d\d$/, most, source))
        yield `${y}-${m}-${d}`
    }
}

async function namesIn(
  prefix: string,
  form: RegExp,
  most: string,
  { store, signal }: DigestReading,
): Promise<string[]> {
  const request = { prefix, delimiter: true, startAfter: '', signal }
  const names: string[] = []
  for await (const page of pages(store, request)) {
    if (page.fault) throw page.fault
    for (const folder of page.folders) {
      const [, name = ''] = NAME.exec(folder) ?? []
      if (form.test(name) && name <= most) names.push(name)
    }
  }
  return names.toSorted().toReversed()
}

// Reads the names that CloudTrail gives its digest files. A trail's name may
// contain `_` and the parts around it never do, so the trail's name is the text
// between them. The name only puts a digest in its chain and in order; its
// content is judged separately.

import { startOfDay, isDay } from '../../find/day-folders.ts'

/** The parts of a digest file's key; `end` is in ms since 1970. */
export interface DigestName {
  /** The folder that holds the folders of years. */
  folder: string
  account: string
  region: string
  trail: string
  homeRegion: string
  end: number
  isBackfill: boolean
}

const NAME =
  /^(\d{12})_CloudTrail-Digest_([a-z\d-]+)_([\w.-]+)_([a-z\d-]+)_(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z(_backfill)?\.json\.gz$/

const DATE_FOLDERS = /(?:^|(?<=\/))\d{4}\/\d\d\/\d\d\/$/

const MAX_KEY = 1024

/** Reads the key of a digest file (AWS, "CloudTrail digest file structure"); undefined for any other key. */
export function readDigestName(key: string): DigestName | undefined {
  if (key.length > MAX_KEY) return undefined
  const name = baseName(key)
  const found = NAME.exec(name)
  if (found === null) return undefined
  const [, account = '', region = '', trail = '', homeRegion = ''] = found
  const [year, month, date, hour, minute, second] = found.slice(5, 11)
  const end = timeOf(`${year}-${month}-${date}T${hour}:${minute}:${second}Z`)
  if (end === undefined) return undefined
  return {
    folder: key.slice(0, key.length - name.length).replace(DATE_FOLDERS, ''),
    account,
    region,
    trail,
    homeRegion,
    end,
    isBackfill: found[11] !== undefined,
  }
}

/** Gives the file name at the end of a key. */
export function baseName(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1)
}

/** Identifies a digest's chain among those of its folder. */
export function chainOf(name: DigestName): string {
  const { account, region, trail, homeRegion, isBackfill } = name
  const kind = isBackfill ? ' (backfill)' : ''
  return `${account} ${region} ${trail} of ${homeRegion}${kind}`
}

const TIME = /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?Z$/

/** Reads a UTC time in the form of digests, in ms; undefined for any other text. */
export function timeOf(text: string): number | undefined {
  const [, day = '', hour, minute, second] = TIME.exec(text) ?? []
  if (!isDay(day)) return undefined
  const [h, m, s] = [Number(hour), Number(minute), Number(second)]
  if (h > 23 || m > 59 || s > 59) return undefined
  return startOfDay(day) + ((h * 60 + m) * 60 + s) * 1000
}

/** Writes a time in ms in the form of digests, to the second. */
export function timeText(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, 'Z')
}

// Entries of a listing that cannot name an object, and the missing or
// impossible part of each. They are skipped, and the page is accepted.

import { SourceError } from './errors/source-error.ts'

/** One entry of `Contents`, with S3's own names; an unreadable part is undefined, and `said` has its original text. */
export interface ListedContent {
  Key?: string | undefined
  Size?: number | undefined
  ETag?: string | undefined
  LastModified?: Date | undefined
  said?: { Size?: string; LastModified?: string }
}

/** An entry that was skipped: its key, '' if it has none, and its fault. */
export interface OddEntry {
  key: string
  what: string
}

// S3's keys are not longer; a hostile store may send megabytes.
const MAX_KEY = 1024
const MAX_SHOWN = 100

/** Names the fault that keeps an entry from being an object, such as `without a size`; '' without one. */
export function oddity(content: ListedContent): string {
  const { Key, Size, LastModified, said } = content
  if (!Key) return 'without a key'
  if (Size === undefined) return oddValue('size', said?.Size)
  const time = LastModified?.getTime() ?? Number.NaN
  if (time > 0) return ''
  const text = Number.isNaN(time) ? undefined : LastModified?.toISOString()
  return oddValue('time', said?.LastModified ?? text)
}

const oddValue = (name: string, said = ''): string =>
  said.trim() === ''
    ? `without a ${name}`
    : `with the impossible ${name} ${shown(said.trim())}`

/** Quotes a store's name for a message; a long one is cut, and marked so. */
export const shown = (text: string): string =>
  JSON.stringify(cut(text, MAX_SHOWN))

const cut = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most)}…` : text

/** Makes the error that reports skipped entries. */
export function oddEntries(
  odd: readonly OddEntry[],
  doing: string,
): SourceError {
  const { key = '', what = '' } = odd[0] ?? {}
  const first = key === '' ? `one ${what}` : `${shown(key)} ${what}`
  return new SourceError(
    `${doing}: entries that the store gave cannot be read and were passed over: ${odd.length}, the first ${first}; check the store behind Endpoint`,
    {
      code: 'BadEntry',
      kind: 'object',
      ...(key !== '' && { key: cut(key, MAX_KEY) }),
    },
  )
}

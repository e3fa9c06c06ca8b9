// Entries of a listing that name no object that can be: which they are, and what
// of each is missing or impossible. They are passed over, and the page is taken.

import { SourceError } from './errors/source-error.ts'

/** One entry of `Contents`, with S3's own names; what cannot be read is undefined, and `said` has it as it was written. */
export interface ListedContent {
  Key?: string | undefined
  Size?: number | undefined
  ETag?: string | undefined
  LastModified?: Date | undefined
  said?: { Size?: string; LastModified?: string }
}

/** An entry that was passed over: its key, '' if it has none, and what is wrong with it. */
export interface OddEntry {
  key: string
  what: string
}

// No key of S3 is longer; a hostile store may send megabytes.
const MAX_KEY = 1024
const MAX_SHOWN = 100

/** Says what keeps an entry from being an object, such as `without a size`; '' if nothing does. */
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

/** Quotes a name of a store for a message; one that is long is cut, and marked so. */
export const shown = (text: string): string =>
  JSON.stringify(cut(text, MAX_SHOWN))

const cut = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most)}…` : text

/** Makes the error that tells of entries that were passed over. */
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

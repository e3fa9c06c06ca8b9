// Checks that an entry of a cursor's file has all members of its kind, with the
// right types. A checksum proves only that an entry is as it was written, not
// that this program wrote it.

import { NEVER_LISTED, emptyState, type Entry } from './cursor-state.ts'
import { NO_STEPS } from './kept-objects.ts'

type Members<T> = {
  [
    Name in keyof T as undefined extends T[Name] ? never : Exclude<Name, 'k'>
  ]: T[Name]
}
type Examples = { [Kind in Entry['k']]: Members<Extract<Entry, { k: Kind }>> }

const { discovery, older, lookBack, silence, verify, cycle, host, shelf } =
  emptyState()
const place = { prefix: '', layout: 'date' } as const
const object = { key: '', etag: '', size: 0, ...NO_STEPS }

const EXAMPLES: Examples = {
  leaf: {
    ...place,
    from: '',
    seen: 0,
    missed: 0,
    first: '',
    before: '',
    baseline: 0,
    newest: '',
    looked: '',
    lookedAt: 0,
    lookAfter: '',
  },
  gone: place,
  discovery: { ...discovery, left: [{ prefix: '', after: '' }] },
  folder: { id: 0, prefix: '', day: '' },
  listing: { id: 0, listed: 0, ...NEVER_LISTED },
  listed: { at: 0, ids: [0] },
  done: { id: 0, day: '', f: '' },
  partial: { ...object, cut: 0, share: 0 },
  failed: {
    ...object,
    folder: '',
    folderDay: '',
    day: '',
    modified: 0,
    code: '',
    message: '',
    refused: false,
    at: 0,
    attempts: 0,
    counted: 0,
    tries: 0,
    due: 0,
    quarantined: false,
  },
  settled: { key: '' },
  shelved: { f: '' },
  unshelved: { f: '' },
  shelf: shelf.note,
  taken: {
    key: '',
    etag: '',
    size: 0,
    listed: 0,
    folder: '',
    folderDay: '',
    day: '',
    modified: 0,
    newest: '',
    whole: false,
    committed: NO_STEPS,
    steps: [{ at: 0, ...NO_STEPS }],
  },
  untaken: { key: '' },
  host: { ...host, again: [''] },
  drop: { before: '' },
  moved: { ids: [0] },
  older,
  lookBack,
  patterns: { text: '', former: [{ text: '', before: 0 }] },
  clock: {
    offset: 0,
    suspects: 0,
    believed: 0,
    believedOffset: 0,
    latest: 0,
    before: '',
    usual: 0,
    calm: 0,
  },
  silence,
  verify: { ...verify, named: [''] },
  cycle,
}

// Optional members that are read.
const OPTIONAL: Partial<Record<Entry['k'], object>> = {
  leaf: { refused: 0 },
  discovery: { elsewhere: '' },
  drop: { keep: [0] },
  cycle: { left: [0], waiting: 0 },
}

// JavaScript can represent times in ms up to here, and sums of two, as dates.
const LARGEST = Number.MAX_SAFE_INTEGER / 4

/** Tells whether a value from a cursor's file is an entry. */
export function isEntry(value: unknown): value is Entry {
  const members = Object(value) as Record<string, unknown>
  const { k } = members
  if (typeof k !== 'string' || !Object.hasOwn(EXAMPLES, k)) return false
  for (const [name, example] of Object.entries(OPTIONAL[k as Entry['k']] ?? {}))
    if (members[name] !== undefined && !isLike(members[name], example))
      return false
  return isLike(value, EXAMPLES[k as Entry['k']])
}

function isLike(value: unknown, example: unknown): boolean {
  if (typeof example === 'number')
    return typeof value === 'number' && Math.abs(value) <= LARGEST
  if (typeof example !== 'object') return typeof value === typeof example
  if (Array.isArray(example))
    return Array.isArray(value) && value.every(one => isLike(one, example[0]))
  const members = Object(value) as Record<string, unknown>
  for (const name in example)
    if (!isLike(members[name], (example as typeof members)[name])) return false
  return value === members && !Array.isArray(value)
}

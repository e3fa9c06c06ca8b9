// Tells whether an object was collected or skipped. Changes of FilePath and of
// file dates may change an object's partition and day, so it is looked up under
// every folder that is a prefix of its key and on every day, its own partition
// and day first. A skipped object has another fingerprint in the same sets.

import type { Cursor } from '../cursor/cursor.ts'
import type { CursorState, Partition } from '../cursor/cursor-state.ts'
import { fingerprint, skippedPrint } from '../cursor/fingerprint-set.ts'
import type { ListedObject } from '../s3/object-store.ts'

/** The cursor, as far as a listing uses it. */
export type Known = Pick<Cursor, 'state' | 'commit'>

type Listed = Pick<ListedObject, 'key' | 'size'>
type Sets = Partition['sets']

/** Tells whether an object is in a partition's own sets, on any day. */
export function isIn(folder: Partition | undefined, object: Listed): boolean {
  if (folder === undefined || folder.sets.size === 0) return false
  return printIn(folder.sets, printOf(object)) !== undefined
}

/** Tells whether an object is known in a folder above or below `folder`, in any of the states. */
export function isKnownElsewhere(
  object: Listed,
  folder: string,
  states: readonly CursorState[],
): boolean {
  return printElsewhere(object, folder, states) !== undefined
}

/** Tells whether an object counts as collected or as skipped in any of the states; an object that is both counts as collected. */
export function knownAs(
  object: Listed,
  states: readonly CursorState[],
): 'collected' | 'skipped' | undefined {
  const print = printOf(object)
  const isKnown = (print: bigint): boolean => {
    for (const sets of setsAbove(object.key, '', states))
      if (isInAny(sets, print)) return true
    return false
  }
  if (isKnown(print)) return 'collected'
  return isKnown(skippedPrint(print)) ? 'skipped' : undefined
}

/** Tells whether an object is in its partition's own sets; one found under another day is added to the present day, whose set outlives the other. */
export function isCollected(
  object: Listed,
  folder: Partition,
  day: string,
  cursor: Known,
): boolean {
  const { sets } = folder
  if (sets.size === 0) return false
  const print = printOf(object)
  const own = sets.get(day)
  if (own?.has(print) || own?.has(skippedPrint(print))) return true
  const known = printIn(sets, print)
  if (known !== undefined) cursor.commit(folder, day, known, '')
  return known !== undefined
}

/** Tells whether an object was collected under another folder's name, also if its days are in the older file, and adds it to this partition's sets. */
export function wasCollected(
  object: Listed,
  folder: Partition,
  day: string,
  cursor: Known,
  older: CursorState | undefined,
): boolean {
  const { prefix } = folder
  const states = older ? [cursor.state, older] : [cursor.state]
  const own = older?.partitions.get(prefix)?.sets
  const known =
    (own && printIn(own, printOf(object))) ??
    printElsewhere(object, prefix, states)
  if (known !== undefined) cursor.commit(folder, day, known, '')
  return known !== undefined
}

const printOf = ({ key, size }: Listed): bigint => fingerprint(key, size)

function printElsewhere(
  object: Listed,
  folder: string,
  states: readonly CursorState[],
): bigint | undefined {
  let print: bigint | undefined
  for (const sets of setsAbove(object.key, folder, states)) {
    const known = printIn(sets, (print ??= printOf(object)))
    if (known !== undefined) return known
  }
  return undefined
}

// The sets of every folder that is a prefix of the key, except one folder.
function setsAbove(
  key: string,
  but: string,
  states: readonly CursorState[],
): Sets[] {
  const found: Sets[] = []
  for (let end = key.indexOf('/') + 1; end > 0;) {
    const prefix = key.slice(0, end)
    if (prefix !== but)
      for (const { partitions } of states) {
        const sets = partitions.get(prefix)?.sets
        if (sets !== undefined && sets.size > 0) found.push(sets)
      }
    const slash = key.indexOf('/', end)
    end = slash < 0 ? 0 : slash + 1
  }
  return found
}

// Gives the one of an object's two fingerprints that is in the sets.
function printIn(sets: Sets, print: bigint): bigint | undefined {
  if (isInAny(sets, print)) return print
  const skipped = skippedPrint(print)
  return isInAny(sets, skipped) ? skipped : undefined
}

function isInAny(sets: Sets, print: bigint): boolean {
  for (const set of sets.values()) if (set.has(print)) return true
  return false
}

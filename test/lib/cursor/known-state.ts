// All that a cursor knows as plain values in one order, so that two can be
// compared.

import type { Cursor } from '../../../src/cursor/cursor.ts'
import { Shelf } from '../../../src/cursor/shelf.ts'
import { FingerprintSet } from '../../../src/cursor/fingerprint-set.ts'

/** Gives all that a cursor knows; a partition without a number was looked at, but never noted. */
export function known({ state }: Cursor): unknown {
  const partitions = [...state.partitions].filter(([, { id }]) => id !== 0)
  return plain({ ...state, partitions: new Map(partitions) })
}

function plain(value: unknown): unknown {
  if (value instanceof Shelf)
    return plain({ note: value.note, of: [...value.encoded()].join() })
  if (value instanceof FingerprintSet) return [...value.encoded()].join()
  if (value instanceof Map)
    return [...(value as Map<unknown, unknown>)]
      .map(([key, one]) => [String(key), plain(one)] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).map(([name, one]) => [name, plain(one)])
  return Object.fromEntries(members) as unknown
}

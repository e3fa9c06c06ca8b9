// Counts the quarantined objects by code and day: their number is unlimited, so no
// answer names them all. The newest days have rows of their own; the earlier ones
// share one row per code.

import type { Cursor } from '../../cursor/cursor.ts'
import { shelvedObjects } from '../../cursor/shelve.ts'
import { compare } from '../../report/words.ts'

/** The quarantined objects of a code and day; day '' stands for all earlier ones. */
export interface QuarantinedDay {
  code: string
  day: string
  objects: number
}

const MAX_DAYS = 20

/** Counts a cursor's quarantined objects, newest days first; throws CursorError. */
export async function quarantinedByDay(
  cursor: Cursor,
): Promise<QuarantinedDay[]> {
  const days = new Map<string, Map<string, number>>()
  const add = (day: string, code: string, objects: number): void => {
    const codes = days.get(day) ?? new Map<string, number>()
    days.set(day, codes.set(code, (codes.get(code) ?? 0) + objects))
  }
  for (const { day, code, quarantined } of cursor.state.failed.values())
    if (quarantined) add(day, code, 1)
  for await (const { day, code } of shelvedObjects(cursor)) add(day, code, 1)
  const earlier = [...days.keys()].toSorted().toReversed().slice(MAX_DAYS)
  for (const day of earlier) {
    for (const [code, objects] of days.get(day) ?? []) add('', code, objects)
    days.delete(day)
  }
  return [...days]
    .flatMap(([day, codes]) =>
      [...codes].map(([code, objects]) => ({ code, day, objects })),
    )
    .toSorted((a, b) => compare(b.day, a.day) || compare(a.code, b.code))
}

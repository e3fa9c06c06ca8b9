// The objects that time has cut, which start last in a cycle: those cut in
// reading or in output, and those whose last attempt used up its time without a
// record. It also keeps the share of the output time that each gets.

import type { Cursor } from './cursor.ts'
import { begun } from './failed-objects.ts'
import { NO_STEPS, stepsOf, type CutState } from './kept-objects.ts'

/** The code of an attempt that used up its time without a record. */
export const NO_RECORD = 'NoRecordInTime'

/** The largest share of the time for output, in quarters. */
export const FULL_SHARE = 3

/** The state of an object that was never cut. */
export const UNCUT: CutState = { cut: 0, share: 1 }

/** Gives the state of a cut object; undefined for any other. */
export function cutState(cursor: Cursor, key: string): CutState | undefined {
  const { partial, failed } = cursor.state
  const begun = partial.get(key)
  if (begun !== undefined) return begun.cut > 0 ? begun : undefined
  const known = failed.get(key)
  if (known?.code !== NO_RECORD) return undefined
  return { cut: known.due, share: FULL_SHARE }
}

/** Records that time cut an object during its download; its committed steps stay. */
export function recordCutDownload(
  { key, size }: { key: string; size: number },
  cursor: Cursor,
  cycle: number,
): void {
  const known = begun(cursor.state, key)
  cursor.record({
    k: 'partial',
    key,
    etag: known?.etag ?? '',
    size: known?.size ?? size,
    ...stepsOf(known ?? NO_STEPS),
    cut: cycle,
    share: cutState(cursor, key)?.share ?? 1,
  })
}

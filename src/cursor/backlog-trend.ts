// How many objects the last three cycles left undone, and whether that grows:
// the last cycle's summary holds its own number, its note those of two before.

import type { CycleNote } from './cursor-state.ts'

const KEPT = 2

/** Gives what up to three cycles left undone, in objects, oldest first. */
export function leftBehind({
  number,
  left = [],
  summary,
}: CycleNote): number[] {
  if (number === 0) return []
  const { objects_left = 0 } = summary as { objects_left?: number }
  return [...left, objects_left]
}

/** Gives what of it the next cycle's note keeps. */
export function leftBefore(last: CycleNote): number[] {
  return leftBehind(last).slice(-KEPT)
}

/** Tells whether each of three cycles left more behind than the one before. */
export function isGrowing(last: CycleNote): boolean {
  const left = leftBehind(last)
  const [first = 0, second = 0, third = 0] = left
  return left.length > KEPT && first < second && second < third
}

// The note that a completed cycle leaves in the cursor, and the objects that the
// last three cycles left undone: its summary has its own number, its note those
// of two before.

import type { CycleOutcome } from '../report/outcome.ts'

const KEPT = 2

/** The objects that a cycle, by its summary, and the two before it left undone. */
export interface Backlog {
  number: number
  summary: object
  /** Those of the two cycles before, oldest first; absent in older cursors. */
  left?: readonly number[]
}

/** A cycle's number, time and outcome, and the numbers that the next one needs. */
export interface CycleNote extends Backlog {
  at: number
  clockOffset: number
  outcome: CycleOutcome
  /** When the oldest object that it found and left was last modified, in ms since 1970; 0 = it left none; absent in older cursors. */
  waiting?: number
}

/** Gives the numbers of objects that up to three cycles left undone, oldest first. */
export function leftBehind({ number, left = [], summary }: Backlog): number[] {
  if (number === 0) return []
  const { objects_left = 0 } = summary as { objects_left?: number }
  return [...left, objects_left]
}

/** Gives the part of them that the next cycle's note keeps. */
export function leftBefore(last: Backlog): number[] {
  return leftBehind(last).slice(-KEPT)
}

/** Tells whether each of three cycles left more objects than the one before. */
export function isGrowing(last: Backlog): boolean {
  const left = leftBehind(last)
  const [first = 0, second = 0, third = 0] = left
  return left.length > KEPT && first < second && second < third
}

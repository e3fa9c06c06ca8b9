// Takes a round from folder to folder, as far as the time of a cycle goes. What
// is noted is noted when a folder is proved to its end: one that was cut is
// proved anew.

import type { VerifyNote } from '../cursor/verify-note.ts'
import { inOrder } from '../find/pool.ts'
import { compare } from '../report/words.ts'
import { UNITS_AT_ONCE, type ProofUnit } from './prove.ts'
import { finished, withoutTime, withResult } from './round.ts'

/** How a round goes on. */
export interface RoundOptions {
  byDigests: boolean
  /** Tells, once the signal has aborted, whether the time was over that a folder may take. */
  isLarge(): boolean
  /** Aborts when the time is over, or on a signal. */
  signal: AbortSignal
  /** Takes each step that is made. */
  onStep(note: VerifyNote): void
}

/** Proves what is left of a round; gives it when it has come to its end, else undefined. Throws SourceError for what affects all requests. */
export async function proveRound(
  begun: VerifyNote,
  units: readonly ProofUnit[],
  { byDigests, isLarge, signal, onStep }: RoundOptions,
): Promise<VerifyNote | undefined> {
  let note = begun
  const step = (next: VerifyNote): void => onStep((note = next))
  const left = units
    // Of what the settings leave out no log is owed.
    .filter(({ folder, leaves }) => leaves.length > 0 && folder > note.after)
    .toSorted((a, b) => compare(a.folder, b.folder))
  const [first] = left
  // A folder may hold dated folders, and objects beside them.
  const isDone = (folder: string, at: number): boolean =>
    left[at + 1]?.folder !== folder
  try {
    // One that was too large beside others is alone.
    const atOnce = note.cut > 0 ? 1 : UNITS_AT_ONCE
    let at = 0
    for await (const { folder, result } of inOrder(left, atOnce, proveUnit)) {
      if (signal.aborted) break
      const after = isDone(folder, at++) ? folder : note.after
      step(withResult(note, after, result))
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
  if (!signal.aborted) return finished(note, byDigests)
  if (first !== undefined && note === begun && isLarge())
    step(withoutTime(note, first.folder))
  return undefined
}

const proveUnit = async (unit: ProofUnit) => ({
  folder: unit.folder,
  result: await unit.prove(),
})

// Advances a round from folder to folder, as far as the time of a cycle allows.
// A folder is recorded once its proof is complete; an interrupted one is proved
// again.

import type { VerifyNote } from '../cursor/verify-note.ts'
import { inOrder } from '../find/pool.ts'
import { compare } from '../report/words.ts'
import { UNITS_AT_ONCE, type ProofUnit } from './prove.ts'
import { finished, withoutTime, withResult } from './round.ts'

/** The parameters of a round. */
export interface RoundOptions {
  byDigests: boolean
  /** Tells, once the signal has aborted, whether the time limit for a folder was reached. */
  isLarge(): boolean
  /** Aborts at the end of the time, or on a signal. */
  signal: AbortSignal
  /** Receives the note after each step. */
  onStep(note: VerifyNote): void
}

/** Proves the rest of a round; gives its note at the end of the round, else undefined. Throws SourceError for an error of all requests. */
export async function proveRound(
  begun: VerifyNote,
  units: readonly ProofUnit[],
  { byDigests, isLarge, signal, onStep }: RoundOptions,
): Promise<VerifyNote | undefined> {
  let note = begun
  const step = (next: VerifyNote): void => onStep((note = next))
  const left = units
    // Logs that the settings leave out are not owed.
    .filter(({ folder, leaves }) => leaves.length > 0 && folder > note.after)
    .toSorted((a, b) => compare(a.folder, b.folder))
  const [first] = left
  // A folder may hold dated folders, and objects beside them.
  const isDone = (folder: string, at: number): boolean =>
    left[at + 1]?.folder !== folder
  try {
    // A folder that was too large beside others is proved alone.
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

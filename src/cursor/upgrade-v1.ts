// Completes entries of version 1 of the cursor's file: each member that came
// with version 2 gets the value that stands for what version 1 did not know.
// A member that is there is never changed.

import type { Entry } from './cursor-state.ts'

/** The members that version 2 added, kind by kind, as version 1 would have them. */
const DEFAULTS: {
  [Kind in Entry['k']]?: Partial<Extract<Entry, { k: Kind }>>
} = {
  leaf: { missed: 0, before: '' },
  listing: { token: '', disordered: false, restarts: 0 },
  lookBack: { complete: 0 },
  older: { number: 0 },
  partial: { bytes: 0, form: '', header: -1, cut: 0, share: 1 },
  failed: { bytes: 0, form: '', header: -1, counted: 0, tries: 0 },
}

/** Gives an entry of version 1 the members of version 2; anything that is no entry comes back as it is. */
export function upgradeV1(entry: unknown): unknown {
  const { k } = Object(entry) as { k?: unknown }
  if (typeof k !== 'string' || !Object.hasOwn(DEFAULTS, k)) return entry
  return { ...DEFAULTS[k as Entry['k']], ...(entry as object) }
}

// Completes entries of version 1 of the cursor's file: each member that version
// 2 added gets the value that stands for unknown. Present members are never
// changed.

import type { Entry } from './cursor-state.ts'

/** The members that version 2 added, by kind, with their values for version 1. */
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

/** Adds the members of version 2 to an entry of version 1; any other value is returned unchanged. */
export function upgradeV1(entry: unknown): unknown {
  const { k } = Object(entry) as { k?: unknown }
  if (typeof k !== 'string' || !Object.hasOwn(DEFAULTS, k)) return entry
  return { ...DEFAULTS[k as Entry['k']], ...(entry as object) }
}

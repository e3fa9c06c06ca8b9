// Entries of a cursor with only what a test is about; the rest is as plain as
// can be.
import {
  NO_STEPS,
  type PartialObject,
} from '../../../src/cursor/kept-objects.ts'
import type { CycleNote } from '../../../src/cursor/cycle-note.ts'
import type { Entry, Leaf } from '../../../src/cursor/cursor-state.ts'

/** Makes a leaf's entry. */
export function leafEntry(leaf: Pick<Leaf, 'prefix'> & Partial<Leaf>): Entry {
  return {
    k: 'leaf',
    layout: 'date',
    from: '2026-03-09',
    seen: 1,
    missed: 0,
    before: '',
    first: leaf.from ?? '2026-03-09',
    baseline: 0,
    newest: '',
    looked: '',
    lookedAt: 0,
    lookAfter: '',
    ...leaf,
  }
}

/** Makes the entry of an object that a kill left in the middle. */
export function partialEntry(
  partial: Pick<PartialObject, 'key' | 'etag' | 'size' | 'records'> &
    Partial<PartialObject>,
): { k: 'partial' } & PartialObject {
  return { k: 'partial', ...NO_STEPS, cut: 0, share: 1, ...partial }
}

/** Makes a cycle's entry. */
export function cycleEntry(cycle: Partial<CycleNote>): Entry {
  return {
    k: 'cycle',
    number: 1,
    at: 0,
    clockOffset: 0,
    outcome: 'done',
    summary: {},
    ...cycle,
  }
}

// Entries of a cursor with only what a test is about; the rest is as plain as
// can be.
import type {
  CycleNote,
  Entry,
  Leaf,
} from '../../../src/cursor/cursor-state.ts'

/** Makes a leaf's entry. */
export function leafEntry(leaf: Pick<Leaf, 'prefix'> & Partial<Leaf>): Entry {
  return {
    k: 'leaf',
    layout: 'date',
    from: '2026-03-09',
    seen: 1,
    missed: 0,
    first: leaf.from ?? '2026-03-09',
    baseline: 0,
    newest: '',
    looked: '',
    lookedAt: 0,
    lookAfter: '',
    ...leaf,
  }
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

// V8's flags: set at the start, and changed by what a cycle brings. They are
// set again before the code is cached, since V8 refuses code that was cached
// under other flags than those of the start.

import { setFlagsFromString } from 'node:v8'

const AT_START: readonly string[] = [
  // Garbage may not spread: it would double the resident memory.
  '--semi-space-growth-factor=1',
  // So small a heap is cleared sooner than other threads can be woken to help.
  '--no-parallel-scavenge',
  '--heap-growing-percent=60',
  // Otherwise code that ran once, at the start, is discarded in a long cycle,
  // is missing from the cache made at its end, and is compiled anew at each
  // later start.
  '--no-flush-bytecode',
]
// Later versions lack this flag.
const HAS_BUDGET = process.versions.node.startsWith('20.')
// Code is optimized after twice as much work: most cycles are too short for
// most of V8's optimizations.
const LATER = '--interrupt-budget=135168'
const SOONER = '--interrupt-budget=10000'

/** Sets the flags of a start. */
export function setStartFlags(): void {
  AT_START.forEach(setFlagsFromString)
  if (HAS_BUDGET) setFlagsFromString(LATER)
}

/** Lets the young heap grow: flow logs come in few and small objects, so it costs 10 MB and saves a tenth of the CPU; with CloudTrail it would cost 40 MB. */
export function enlargeYoungHeap(): void {
  setFlagsFromString('--semi-space-growth-factor=2')
}

/** Has code optimized sooner, which saves a cycle of thousands of small objects a tenth of the CPU. */
export function optimizeSooner(): void {
  if (HAS_BUDGET) setFlagsFromString(SOONER)
}

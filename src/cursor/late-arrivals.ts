// The cursor's notes for late arrivals: the progress of the looks at older
// days, and the former patterns that left out objects which those looks may
// find now.

/** The progress of the daily look back; times in ms since 1970, 0 = never. */
export interface LookBack {
  began: number
  ended: number
  /** The start of the last look that reached its end. */
  complete: number
  /** The number of late objects that were ever found and settled. */
  found: number
}

/** Inclusions and Exclusions as JSON, and the former ones; an object that former ones left out and that was modified before their time is history. */
export interface Patterns {
  /** '' = unknown. */
  text: string
  former: { text: string; before: number }[]
}

// What is kept for late arrivals: how far the looks at older days came, and
// which patterns left out what they may find now.

/** What the daily look back came to; times in ms since 1970, 0 = never. */
export interface LookBack {
  began: number
  ended: number
  /** When the last one that came to its end began. */
  complete: number
  /** Late objects that were found and settled, ever. */
  found: number
}

/** Inclusions and Exclusions as JSON, those before them, and what these left out and was modified before such a time is history. */
export interface Patterns {
  /** '' = not known. */
  text: string
  former: { text: string; before: number }[]
}

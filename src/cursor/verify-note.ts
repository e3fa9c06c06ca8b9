// How far a cycle's proofs of what was collected have come (VerifyMinutes): what
// is proved, and the round that is under way, which goes on over cycles.

/** Times in ms since 1970, 0 = never. */
export interface VerifyNote {
  /** The end of the last round that came to its end: up to here all was looked at. */
  until: number
  /** How many things that round could not prove. */
  notProved: number
  /** When the last round began. */
  began: number
  /** What the round under way is about; 0 = none is. */
  from: number
  to: number
  /** The last folder that it has proved. */
  after: string
  /** How many cycles in a row had too little time for the next one. */
  cut: number
  digests: number
  logs: number
  pending: number
  /** What cannot be proved so far: how much, and the first few in words. */
  faults: number
  named: string[]
  /** Why signatures are not checked; '' where they are, or none was to be. */
  unsigned: string
}

/** What a round has found before it begins. */
export const NOTHING_PROVED = {
  from: 0,
  to: 0,
  after: '',
  cut: 0,
  digests: 0,
  logs: 0,
  pending: 0,
  faults: 0,
  unsigned: '',
}

/** Makes the note of a cursor with which nothing was ever proved. */
export const neverVerified = (): VerifyNote => ({
  until: 0,
  notProved: 0,
  began: 0,
  ...NOTHING_PROVED,
  named: [],
})

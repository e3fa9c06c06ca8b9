// The progress of a cycle's proofs of the collection (VerifyMinutes): the
// proved time, and the current round, which continues over cycles.

/** Times in ms since 1970, 0 = never. */
export interface VerifyNote {
  /** The end of the last completed round: everything up to here was checked. */
  until: number
  /** The number of things that round could not prove. */
  notProved: number
  /** When the last round began. */
  began: number
  /** The time that the current round covers; 0 = there is none. */
  from: number
  to: number
  /** The last folder that it has proved. */
  after: string
  /** How many cycles in a row had too little time for the next folder. */
  cut: number
  digests: number
  logs: number
  pending: number
  /** The unproved things so far: their number, and the first few in words. */
  faults: number
  named: string[]
  /** The reason why signatures are not checked; '' if they are, or none should be. */
  unsigned: string
}

/** The values of a round before it begins. */
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
  named: [],
}

/** Makes the note of a cursor without any proof. */
export const neverVerified = (): VerifyNote => ({
  until: 0,
  notProved: 0,
  began: 0,
  ...NOTHING_PROVED,
})

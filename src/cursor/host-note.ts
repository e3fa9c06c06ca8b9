// What a cursor notes of the host: which process it is, and how far it has been
// given records, so that the next cycle knows whether it is another one.

/** Who reads the output, and what became of its records. */
export interface HostNote {
  boot: string
  pid: number
  start: string
  /** Seconds from boot to the last cycle. */
  uptime: number
  /** The last cycle in which it was given records. */
  cycle: number
  /** The running number of the last record that was accepted. */
  records: number
  /** How many cycles in a row had another host than the one before. */
  changes: number
  /** Keys that were queued again under this host: it has lost them once. */
  again: string[]
}

/** The note of a cursor that has seen no host. */
export const NO_HOST: HostNote = {
  boot: '',
  pid: 0,
  start: '',
  uptime: 0,
  cycle: 0,
  records: 0,
  changes: 0,
  again: [],
}

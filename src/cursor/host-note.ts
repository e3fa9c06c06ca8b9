// The cursor's note of the host: which process it is, and how many records it
// was given, so that the next cycle recognizes another one.

/** The process that reads the output, and the state of its records. */
export interface HostNote {
  boot: string
  pid: number
  start: string
  /** The seconds from boot to the last cycle. */
  uptime: number
  /** The last cycle in which it was given records. */
  cycle: number
  /** The running number of the last accepted record. */
  records: number
  /** How many cycles in a row had another host than the one before. */
  changes: number
  /** The keys that were queued again under this host, which has lost them once. */
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

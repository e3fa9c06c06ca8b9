// The ways in which a host ends a cycle before its time.

/** Reports that stdout was closed by its reader, or stood still to the end of the cycle. */
export class HostGoneError extends Error {
  override readonly name = 'HostGoneError'
  readonly code = 'HOST_GONE'
}

/** Reports that a signal asked the process to stop. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError'
  readonly code = 'STOPPED'
}

// Bounds the memory that all columns of a Parquet file together take.

import { tooMuch } from './parquet-error.ts'

const MIB = 1024 * 1024
/** What pages and dictionaries of all columns may take together, in bytes. */
export const MAX_BYTES = 64 * MIB

/** Counts what is held; throws DecodeError where it would become too much. */
export class Budget {
  #used = 0

  /** Takes so many bytes, `what` being what needs them. */
  take(bytes: number, what: string): void {
    if (this.#used + bytes > MAX_BYTES)
      throw tooMuch(
        `needs more memory than ${MAX_BYTES / MIB} MiB for its pages and dictionaries: ${what} takes ${bytes} bytes more; pages that are smaller, or in gzip, would do`,
      )
    this.#used += bytes
  }

  /** Gives so many bytes back. */
  give(bytes: number): void {
    this.#used -= bytes
  }
}

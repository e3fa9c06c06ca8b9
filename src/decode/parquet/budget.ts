// Limits the memory of all columns of a Parquet file together.

import { tooMuch } from './parquet-error.ts'

const MIB = 1024 * 1024
/** The limit for pages and dictionaries of all columns together, in bytes. */
export const MAX_BYTES = 64 * MIB

/** Counts the held bytes; throws DecodeError if they would exceed the limit. */
export class Budget {
  #used = 0

  /** Takes so many bytes for `what`, which the message names. */
  take(bytes: number, what: string): void {
    if (this.#used + bytes > MAX_BYTES)
      throw tooMuch(
        `needs more memory than ${MAX_BYTES / MIB} MiB for its pages and dictionaries: ${what} takes ${bytes} bytes more; write smaller pages, or pages in gzip`,
      )
    this.#used += bytes
  }

  /** Gives so many bytes back. */
  give(bytes: number): void {
    this.#used -= bytes
  }
}

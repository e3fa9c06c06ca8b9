// Bytes that are all at hand and need not lie in memory: they can be read from
// their start, as often as wanted, and in ranges, as a format needs whose table
// of contents stands at its end.

/** Reads ranges of what was opened, until it is closed. */
export interface RangeReader {
  readonly size: number
  /** Reads so many bytes from a place; all of them are there to be read. */
  read(at: number, length: number): Promise<Buffer>
  close(): Promise<void>
}

/** Bytes in a file, each piece in the place of the one before when iterated. */
export interface StoredBytes extends AsyncIterable<Buffer> {
  /** Opens them to be read in ranges. */
  open(): Promise<RangeReader>
}

/** The bytes of an object, as they are handed to whoever decodes them. */
export type ReadableBytes = Buffer | AsyncIterable<Buffer> | StoredBytes

/** Opens bytes to be read in ranges; undefined where they can only be read from their start. */
export async function openRanges(
  bytes: ReadableBytes,
): Promise<RangeReader | undefined> {
  if (Buffer.isBuffer(bytes)) return rangesOf(bytes)
  return 'open' in bytes ? bytes.open() : undefined
}

const rangesOf = (bytes: Buffer): RangeReader => ({
  size: bytes.length,
  read: async (at, length) => bytes.subarray(at, at + length),
  close: async () => {},
})

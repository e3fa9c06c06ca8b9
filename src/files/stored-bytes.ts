// Bytes that are complete and need not lie in memory. They can be read from the
// start any number of times, and in ranges, as a format needs whose table of
// contents stands at its end.

/** Reads ranges of opened bytes, until it is closed. */
export interface RangeReader {
  readonly size: number
  /** Reads so many bytes at an offset; the range must lie within the bytes. */
  read(at: number, length: number): Promise<Buffer>
  close(): Promise<void>
}

/** Bytes in a file; iteration reuses one buffer for all pieces. */
export interface StoredBytes extends AsyncIterable<Buffer> {
  /** Opens them to be read in ranges. */
  open(): Promise<RangeReader>
}

/** The bytes of an object, in the forms that decoders take. */
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

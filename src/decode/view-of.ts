// A view of bytes, through which four of them are read or written at a time.

/** How many bytes that are. */
export const WORD = 4

/** Makes the view of all bytes of a buffer. */
export function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length)
}

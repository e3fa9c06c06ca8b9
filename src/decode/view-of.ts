// A view of bytes, through which several of them are read or written at a time.

/** Makes the view of all bytes of a buffer. */
export function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length)
}

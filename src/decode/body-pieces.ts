// Cuts a body into the pieces that are inflated at a time: large enough to be
// cheap, small enough to buffer little.

const PIECE = 256 * 1024

/** Yields a body's bytes in pieces of at most 256 KiB. */
export async function* bodyPieces(
  body: Buffer | AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  if (Buffer.isBuffer(body)) yield* slices(body, PIECE)
  else for await (const chunk of body) yield* slices(chunk, PIECE)
}

/** Joins the first pieces until they have `headBytes` bytes, or until the body ends or fails; the fault is thrown after them. Later pieces pass unchanged. */
export async function* withHead(
  pieces: AsyncIterable<Buffer>,
  headBytes: number,
): AsyncGenerator<Buffer> {
  let head: Buffer | undefined = Buffer.alloc(0)
  try {
    for await (const piece of pieces) {
      if (head === undefined) {
        yield piece
        continue
      }
      head = head.length === 0 ? piece : Buffer.concat([head, piece])
      if (head.length < headBytes) continue
      const whole = head
      head = undefined
      yield whole
    }
  } catch (error) {
    if (head !== undefined && head.length > 0) yield head
    throw error
  }
  if (head !== undefined && head.length > 0) yield head
}

/** Cuts the bytes after the first `whole` bytes into pieces of `step` bytes. */
export async function* inSteps(
  pieces: AsyncIterable<Buffer>,
  whole: number,
  step: number,
): AsyncGenerator<Buffer> {
  let left = whole
  for await (const piece of pieces) {
    const uncut = Math.min(left, piece.length)
    left -= uncut
    if (uncut > 0) yield piece.subarray(0, uncut)
    yield* slices(piece.subarray(uncut), step)
  }
}

function* slices(bytes: Buffer, size: number): Generator<Buffer> {
  for (let from = 0; from < bytes.length; from += size)
    yield bytes.subarray(from, from + size)
}

// A stretch of bytes that may reach over chunk borders: only its own bytes are
// kept, piece by piece, and joined once at its end, so that a long stretch in
// many chunks costs no more than a short one.

/** Follows one stretch of bytes at a time, of at most `limit` bytes. */
export class ByteSpan {
  private readonly limit: number
  /** Where the stretch starts in the chunk at hand, if one is followed. */
  private from: number | undefined
  private pieces: Buffer[] = []
  private bytes = 0

  constructor(limit: number) {
    this.limit = limit
  }

  /** Starts a stretch at a position of the chunk at hand. */
  begin(at: number): void {
    this.drop()
    this.from = at
  }

  /** Forgets the stretch. */
  drop(): void {
    this.from = undefined
    if (this.bytes === 0) return
    this.pieces = []
    this.bytes = 0
  }

  /** Keeps the stretch's bytes of a chunk that is at its end; false if they became too many and were dropped. */
  carry(chunk: Buffer): boolean {
    if (this.from === undefined) return true
    const piece = chunk.subarray(this.from)
    this.from = 0
    if (piece.length === 0) return true
    this.pieces.push(piece)
    this.bytes += piece.length
    if (this.bytes <= this.limit) return true
    this.drop()
    return false
  }

  /** Ends the stretch before `to` and gives its bytes, a view of the chunk where they are in it whole; undefined if none is followed or it is too long. */
  take(chunk: Buffer, to: number): Buffer | undefined {
    const { from, pieces, bytes } = this
    this.drop()
    if (from === undefined || bytes + to - from > this.limit) return undefined
    const piece = chunk.subarray(from, to)
    if (bytes === 0) return piece
    pieces.push(piece)
    return Buffer.concat(pieces)
  }
}

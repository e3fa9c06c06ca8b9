// The available bytes of a page: all of them, or the next stretch of a page
// that is read as a stream, so that a page of a million rows takes no more
// memory than a small one.

import type { Budget } from './budget.ts'
import { damaged } from './parquet-error.ts'

/** The bytes from `at` to before `end` of `bytes`; the reader moves `at`. */
export class ByteWindow {
  bytes: Buffer
  at = 0
  end: number
  /** Whether no bytes follow. */
  isAll: boolean
  readonly #chunks: AsyncIterator<Buffer> | undefined
  readonly #budget: Budget | undefined
  /** The number of bytes still to come. */
  #due: number
  /** The buffer that joins remaining and following bytes. */
  #joined = Buffer.alloc(0)

  private constructor(
    bytes: Buffer,
    chunks?: AsyncIterator<Buffer>,
    due = 0,
    budget?: Budget,
  ) {
    this.bytes = bytes
    this.end = bytes.length
    this.isAll = chunks === undefined
    this.#chunks = chunks
    this.#due = due
    this.#budget = budget
  }

  /** Makes a window of bytes in memory. */
  static of(bytes: Buffer): ByteWindow {
    return new ByteWindow(bytes)
  }

  /** Makes a window of so many bytes that come in chunks. */
  static over(
    chunks: AsyncGenerator<Buffer>,
    size: number,
    budget: Budget,
  ): ByteWindow {
    return new ByteWindow(Buffer.alloc(0), chunks, size, budget)
  }

  /** Makes so many bytes available; throws DecodeError if the page has fewer. */
  async need(count: number): Promise<void> {
    while (this.end - this.at < count) {
      if (this.isAll) throw damaged('a page ends within a value')
      await this.more()
    }
  }

  /** Adds the next bytes; throws DecodeError if they are more, or fewer, than declared. */
  async more(): Promise<void> {
    const next = await this.#chunks?.next()
    if (next === undefined || next.done === true) {
      this.isAll = true
      if (this.#due > 0) throw damaged('a page is shorter than it says')
      return
    }
    const chunk = next.value
    this.#due -= chunk.length
    if (this.#due < 0) throw damaged('a page is longer than it says')
    this.#append(chunk)
  }

  /** Frees the source of the chunks. */
  async close(): Promise<void> {
    this.#budget?.give(this.#joined.length)
    this.#joined = Buffer.alloc(0)
    await this.#chunks?.return?.()
  }

  #append(chunk: Buffer): void {
    const left = this.bytes.subarray(this.at, this.end)
    if (left.length === 0) this.bytes = chunk
    else {
      const length = left.length + chunk.length
      if (length <= this.#joined.length) left.copy(this.#joined)
      else this.#grow(length, left)
      chunk.copy(this.#joined, left.length)
      this.bytes = this.#joined.subarray(0, length)
    }
    this.at = 0
    this.end = this.bytes.length
  }

  #grow(length: number, left: Buffer): void {
    const size = Math.max(length, 2 * this.#joined.length)
    this.#budget?.take(size - this.#joined.length, 'a value')
    const joined = Buffer.allocUnsafeSlow(size)
    left.copy(joined)
    this.#joined = joined
  }
}

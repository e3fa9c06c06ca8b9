// Measures how fast stdout takes bytes: the pace of the last five seconds, or
// of the last batch where that is slower. A batch that is taken at once shows
// no pace, since an empty pipe takes it even without a reader; only more such
// bytes than a pipe holds show that the reader is fast again.

const SPAN_MS = 5000
const AT_ONCE_MS = 10
const PIPE_BYTES = 64 * 1024

/** A batch whose acceptance took time. */
interface Sample {
  at: number
  bytes: number
  milliseconds: number
}

/** Measures the pace from the times at which batches were accepted. */
export class Pace {
  #samples: Sample[] = []
  /** The bytes taken at once since the last batch that took time. */
  #atOnce = 0

  /** Records a batch whose writing began at one time in ms and whose acceptance came at another. */
  record(bytes: number, began: number, at: number): void {
    const milliseconds = at - began
    if (milliseconds < AT_ONCE_MS) {
      this.#atOnce += bytes
      if (this.#atOnce > PIPE_BYTES) this.#samples = []
      return
    }
    this.#atOnce = 0
    this.#samples.push({ at, bytes, milliseconds })
    while ((this.#samples[0]?.at ?? at) <= at - SPAN_MS) this.#samples.shift()
  }

  /** Gives the ms that so many bytes will take; 0 while the pace is unknown. */
  timeFor(bytes: number, now: number): number {
    const last = this.#samples.at(-1)
    if (last === undefined) return 0
    let taken = 0
    let waited = now - last.at
    for (const sample of this.#samples) {
      taken += sample.bytes
      waited += sample.milliseconds
    }
    const slowest = Math.min(taken / waited, last.bytes / last.milliseconds)
    return bytes / slowest
  }
}

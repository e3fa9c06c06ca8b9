// How fast stdout takes what is written: the pace of the last five seconds, or
// that of the last batch where it is slower. What is taken at once shows no
// pace, since an empty pipe takes it though nobody reads; only as much of it as
// no pipe holds shows that the reader is fast again.

const SPAN_MS = 5000
const AT_ONCE_MS = 10
const PIPE_BYTES = 64 * 1024

/** A batch that was waited for. */
interface Sample {
  at: number
  bytes: number
  milliseconds: number
}

/** Measures a pace from what was accepted so far and when. */
export class Pace {
  #samples: Sample[] = []
  /** What was taken at once since. */
  #atOnce = 0

  /** Notes that a batch, on its way since a time in ms, was accepted at another. */
  note(bytes: number, began: number, at: number): void {
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

  /** Gives how many ms it takes to take so many bytes; 0 while nothing is known. */
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

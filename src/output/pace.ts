// How fast stdout takes what is written: the pace of the last five seconds, or
// that of the last batch where it is slower, since an empty pipe takes its
// first bytes at once.

const SPAN_MS = 5000
const STEP_MS = 100

/** Measures a pace from what was accepted so far and when. */
export class Pace {
  // The first is the last one before the span.
  readonly #samples: { at: number; bytes: number }[] = []
  #bytes = 0
  #batchPace = Infinity

  /** Notes that a batch, on its way since a time in ms, was accepted at another. */
  note(bytes: number, began: number, at: number): void {
    const samples = this.#samples
    if (samples.length === 0) samples.push({ at: began, bytes: 0 })
    this.#bytes += bytes
    this.#batchPace = bytes / (at - began)
    const last = samples.at(-1)
    if (last && at - last.at >= STEP_MS)
      samples.push({ at, bytes: this.#bytes })
    while ((samples[1]?.at ?? Infinity) <= at - SPAN_MS) samples.shift()
  }

  /** Gives how many ms it takes to take so many bytes; 0 while nothing is known. */
  timeFor(bytes: number, now: number): number {
    const [first] = this.#samples
    if (first === undefined) return 0
    const pace = (this.#bytes - first.bytes) / (now - first.at)
    const slowest = Math.min(pace, this.#batchPace)
    return Number.isNaN(slowest) ? 0 : bytes / slowest
  }
}

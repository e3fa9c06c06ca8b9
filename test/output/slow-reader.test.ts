// Readers of all paces behind a pipe of 64 KiB: whatever the pace, all that was
// written is taken before the cycle's end, and there is some of it each time.

import fc from 'fast-check'
import t from 'tap'
import { LineWriter } from '../../src/output/line-writer.ts'
import { addLine } from './add-line.ts'

const PIPE = 64 * 1024
const PAGE = 4096
const EMISSION = 0.75
const LAST_LINE_MS = 500

/** A pipe, full in part, and who reads a page of it at a time; room comes by pages. */
class SlowPipe {
  now = 0
  #written: number
  #read = 0
  #nextRead = 0
  readonly #pageMs: number

  constructor(bytesPerSecond: number, unread: number) {
    this.#pageMs = (PAGE * 1000) / bytesPerSecond
    this.#written = unread
  }

  readonly take = async (bytes: Buffer): Promise<void> => {
    for (let left = bytes.length; left > 0;) {
      const unread = this.#written - Math.floor(this.#read / PAGE) * PAGE
      const taken = Math.min(left, PIPE - unread)
      this.#written += taken
      left -= taken
      if (left > 0) this.#readOn(this.#nextRead)
    }
  }

  /** Lets time pass. */
  wait(milliseconds: number): void {
    const until = this.now + milliseconds
    while (this.#nextRead <= until) this.#readOn(this.#nextRead)
    this.now = until
  }

  #readOn(at: number): void {
    this.now = Math.max(this.now, at)
    this.#read = Math.min(this.#written, this.#read + PAGE)
    this.#nextRead = Math.max(this.now, at) + this.#pageMs
  }
}

/** Writes for a cycle as it does; gives what was taken and when all was. */
async function write(pipe: SlowPipe, seconds: number, lineBytes: () => number) {
  const end = seconds * 1000
  const writer = new LineWriter(pipe.take, 64 * 1024 ** 2, () => pipe.now)
  pipe.wait(300)
  const mustStop = (): boolean =>
    pipe.now >= end * EMISSION || writer.isBehind(end - pipe.now)
  do {
    if (!addLine(writer, 'x'.repeat(lineBytes()))) break
    // To decode it takes time, too.
    pipe.wait(0.05)
    if (!writer.isFull) continue
    await writer.send()
    if (writer.isCautious) await writer.settle()
  } while (!mustStop())
  await writer.send()
  await writer.settle()
  pipe.wait(LAST_LINE_MS)
  await writer.sendLast()
  return { ended: pipe.now / 1000, ...writer.accepted }
}

t.test('a live slow reader has all in time, in each cycle some', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.double({ min: 10, max: 20, noNaN: true }).map(n => 2 ** n),
      fc.constantFrom(5, 20, 60),
      fc.constantFrom(0, 30_000, PIPE),
      fc.integer({ min: 200, max: 3000 }),
      fc.infiniteStream(fc.double({ min: 0.5, max: 1.5, noNaN: true })),
      async (pace, seconds, unread, lineBytes, factors) => {
        // It takes so long until what is left shows the pace and is taken.
        const least = (2 * PAGE + 3 * lineBytes) / pace
        fc.pre(least + 1.5 < seconds)
        const { ended, bytes, records } = await write(
          new SlowPipe(pace, unread),
          seconds,
          () => Math.round(lineBytes * (factors.next().value ?? 1)),
        )
        const said = `${Math.round(pace)} B/s, ${seconds} s, ${unread} unread, lines of ${lineBytes}: ${records} records, ${ended} s`
        if (ended > seconds) throw new Error(`too late: ${said}`)
        if (records < 2) throw new Error(`nothing: ${said}`)
        const full = pace * seconds * EMISSION
        if (pace > 16_384 && bytes < full / 3)
          throw new Error(`too little, ${bytes} of ${full}: ${said}`)
      },
    ),
    { numRuns: Number(process.env['RUNS'] ?? 40) },
  )
})

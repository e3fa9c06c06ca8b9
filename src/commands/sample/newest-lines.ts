// Keeps the newest of all lines by normal_msg_date; memory holds only the requested
// number, within a limit of bytes.

import { DATE_BYTES, DATE_NAME } from '../../normalize/members.ts'
import { compare } from '../../report/words.ts'

const MAX_BYTES = 32 * 1024 * 1024
const LINE_FEED = 10
const DATE_FROM = `{${DATE_NAME}`.length

interface KeptLine {
  /** '' if the record has no time. */
  time: string
  bytes: Buffer
}

export class NewestLines {
  readonly #wanted: number
  #kept: KeptLine[] = []
  #bytes = 0

  constructor(wanted: number) {
    this.#wanted = wanted
  }

  /** Takes whole lines, LF included; kept lines are copied. */
  take(lines: Buffer): void {
    let from = 0
    while (from < lines.length) {
      const end = lines.indexOf(LINE_FEED, from) + 1
      this.#keep(lines.subarray(from, end))
      from = end
    }
  }

  /** Gives the newest lines, with the newest last. */
  lines(): Buffer[] {
    this.#cut()
    return this.#kept.map(({ bytes }) => bytes)
  }

  #keep(line: Buffer): void {
    const isDated = line.toString('latin1', 1, DATE_FROM) === DATE_NAME
    const time = isDated
      ? line.toString('latin1', DATE_FROM, DATE_FROM + DATE_BYTES)
      : ''
    const isCut = this.#kept.length >= this.#wanted
    if (isCut && time < (this.#kept[0]?.time ?? '')) return
    this.#kept.push({ time, bytes: Buffer.from(line) })
    this.#bytes += line.length
    if (this.#kept.length >= 2 * this.#wanted || this.#bytes > MAX_BYTES)
      this.#cut()
  }

  // The sort is stable: of two lines with the same time, the later one is newer.
  #cut(): void {
    const kept = this.#kept
      .toSorted((a, b) => compare(a.time, b.time))
      .slice(-this.#wanted)
    this.#bytes = kept.reduce((sum, { bytes }) => sum + bytes.length, 0)
    while (this.#bytes > MAX_BYTES && kept.length > 1)
      this.#bytes -= kept.shift()?.bytes.length ?? 0
    this.#kept = kept
  }
}

// What a floor does to each body: gunzip, JSON.parse and JSON.stringify of each
// record (flow logs: gunzip, split, JSON.stringify of the fields) and nothing
// else. What it made is counted, so that none of it can be left out.

import { gunzipSync } from 'node:zlib'

export class FloorWork {
  readonly #isTrail: boolean
  #records = 0
  #characters = 0

  constructor(logType: string) {
    this.#isTrail = logType === 'CloudTrail'
  }

  take(body: Buffer): void {
    const text = String(body[0] === 0x1f ? gunzipSync(body) : body)
    if (this.#isTrail)
      for (const record of JSON.parse(text).Records) this.#count(record)
    else
      for (const line of text.split('\n').slice(1))
        if (line !== '') this.#count(line.split(' '))
  }

  /** Says what was made, as the bench reads it. */
  told(): string {
    return JSON.stringify({
      records: this.#records,
      characters: this.#characters,
    })
  }

  #count(record: unknown): void {
    this.#characters += JSON.stringify(record).length
    this.#records++
  }
}

// The logs of one folder as they were listed, in few bytes each, since a day
// may have hundreds of thousands. Their keys are not kept; the entry of a given
// key can be taken once.

import type { ListedObject } from '../../s3/object-store.ts'
import { movedTo, ObjectIndex } from '../stored/object-index.ts'

/** Holds listed objects until they are taken. */
export class ListedDay {
  readonly #logs = new ObjectIndex()
  /** NaN = it was taken. */
  #sizes = new Float64Array(this.#logs.room)
  #modified = new Float64Array(this.#logs.room)
  /** Undefined if no log will be read. */
  readonly #etags: string[] | undefined
  #left = 0

  constructor(keepsEtags: boolean) {
    this.#etags = keepsEtags ? [] : undefined
  }

  /** Counts the logs that were not taken. */
  get left(): number {
    return this.#left
  }

  /** Adds a log; of a log that is listed twice the last entry counts. */
  add({ key, size, modified, etag }: ListedObject): void {
    const known = this.#logs.size
    const number = this.#logs.numberFor(key)
    const { room } = this.#logs
    if (this.#sizes.length < room) {
      this.#sizes = movedTo(new Float64Array(room), this.#sizes)
      this.#modified = movedTo(new Float64Array(room), this.#modified)
    }
    if (number === known) this.#left++
    this.#sizes[number] = size
    this.#modified[number] = modified
    if (this.#etags) this.#etags[number] = ownText(etag)
  }

  /** Takes the entry of a key; undefined if it was not listed, or was taken. */
  take(key: string): ListedObject | undefined {
    const log = this.find(key)
    const number = log && this.#logs.find(key)
    if (number === undefined) return undefined
    this.#sizes[number] = Number.NaN
    this.#left--
    return log
  }

  /** Gives the entry of a key, unless it was taken. */
  find(key: string): ListedObject | undefined {
    const number = this.#logs.find(key)
    if (number === undefined) return undefined
    const size = this.#sizes[number] as number
    if (Number.isNaN(size)) return undefined
    const modified = this.#modified[number] as number
    return { key, size, modified, etag: this.#etags?.[number] ?? '' }
  }
}

// A slice of a page's text would keep the whole page in memory.
const ownText = (text: string): string =>
  Buffer.from(text, 'latin1').toString('latin1')

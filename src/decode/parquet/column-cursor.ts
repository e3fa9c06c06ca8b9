// Reads one column of a row group some rows at a time, and shows the place of
// each row's text.

import { Cells } from './cells.ts'
import { ColumnPages, type DataPage } from './column-pages.ts'
import type { Chunk } from './footer.ts'
import type { ColumnSource } from './open-page.ts'
import { damaged } from './parquet-error.ts'
import type { RunLengths } from './run-lengths.ts'

/** At most so many rows are turned into texts at a time: their places stay in the processor's cache. */
const BLOCK = 1024
// A block of longer texts has fewer rows.
const BLOCK_BYTES = 256 * 1024

/** The next rows of a column: row i's text is in `bytes` from `from[i]` to before `to[i]`, for `left` rows from `at`. */
export class ColumnCursor {
  bytes: Buffer
  view: DataView
  from: Int32Array
  to: Int32Array
  at = 0
  left = 0
  /** Whether a text may need escaping in JSON. */
  isRaw = false
  readonly #pages: ColumnPages
  /** The places of the dictionary texts of the rows. */
  readonly #from = new Int32Array(BLOCK)
  readonly #to = new Int32Array(BLOCK)
  readonly #plain: Cells
  readonly #codes = new Int32Array(BLOCK)
  /** 1 for each row that has a value. */
  readonly #levels = new Int32Array(BLOCK)
  #page: DataPage | undefined
  /** The number of rows of the page that are not ready yet. */
  #due = 0

  constructor(source: ColumnSource) {
    this.#pages = new ColumnPages(source)
    this.#plain = new Cells(BLOCK, source.budget)
    this.bytes = this.#plain.bytes
    this.view = this.#plain.view
    this.from = this.#from
    this.to = this.#to
  }

  /** Goes to a row group's column, after its first `skip` of `rows` rows; throws DecodeError. */
  async open(chunk: Chunk, rows: number, skip: number): Promise<void> {
    this.at = this.left = this.#due = 0
    await this.#pages.open(chunk, rows, skip)
  }

  /** Prepares the next rows, if more follow; false if it only advanced toward them. Throws DecodeError. */
  async fill(): Promise<boolean> {
    if (this.#due === 0) {
      this.#page = await this.#pages.next()
      this.#due = this.#page.rows
    }
    const page = this.#page as DataPage
    const most =
      page.codes === undefined
        ? Math.min(BLOCK, Math.ceil(BLOCK_BYTES / page.rowBytes))
        : BLOCK
    const rows = Math.max(1, Math.min(most, this.#due))
    await this.#read(page, rows)
    this.#due -= rows
    this.at = Math.min(this.#pages.skip, rows)
    this.left = rows - this.at
    this.#pages.skip -= this.at
    return this.left > 0
  }

  /** Checks that nothing is left after all rows were read; throws DecodeError. */
  finish(): Promise<void> {
    return this.#pages.finish()
  }

  /** Frees its memory. */
  close(): Promise<void> {
    return this.#pages.close()
  }

  async #read(page: DataPage, rows: number): Promise<void> {
    const present = page.levels ? this.#readLevels(page.levels, rows) : rows
    if (present === 0) {
      this.#show(this.#plain, this.#from, this.#to)
      this.isRaw = false
      this.from.fill(0, 0, rows)
      this.to.fill(0, 0, rows)
    } else if (page.codes !== undefined)
      await this.#readCodes(page, page.codes, rows, present)
    else {
      const cells = this.#plain
      cells.clear()
      await this.#pages.readPlain(page, cells, present)
      if (present < rows) spread(cells, this.#levels, rows)
      this.#show(cells, cells.from, cells.to)
    }
  }

  /** Reads which rows have a value; returns their number. */
  #readLevels(runs: RunLengths, rows: number): number {
    const same = runs.same(rows)
    if (same >= 0) return (same & 1) === 0 ? 0 : rows
    const levels = this.#levels
    if (runs.read(levels, 0, rows) < rows)
      throw damaged('a page has fewer levels than rows')
    let present = 0
    for (let i = 0; i < rows; i++) present += (levels[i] as number) & 1
    return present
  }

  async #readCodes(
    { window }: DataPage,
    codes: RunLengths,
    rows: number,
    present: number,
  ): Promise<void> {
    const { dictionary } = this.#pages
    if (dictionary === undefined) throw this.#pages.noEntry(0)
    this.#show(dictionary, this.#from, this.#to)
    const { count } = dictionary
    const same = present === rows ? codes.same(rows) : -1
    if (same >= 0 && same < count) {
      this.from.fill(dictionary.from[same] as number, 0, rows)
      this.to.fill(dictionary.to[same] as number, 0, rows)
      return
    }
    if (same !== -1) throw this.#pages.noEntry(same)
    for (let got = 0; got < present;) {
      const more = codes.read(this.#codes, got, present)
      got += more
      if (more === 0) await window.need(window.end - window.at + 1)
    }
    this.#find(dictionary, rows, present < rows)
  }

  /** Looks the codes up. */
  #find({ from, to, count }: Cells, rows: number, isMixed: boolean): void {
    const { from: ownFrom, to: ownTo } = this
    const codes = this.#codes
    const levels = this.#levels
    for (let i = 0, next = 0; i < rows; i++) {
      if (isMixed && ((levels[i] as number) & 1) === 0) {
        ownFrom[i] = ownTo[i] = 0
        continue
      }
      const code = codes[next++] as number
      if (code >>> 0 >= count) throw this.#pages.noEntry(code)
      ownFrom[i] = from[code] as number
      ownTo[i] = to[code] as number
    }
  }

  #show(cells: Cells, from: Int32Array, to: Int32Array): void {
    this.bytes = cells.bytes
    this.view = cells.view
    this.isRaw = cells.isRaw
    this.from = from
    this.to = to
  }
}

/** Moves the texts to the rows that have one, and makes the other rows empty. */
function spread({ from, to }: Cells, levels: Int32Array, rows: number): void {
  let next = 0
  for (let i = 0; i < rows; i++) next += (levels[i] as number) & 1
  for (let i = rows - 1; i >= 0; i--) {
    const isThere = ((levels[i] as number) & 1) === 1
    if (isThere) next--
    from[i] = isThere ? (from[next] as number) : 0
    to[i] = isThere ? (to[next] as number) : 0
  }
}

// Reads one column of a row group, page after page, some rows at a time. Pages
// that earlier cycles have emitted are passed over by their headers alone.

import { Cells } from './cells.ts'
import { checkCodec } from './codecs.ts'
import type { Chunk } from './footer.ts'
import { openPage, type Page, type PageSource } from './open-page.ts'
import {
  DATA_PAGE,
  DATA_PAGE_V2,
  DICTIONARY_PAGE,
  readPageHeader,
  type PageHeader,
} from './page-header.ts'
import { damaged } from './parquet-error.ts'
import { bytesOfNext, leastBytes, readValues } from './read-values.ts'
import type { RunLengths } from './run-lengths.ts'
import { BOOLEAN } from './schema.ts'

/** So many rows at most are turned into texts at a time: their places stay in the processor's cache. */
const BLOCK = 1024
// A block of longer texts has fewer rows.
const BLOCK_BYTES = 256 * 1024
// No writer makes them; a file of nothing else would take long.
const MAX_EMPTY_PAGES = 1000

/** What a cursor is made of; where it begins is said by open(). */
export type ColumnSource = Omit<PageSource, 'codec'>

/** Holds the next rows of a column: row i's text stands in `bytes` from `from[i]` to before `to[i]`, for `left` rows from `at`. */
export class ColumnCursor {
  bytes: Buffer
  view: DataView
  from: Int32Array = new Int32Array(BLOCK)
  to: Int32Array = new Int32Array(BLOCK)
  at = 0
  left = 0
  /** Whether a text may have to be escaped in JSON. */
  isRaw = false
  readonly #source: PageSource
  readonly #plain: Cells
  readonly #codes = new Int32Array(BLOCK)
  readonly #levels = new Int32Array(BLOCK)
  #dictionary: Cells | undefined
  #chunk: Chunk = { from: 0, to: 0, codec: 0 }
  #next = 0
  #page: Page | undefined
  #pageRows = 0
  #blockRows = BLOCK
  #empty = 0
  /** Rows of the group that no page so far holds, and those to pass over. */
  #due = 0
  #skip = 0

  constructor(source: ColumnSource) {
    this.#source = { ...source, codec: 0 }
    this.#plain = new Cells(BLOCK, source.budget)
    this.bytes = this.#plain.bytes
    this.view = this.#plain.view
  }

  /** Goes to where a row group's column lies, behind its first `skip` of `rows` rows; throws DecodeError. */
  async open(chunk: Chunk, rows: number, skip: number): Promise<void> {
    await this.close()
    if (rows > 0) checkCodec(chunk.codec)
    this.#source.codec = chunk.codec
    this.#chunk = chunk
    this.#next = chunk.from
    this.#due = rows
    this.#skip = skip
    this.#empty = 0
  }

  /** Frees what it holds. */
  async close(): Promise<void> {
    this.at = this.left = this.#pageRows = 0
    const dictionary = this.#dictionary
    this.#dictionary = undefined
    if (this.#source.column.type !== BOOLEAN) dictionary?.free()
    await this.#closePage()
  }

  /** Has the next rows ready, where more are due; false where it only came closer to them. */
  async fill(): Promise<boolean> {
    if (this.#pageRows === 0) await this.#openNext()
    const rows = Math.min(this.#blockRows, this.#pageRows)
    await this.#read(rows)
    this.#pageRows -= rows
    this.at = Math.min(this.#skip, rows)
    this.left = rows - this.at
    this.#skip -= this.at
    if (this.#pageRows === 0) await this.#closePage()
    return this.left > 0
  }

  /** Checks that nothing is left once all rows were read. */
  async finish(): Promise<void> {
    while (this.#next < this.#chunk.to)
      if ((await this.#nextHeader()).values > 0) throw this.#tooMany()
  }

  async #openNext(): Promise<void> {
    for (;;) {
      if (this.#next >= this.#chunk.to)
        throw damaged(
          `its column ${this.#source.column.name} has ${this.#due} rows less than its row group`,
        )
      const header = await this.#nextHeader()
      if (header.kind === DICTIONARY_PAGE) {
        await this.#readDictionary(header)
        continue
      }
      const { values } = header
      if (values > this.#due) throw this.#tooMany()
      if (values === 0) continue
      this.#due -= values
      if (this.#skip >= values) this.#skip -= values
      else return this.#openPage(header)
    }
  }

  async #nextHeader(): Promise<PageHeader> {
    const { file } = this.#source
    const header = await readPageHeader(file, this.#next, this.#chunk.to)
    this.#next = header.at + header.bytes
    const { kind } = header
    const isData = kind === DATA_PAGE || kind === DATA_PAGE_V2
    if (!isData && kind !== DICTIONARY_PAGE) header.values = 0
    if (header.values === 0 && ++this.#empty > MAX_EMPTY_PAGES)
      throw damaged('it has a multitude of pages without values')
    return header
  }

  async #openPage(header: PageHeader): Promise<void> {
    const { values, inflated } = header
    this.#page = await openPage(header, this.#source)
    this.#pageRows = values
    const usual = Math.max(1, inflated / values)
    this.#blockRows = this.#page.codes
      ? BLOCK
      : Math.max(1, Math.min(BLOCK, Math.floor(BLOCK_BYTES / usual)))
  }

  async #closePage(): Promise<void> {
    const page = this.#page
    this.#page = undefined
    await page?.close()
  }

  async #readDictionary(header: PageHeader): Promise<void> {
    const { column, budget } = this.#source
    const { values, inflated } = header
    if (this.#dictionary !== undefined)
      throw damaged(`its column ${column.name} has two dictionaries`)
    if (column.type === BOOLEAN || values * leastBytes(column) > inflated)
      throw damaged(
        `its column ${column.name} has a dictionary of ${values} values in ${inflated} bytes`,
      )
    const cells = new Cells(values, budget)
    this.#dictionary = cells
    const page = await openPage(header, this.#source)
    try {
      await this.#readPlain(page, cells, values)
    } finally {
      await page.close()
    }
  }

  async #readPlain(page: Page, cells: Cells, count: number): Promise<void> {
    const { window } = page
    const { column } = this.#source
    while (cells.count < count) {
      const most = count - cells.count
      if (readValues(column, window, cells, most) === 0)
        await window.need(bytesOfNext(column, window))
    }
  }

  async #read(rows: number): Promise<void> {
    const page = this.#page as Page
    const levels = this.#levels
    let present = rows
    if (page.levels !== undefined) {
      const same = page.levels.same(rows)
      if (same >= 0) present = same === 0 ? 0 : rows
      else {
        if (page.levels.read(levels, 0, rows) < rows)
          throw damaged('a page has fewer levels than rows')
        present = 0
        for (let i = 0; i < rows; i++) present += (levels[i] as number) & 1
      }
    }
    const isMixed = present > 0 && present < rows
    if (present === 0) this.#none(rows)
    else if (page.codes !== undefined)
      await this.#readCodes(page, page.codes, rows, present)
    else {
      const cells = this.#plain
      cells.clear()
      await this.#readPlain(page, cells, present)
      if (isMixed) spread(cells, levels, rows)
      this.#show(cells)
      this.from = cells.from
      this.to = cells.to
    }
  }

  async #readCodes(
    { window }: Page,
    codes: RunLengths,
    rows: number,
    present: number,
  ): Promise<void> {
    const dictionary = this.#dictionaryOf()
    const { from, to, count } = dictionary
    this.#own()
    this.#show(dictionary)
    const same = present === rows ? codes.same(rows) : -1
    if (same >= 0 && same < count) {
      this.from.fill(from[same] as number, 0, rows)
      this.to.fill(to[same] as number, 0, rows)
      return
    }
    if (same !== -1) throw this.#noEntry(same)
    const read = this.#codes
    for (let got = 0; got < present;) {
      const more = codes.read(read, got, present)
      got += more
      if (more > 0) continue
      await window.need(window.end - window.at + 1)
    }
    const levels = this.#levels
    const isMixed = present < rows
    for (let i = 0, next = 0; i < rows; i++) {
      if (isMixed && ((levels[i] as number) & 1) === 0) {
        this.from[i] = this.to[i] = 0
        continue
      }
      const code = read[next++] as number
      if (code >>> 0 >= count) throw this.#noEntry(code)
      this.from[i] = from[code] as number
      this.to[i] = to[code] as number
    }
  }

  #dictionaryOf(): Cells {
    const { column, budget } = this.#source
    if (this.#dictionary === undefined && column.type === BOOLEAN) {
      this.#dictionary = new Cells(2, budget)
      this.#dictionary.ascii('false')
      this.#dictionary.ascii('true')
    }
    if (this.#dictionary === undefined)
      throw damaged(`its column ${column.name} has no dictionary`)
    return this.#dictionary
  }

  #none(rows: number): void {
    this.#own()
    this.#show(this.#plain)
    this.isRaw = false
    this.from.fill(0, 0, rows)
    this.to.fill(0, 0, rows)
  }

  /** Has places of its own, where the last block's were those of the plain texts. */
  #own(): void {
    if (this.from !== this.#plain.from) return
    this.from = new Int32Array(BLOCK)
    this.to = new Int32Array(BLOCK)
  }

  #show(cells: Cells): void {
    this.bytes = cells.bytes
    this.view = cells.view
    this.isRaw = cells.isRaw
  }

  #noEntry(code: number): Error {
    return damaged(
      `its column ${this.#source.column.name} names entry ${code >>> 0} of a dictionary of ${this.#dictionary?.count ?? 0}`,
    )
  }

  #tooMany(): Error {
    return damaged(
      `its column ${this.#source.column.name} has more rows than its row group`,
    )
  }
}

/** Moves the texts of the rows that have one to where they belong, and puts none in the others. */
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

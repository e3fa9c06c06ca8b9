// Walks the pages of one column of a row group: reads its dictionary, and opens
// its data pages one after the other. Pages that earlier cycles emitted are
// skipped by their headers alone.

import { Cells } from './cells.ts'
import { checkCodec } from './codecs.ts'
import type { Chunk } from './footer.ts'
import {
  openPage,
  type ColumnSource,
  type Page,
  type PageSource,
} from './open-page.ts'
import {
  DATA_PAGE,
  DATA_PAGE_V2,
  DICTIONARY_PAGE,
  readPageHeader,
  type PageHeader,
} from './page-header.ts'
import { damaged, named } from './parquet-error.ts'
import { bytesOfNext, leastBytes, readValues } from './read-values.ts'
import { BOOLEAN } from './schema.ts'

/** An open page of so many rows, with their average size in bytes. */
export interface DataPage extends Page {
  rows: number
  rowBytes: number
}

// Writers make none; a file of empty pages would take long.
const MAX_EMPTY_PAGES = 1000

/** Reads the pages of a column. */
export class ColumnPages {
  /** The texts that codes refer to. */
  dictionary: Cells | undefined
  /** The number of next rows that were read before. */
  skip = 0
  readonly #source: PageSource
  #end = 0
  #next = 0
  #page: DataPage | undefined
  /** The number of rows of the group that no page so far holds. */
  #due = 0
  #empty = 0

  constructor(source: ColumnSource) {
    this.#source = { ...source, codec: 0 }
  }

  /** Goes to a row group's column, after its first `skip` of `rows` rows; throws DecodeError. */
  async open(chunk: Chunk, rows: number, skip: number): Promise<void> {
    await this.close()
    if (rows > 0) checkCodec(chunk.codec)
    this.#source.codec = chunk.codec
    this.#next = chunk.from
    this.#end = chunk.to
    this.#due = rows
    this.#empty = 0
    this.skip = skip
    if (this.#source.column.type === BOOLEAN) this.dictionary = this.#truths()
  }

  /** Opens the next page with rows to read, after closing the one before; throws DecodeError. */
  async next(): Promise<DataPage> {
    await this.#closePage()
    for (;;) {
      if (this.#next >= this.#end)
        throw this.#fault(`has ${this.#due} rows less than its row group`)
      const header = await this.#nextHeader()
      const { kind, values, inflated } = header
      if (kind === DICTIONARY_PAGE) {
        await this.#readDictionary(header)
        continue
      }
      if (values > this.#due) throw this.#tooMany()
      if (values === 0) continue
      this.#due -= values
      if (this.skip >= values) this.skip -= values
      else {
        const page = await openPage(header, this.#source)
        this.#page = { ...page, rows: values, rowBytes: inflated / values }
        return this.#page
      }
    }
  }

  /** Checks that nothing is left after all rows were read. */
  async finish(): Promise<void> {
    while (this.#next < this.#end)
      if ((await this.#nextHeader()).values > 0) throw this.#tooMany()
  }

  /** Frees its memory. */
  async close(): Promise<void> {
    this.dictionary?.free()
    this.dictionary = undefined
    await this.#closePage()
  }

  /** Adds the texts of so many plain values of a page; throws DecodeError if the page has fewer. */
  async readPlain(
    { window }: Page,
    cells: Cells,
    count: number,
  ): Promise<void> {
    const { column } = this.#source
    while (cells.count < count) {
      const most = count - cells.count
      if (readValues(column, window, cells, most) === 0)
        await window.need(bytesOfNext(column, window))
    }
  }

  /** Makes the error for a code without an entry. */
  noEntry(code: number): Error {
    const { count } = this.dictionary ?? { count: 0 }
    return this.#fault(
      `names entry ${code >>> 0} of a dictionary of ${count} values`,
    )
  }

  async #nextHeader(): Promise<PageHeader> {
    const { file } = this.#source
    const header = await readPageHeader(file, this.#next, this.#end)
    this.#next = header.at + header.bytes
    const { kind } = header
    const isData = kind === DATA_PAGE || kind === DATA_PAGE_V2
    if (!isData && kind !== DICTIONARY_PAGE) header.values = 0
    if (header.values === 0 && ++this.#empty > MAX_EMPTY_PAGES)
      throw this.#fault(`has more than ${MAX_EMPTY_PAGES} pages without values`)
    return header
  }

  async #closePage(): Promise<void> {
    const page = this.#page
    this.#page = undefined
    await page?.close()
  }

  async #readDictionary(header: PageHeader): Promise<void> {
    const { column, budget } = this.#source
    const { values, inflated } = header
    if (this.dictionary !== undefined) throw this.#fault('has two dictionaries')
    if (values * leastBytes(column) > inflated)
      throw this.#fault(
        `has a dictionary of ${values} values in ${inflated} bytes`,
      )
    const cells = new Cells(values, budget)
    this.dictionary = cells
    const page = await openPage(header, this.#source)
    try {
      await this.readPlain(page, cells, values)
    } finally {
      await page.close()
    }
  }

  #truths(): Cells {
    const cells = new Cells(2, this.#source.budget)
    cells.ascii('false')
    cells.ascii('true')
    return cells
  }

  #tooMany(): Error {
    return this.#fault('has more rows than its row group')
  }

  #fault(reason: string): Error {
    return damaged(`its column ${named(this.#source.column.name)} ${reason}`)
  }
}

// The table of contents at the end of a Parquet file. Only the place and the
// number of rows of each row group are kept; the places of a group's columns
// are read when its turn comes.

import type { RangeReader } from '../../files/stored-bytes.ts'
import { damaged, named, notRead, tooMuch } from './parquet-error.ts'
import { readElements, schemaOf, type Schema } from './schema.ts'
import { ShortThriftError, ThriftReader } from './thrift.ts'

const MAGIC = Buffer.from('PAR1')
const TAIL = 8
const MAX_FOOTER = 16 * 1024 * 1024

/** The rows that are stored together, column by column. */
export interface RowGroup {
  rows: number
  /** The place of its description in the footer. */
  at: number
}

/** The columns of a file, and its row groups. */
interface Contents extends Schema {
  rows: number
  groups: readonly RowGroup[]
}

/** The contents of a file, and the bytes that describe them. */
export interface Footer extends Contents {
  bytes: Buffer
  /** The end of the pages. */
  dataEnd: number
}

/** The place and the codec of a row group's column. */
export interface Chunk {
  /** From its first page to after its last. */
  from: number
  to: number
  codec: number
}

/** Reads the footer; throws DecodeError if it is inconsistent. */
export async function readFooter(file: RangeReader): Promise<Footer> {
  const { size } = file
  if (size < MAGIC.length + TAIL) throw damaged(`it has ${size} bytes`)
  const tail = await file.read(size - TAIL, TAIL)
  if (!tail.subarray(4).equals(MAGIC))
    throw damaged('it does not end in PAR1, so it is cut off or not whole yet')
  const length = tail.readUInt32LE(0)
  const dataEnd = size - TAIL - length
  if (dataEnd < MAGIC.length) throw damaged(`its footer claims ${length} bytes`)
  if (length > MAX_FOOTER)
    throw tooMuch(`has a footer of ${length} bytes; ${MAX_FOOTER} are read`)
  const bytes = await file.read(dataEnd, length)
  return { ...parse(bytes, dataEnd - MAGIC.length), bytes, dataEnd }
}

function parse(bytes: Buffer, dataBytes: number): Contents {
  const reader = new ThriftReader(bytes)
  let schema: Schema | undefined
  let rows = -1
  let total = 0
  let inPages = 0
  const groups: RowGroup[] = []
  whole(() =>
    reader.root((id, type) => {
      if (id === 2) schema = schemaOf(readElements(reader, type))
      else if (id === 3) rows = reader.int(type)
      else if (id === 4)
        reader.list(type, kind => {
          const group = { at: reader.at, rows: -1 }
          let columns = 0
          readGroup(reader, kind, group, chunk => {
            inPages += chunk.bytes
            columns++
          })
          if (!Number.isSafeInteger(group.rows) || group.rows < 0)
            throw damaged(`a row group has ${group.rows} rows`)
          if (columns !== schema?.leaves)
            throw damaged(
              `a row group has ${columns} columns, the schema ${schema?.leaves ?? 0}`,
            )
          total += group.rows
          groups.push(group)
        })
      else return false
      return true
    }),
  )
  if (schema === undefined) throw damaged('it has no columns')
  if (total !== rows)
    throw damaged(`it declares ${rows} rows, and its row groups ${total}`)
  // Overlapping columns would be read repeatedly.
  if (inPages > dataBytes)
    throw damaged(
      `its columns declare ${inPages} bytes, ${dataBytes} are there`,
    )
  return { ...schema, rows, groups }
}

/** Finds the places of a row group's flat columns, in their order; throws DecodeError if they are outside the file or overlap. */
export function chunksOf(footer: Footer, { at }: RowGroup): Chunk[] {
  const reader = new ThriftReader(footer.bytes, at)
  const all: DescribedChunk[] = []
  whole(() => readGroup(reader, STRUCT, { at, rows: 0 }, one => all.push(one)))
  const chunks = footer.columns.map(({ leaf, name, type }) => {
    const chunk = all[leaf] as DescribedChunk
    const { data, dictionary, bytes, codec } = chunk
    const what = `its column ${named(name)}`
    if (chunk.isEncrypted) throw notRead(`the encrypted column ${named(name)}`)
    if (chunk.isElsewhere)
      throw notRead(`a column ${named(name)} in another file`)
    if (chunk.type !== type || chunk.path !== name)
      throw damaged(`${what} has another name or type in a row group`)
    const from = dictionary > 0 ? Math.min(dictionary, data) : data
    const to = from + bytes
    if (!(from >= MAGIC.length && bytes >= 0 && to <= footer.dataEnd))
      throw damaged(`${what} is declared at bytes ${from} to ${to}`)
    return { from, to, codec }
  })
  const inOrder = chunks.toSorted((a, b) => a.from - b.from)
  for (const [i, { from }] of inOrder.entries())
    if (i > 0 && from < (inOrder[i - 1] as Chunk).to)
      throw damaged('its columns overlap')
  return chunks
}

interface DescribedChunk {
  type: number
  path: string
  codec: number
  bytes: number
  data: number
  dictionary: number
  isEncrypted: boolean
  isElsewhere: boolean
}

const STRUCT = 12

function readGroup(
  reader: ThriftReader,
  kind: number,
  group: RowGroup,
  onChunk: (chunk: DescribedChunk) => void,
): void {
  reader.struct(kind, (id, type) => {
    if (id === 1) reader.list(type, of => onChunk(readChunk(reader, of)))
    else if (id === 3) group.rows = reader.int(type)
    else return false
    return true
  })
}

function readChunk(reader: ThriftReader, kind: number): DescribedChunk {
  const chunk: DescribedChunk = {
    type: -1,
    path: '',
    codec: 0,
    bytes: 0,
    data: 0,
    dictionary: 0,
    isEncrypted: false,
    isElsewhere: false,
  }
  reader.struct(kind, (id, type) => {
    if (id === 1) chunk.isElsewhere = reader.binary(type).length > 0
    else if (id === 3) readChunkData(reader, type, chunk)
    else if (id === 8 || id === 9) {
      chunk.isEncrypted = true
      return false
    } else return false
    return true
  })
  return chunk
}

function readChunkData(
  reader: ThriftReader,
  kind: number,
  chunk: DescribedChunk,
): void {
  reader.struct(kind, (id, type) => {
    if (id === 1) chunk.type = reader.int(type)
    else if (id === 3) {
      const path: string[] = []
      reader.list(type, of => path.push(String(reader.binary(of))))
      chunk.path = path.join('.')
    } else if (id === 4) chunk.codec = reader.int(type)
    else if (id === 7) {
      chunk.bytes = reader.int(type)
      if (chunk.bytes < 0) throw damaged('a column has a negative size')
    } else if (id === 9) chunk.data = reader.int(type)
    else if (id === 11) chunk.dictionary = reader.int(type)
    else return false
    return true
  })
}

/** Reads a part that must be complete. */
function whole(read: () => void): void {
  try {
    read()
  } catch (error) {
    if (error instanceof ShortThriftError)
      throw damaged('its footer is cut off', error)
    throw error
  }
}

// The columns of a Parquet file, by its own schema: the type of each value and
// its conversion to the text of a flow log. Flat columns are read; nested or
// repeated ones are left out and counted.

import { damaged, named, notRead, tooMuch } from './parquet-error.ts'
import type { ThriftReader } from './thrift.ts'

/** The physical types, by Parquet's numbers. */
export const BOOLEAN = 0
export const INT32 = 1
export const INT64 = 2
export const INT96 = 3
export const FLOAT = 4
export const DOUBLE = 5
export const BYTE_ARRAY = 6
export const FIXED = 7

const REQUIRED = 0
const REPEATED = 2
// AWS has about sixty fields; each column takes its buffers.
const MAX_COLUMNS = 1000
const MAX_ELEMENTS = 10_000
const MAX_DEPTH = 32
const MAX_FIXED = 64 * 1024
// 10^-38 is the smallest scale of Parquet's own types.
const MAX_SCALE = 100

/** The meaning of values beyond their physical type; times are units a second. */
export type Meaning =
  | { kind: 'plain' | 'unsigned' | 'date' | 'uuid' | 'half' }
  | { kind: 'time'; perSecond: number }
  | { kind: 'decimal'; scale: number }

/** A flat column. */
export interface Column {
  name: string
  /** Its place among all columns, including nested ones. */
  leaf: number
  type: number
  /** The bytes of a value of fixed length, 0 for others. */
  width: number
  isOptional: boolean
  meaning: Meaning
}

/** The columns of a file. */
export interface Schema {
  columns: readonly Column[]
  /** The number of columns of a row group, including nested ones. */
  leaves: number
  /** The number of fields that are nested or repeated. */
  nested: number
}

/** An element of the schema, which lists a tree from its root, each node before its children. */
export interface SchemaElement {
  name: string
  type: number
  typeLength: number
  repetition: number
  children: number
  meaning: Meaning
}

/** Turns the elements of a schema into columns; throws DecodeError if they do not form a tree. */
export function schemaOf(elements: readonly SchemaElement[]): Schema {
  const [root] = elements
  if (root === undefined || root.children < 1)
    throw damaged('it has no columns')
  const columns: Column[] = []
  let next = 1
  let leaves = 0
  let nested = 0
  const pass = (depth: number): void => {
    const element = elements[next++]
    if (element === undefined) throw damaged('its schema is cut off')
    if (element.children === 0) {
      leaves++
      return
    }
    if (depth > MAX_DEPTH) throw damaged('its schema is too deep')
    for (let i = 0; i < element.children; i++) pass(depth + 1)
  }
  for (let i = 0; i < root.children; i++) {
    const element = elements[next]
    const leaf = leaves
    pass(1)
    if (element === undefined) break
    if (element.children > 0 || element.repetition === REPEATED) nested++
    else columns.push(columnOf(element, leaf))
  }
  if (next !== elements.length) throw damaged('its schema is not a tree')
  if (columns.length > MAX_COLUMNS)
    throw tooMuch(`has ${columns.length} columns; ${MAX_COLUMNS} are read`)
  return { columns, leaves, nested }
}

function columnOf(element: SchemaElement, leaf: number): Column {
  const { name, type, typeLength, repetition, meaning } = element
  const width =
    type === FIXED ? typeLength : (WIDTHS[type] ?? unknownType(name))
  if (type === FIXED && !(width > 0 && width <= MAX_FIXED))
    throw damaged(`its column ${named(name)} has values of ${width} bytes`)
  return {
    name,
    leaf,
    type,
    width,
    isOptional: repetition !== REQUIRED,
    meaning: type === INT96 ? { kind: 'time', perSecond: 1 } : meaning,
  }
}

const WIDTHS: readonly number[] = [0, 4, 8, 12, 4, 8, 0]

function unknownType(name: string): never {
  throw notRead(`a column ${named(name)} of an unknown type`)
}

/** Reads the list of elements; throws DecodeError if there are too many. */
export function readElements(
  reader: ThriftReader,
  type: number,
): SchemaElement[] {
  const elements: SchemaElement[] = []
  reader.list(type, kind => {
    if (elements.length >= MAX_ELEMENTS)
      throw tooMuch(`has more than ${MAX_ELEMENTS} columns`)
    elements.push(readElement(reader, kind))
  })
  return elements
}

function readElement(reader: ThriftReader, kind: number): SchemaElement {
  const element: SchemaElement = {
    name: '',
    type: -1,
    typeLength: 0,
    repetition: REQUIRED,
    children: 0,
    meaning: { kind: 'plain' },
  }
  let converted = -1
  let scale = 0
  let logical: Meaning | undefined
  reader.struct(kind, (id, type) => {
    if (id === 1) element.type = reader.int(type)
    else if (id === 2) element.typeLength = reader.int(type)
    else if (id === 3) element.repetition = reader.int(type)
    else if (id === 4) element.name = String(reader.binary(type))
    else if (id === 5) element.children = reader.int(type)
    else if (id === 6) converted = reader.int(type)
    else if (id === 7) scale = reader.int(type)
    else if (id === 10) logical = readLogical(reader, type)
    else return false
    return true
  })
  if (element.children < 0) throw damaged('its schema is not a tree')
  const { meaning } = element
  element.meaning = logical ?? convertedMeaning(converted, scale) ?? meaning
  const scaled = element.meaning
  if (
    scaled.kind === 'decimal' &&
    !(scaled.scale >= 0 && scaled.scale <= MAX_SCALE)
  )
    throw damaged(
      `its column ${named(element.name)} has a scale of ${scaled.scale}`,
    )
  return element
}

// The meaning by the older form of annotation.
function convertedMeaning(type: number, scale: number): Meaning | undefined {
  if (type === 5) return { kind: 'decimal', scale }
  if (type === 6) return { kind: 'date' }
  if (type === 9) return { kind: 'time', perSecond: 1e3 }
  if (type === 10) return { kind: 'time', perSecond: 1e6 }
  return type >= 11 && type <= 14 ? { kind: 'unsigned' } : undefined
}

function readLogical(reader: ThriftReader, kind: number): Meaning | undefined {
  let meaning: Meaning | undefined
  reader.struct(kind, (id, type) => {
    if (id === 5) {
      let scale = 0
      reader.struct(type, (one, of) => {
        if (one !== 1) return false
        scale = reader.int(of)
        return true
      })
      meaning = { kind: 'decimal', scale }
    } else if (id === 6) meaning = { kind: 'date' }
    else if (id === 8)
      meaning = { kind: 'time', perSecond: unitOf(reader, type) }
    else if (id === 10) meaning = signOf(reader, type)
    else if (id === 14) meaning = { kind: 'uuid' }
    else if (id === 15) meaning = { kind: 'half' }
    return id === 5 || id === 8 || id === 10
  })
  return meaning
}

function unitOf(reader: ThriftReader, kind: number): number {
  let perSecond = 1e3
  reader.struct(kind, (id, type) => {
    if (id !== 2) return false
    reader.struct(type, unit => {
      perSecond = 1000 ** unit
      return false
    })
    return true
  })
  return perSecond
}

function signOf(reader: ThriftReader, kind: number): Meaning | undefined {
  let isSigned = true
  reader.struct(kind, (id, type) => {
    if (id !== 2) return false
    isSigned = reader.bool(type)
    return true
  })
  return isSigned ? { kind: 'plain' } : { kind: 'unsigned' }
}

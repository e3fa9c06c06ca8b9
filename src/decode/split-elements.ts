// Cuts records out of JSON text that comes in chunks: the elements of Records
// arrays and of bare arrays, and top-level objects without Records (one object
// a line). Memory follows the largest record, never the object. The reader's
// own check suffices for an element that it can read in place; the end of any
// other element, and its damage, is found by its strings and brackets.

import { brokenNesting, notJson, stray, tooLarge } from './decode-error.ts'
import { ByteSpan, NONE } from './byte-span.ts'
import type { Position } from './decoder.ts'
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  isBracket,
  isSpace,
} from './json-bytes.ts'
import { Nesting } from './nesting.ts'
import { isRecords } from './records-member.ts'
import { RecordEnds } from './record-ends.ts'

type Place =
  | 'top' // between top-level values
  | 'object' // in the first level of a top-level object
  | 'member' // in a string, object or array there
  | 'after-records' // there, right after a Records array
  | 'first' // after the bracket that opens the elements
  | 'next' // after a comma between elements
  | 'element' // in an element that is an object, an array or a string
  | 'scalar' // in any other element
  | 'after' // after an element

const MAX_RECORD = 16 * 1024 * 1024
// The bytes of a member's name, its colon and the white space around them.
const MAX_NAME = 4096
const BYTE_ORDER_MARK = Buffer.from('\ufeff')

/** The place of a record, and whether the reader has read it; the next one overwrites it. */
export interface Element {
  bytes: Buffer
  from: number
  to: number
  isRead: boolean
}

/** Reads the object that begins at a position; returns the position after it, -1 if that is unknown. */
export type ReadElement = (chunk: Buffer, from: number) => number

/** Splits JSON text into the bytes of its records; throws DecodeError on broken nesting, on nesting deeper than 512 and on a record of more than 16 MiB. */
export class ElementSplitter {
  private readonly element: Element = {
    bytes: NONE,
    from: 0,
    to: 0,
    isRead: false,
  }
  /** The ends of the last records, and the structure around them. */
  readonly ends = new RecordEnds()
  private readonly nesting = new Nesting()
  private readonly record = new ByteSpan(MAX_RECORD)
  /** The bytes before the value of a top-level object's member. */
  private readonly name = new ByteSpan(MAX_NAME)
  private place: Place = 'top'
  private begun = false
  private markBytes = 0
  /** Whether the top-level value being read has a Records array. */
  private hasRecords = false
  /** The number of bytes of the next chunk that belong to a cut escape. */
  private ahead = 0
  private readonly read: ReadElement

  constructor(read: ReadElement = () => -1) {
    this.read = read
  }

  /** Yields the records that end in this chunk. */
  *push(chunk: Buffer): Generator<Element> {
    const { nesting } = this
    let i = this.ahead
    while (i < chunk.length) {
      const c = chunk[i] as number
      if (
        c === OPEN_BRACE &&
        (this.place === 'first' || this.place === 'next')
      ) {
        const end = this.read(chunk, i)
        if (end > 0 && end - i <= MAX_RECORD) {
          this.place = 'after'
          this.ends.note(end, this.hasRecords ? 'records' : 'array')
          yield this.found(chunk, i, end, true)
          i = end
          continue
        }
      }
      if (this.place === 'element') {
        i = nesting.skip(chunk, i, 0)
        if (nesting.depth > 0 || nesting.inString) break
        this.place = 'after'
        yield this.cut(chunk, i)
      } else if (this.place === 'member') {
        i = nesting.skip(chunk, i, 1)
        if (nesting.depth > 1 || nesting.inString) break
        this.place = 'object'
      } else if (this.place === 'scalar') {
        if (isSpace(c) || c === COMMA || c === CLOSE_BRACKET) {
          this.place = 'after'
          yield this.cut(chunk, i)
        } else if (c === QUOTE || isBracket(c)) throw stray(c)
        else i++
      } else {
        i++
        if (!isSpace(c) && this.endsRecord(c, chunk, i))
          yield this.cut(chunk, i)
      }
    }
    this.ahead = i - chunk.length
    this.carry(chunk)
    this.ends.pass(chunk)
  }

  /** Makes the next chunk begin at a position of `ends`; forms are 'records', 'array' and 'lines'. */
  resume(at: Position): void {
    this.place = at.form === 'lines' ? 'top' : 'after'
    this.hasRecords = at.form === 'records'
    this.begun = true
    this.ends.resume(at)
  }

  /** Throws if the text ended before its last value did. */
  end(): void {
    if (this.place !== 'top')
      throw brokenNesting('it ends before its last bracket is closed')
  }

  /** Takes the byte before `to`, which is outside elements and members; true if it ends a top-level object that is a record. */
  private endsRecord(c: number, chunk: Buffer, to: number): boolean {
    switch (this.place) {
      case 'top':
        this.beginValue(c, to)
        return false
      case 'after-records':
        if (c !== COMMA && c !== CLOSE_BRACE) throw stray(c)
        this.place = 'object'
        return this.endsObject(c, chunk, to)
      case 'object':
        return this.endsObject(c, chunk, to)
      case 'after':
        if (c === COMMA) this.place = 'next'
        else if (c === CLOSE_BRACKET) this.endElements()
        else throw stray(c)
        return false
      case 'first':
        if (c === CLOSE_BRACKET) this.endElements()
        else this.beginElement(c, to)
        return false
      default:
        this.beginElement(c, to)
        return false
    }
  }

  private beginValue(c: number, to: number): void {
    if (!this.begun && c === BYTE_ORDER_MARK[this.markBytes]) {
      this.markBytes++
      return
    }
    if (c === OPEN_BRACE) {
      this.place = 'object'
      this.nesting.open(c)
      this.record.begin(to - 1)
      this.name.begin(to)
    } else if (c === OPEN_BRACKET) this.place = 'first'
    else throw this.begun ? stray(c) : notJson(c)
    this.begun = true
    this.hasRecords = false
  }

  /** Takes a byte of a top-level object's first level; true if it ends an object that is a record. */
  private endsObject(c: number, chunk: Buffer, to: number): boolean {
    if (c === COMMA) this.name.begin(to)
    else if (c === QUOTE) {
      this.place = 'member'
      this.nesting.inString = true
    } else if (c === OPEN_BRACKET && isRecords(this.name.take(chunk, to - 1))) {
      this.place = 'first'
      this.nesting.depth = 0
      this.record.drop()
      this.hasRecords = true
    } else if (c === OPEN_BRACE || c === OPEN_BRACKET) {
      this.place = 'member'
      this.nesting.open(c)
    } else if (c === CLOSE_BRACE) {
      this.place = 'top'
      this.nesting.depth = 0
      this.name.drop()
      return !this.hasRecords
    } else if (c === CLOSE_BRACKET) throw stray(c)
    return false
  }

  private beginElement(c: number, to: number): void {
    if (c === COMMA || c === CLOSE_BRACKET || c === CLOSE_BRACE) throw stray(c)
    this.record.begin(to - 1)
    this.place = 'element'
    if (c === OPEN_BRACE || c === OPEN_BRACKET) this.nesting.open(c)
    else if (c === QUOTE) this.nesting.inString = true
    else this.place = 'scalar'
  }

  private endElements(): void {
    this.place = this.hasRecords ? 'after-records' : 'top'
    if (this.hasRecords) this.nesting.open(OPEN_BRACE)
  }

  private cut(chunk: Buffer, to: number): Element {
    const bytes = this.record.take(chunk, to)
    if (bytes === undefined) throw tooLarge(MAX_RECORD)
    const form = this.hasRecords ? 'records' : 'array'
    this.ends.note(to, this.place === 'top' ? 'lines' : form)
    return this.found(bytes, 0, bytes.length, false)
  }

  private found(
    bytes: Buffer,
    from: number,
    to: number,
    isRead: boolean,
  ): Element {
    const { element } = this
    element.bytes = bytes
    element.from = from
    element.to = to
    element.isRead = isRead
    return element
  }

  private carry(chunk: Buffer): void {
    this.name.carry(chunk)
    // Even an object of any size may still have a Records member.
    if (this.record.carry(chunk)) return
    if (this.place === 'element' || this.place === 'scalar')
      throw tooLarge(MAX_RECORD)
  }
}

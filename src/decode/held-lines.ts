// Lines of a text of which nothing shows yet that it is a flow log: they are
// held back until something does. A text in which nothing does is none, however
// long it is; so much of it is held at most.

import { DecodeError } from './decode-error.ts'
import type { SourceRecord } from './decoder.ts'
import { fieldsOf, isLikeRow } from './flow-columns.ts'
import { foreignTextError, tableForm } from './foreign-form.ts'

/** What a flow log is called where something else is none. */
export const FLOW_LOG = 'flow log text'

const MAX_BYTES = 1024 * 1024

export class HeldLines {
  readonly #lines: SourceRecord[] = []
  #bytes = 0
  /** How many columns a header would have to name; 0 where the first line is no row. */
  #columns = 0

  /** Tells whether there are any. */
  get isAny(): boolean {
    return this.#lines.length > 0
  }

  /** Keeps a line; throws DecodeError if it is the first of a table, or if there are too many. */
  hold({ bytes, from, to, isPlain }: SourceRecord): void {
    if (!this.isAny) {
      const text = bytes.toString('utf8', from, to)
      const form = tableForm(text)
      if (form !== undefined) throw foreignTextError(form, FLOW_LOG)
      const fields = fieldsOf(text)
      this.#columns = isLikeRow(fields) ? fields.length : 0
    }
    this.#bytes += to - from
    if (this.#bytes > MAX_BYTES) throw this.#otherText()
    this.#lines.push({
      bytes: Buffer.from(bytes.subarray(from, to)),
      from: 0,
      to: to - from,
      values: undefined,
      isPlain,
      escaped: undefined,
    })
  }

  /** Hands out the lines, each once; throws DecodeError instead if nothing showed that they are of a flow log. */
  *release(isFlow = true): Generator<SourceRecord> {
    if (!isFlow && this.isAny) throw this.#otherText()
    yield* this.#lines.splice(0)
  }

  #otherText(): DecodeError {
    if (this.#columns === 0)
      return foreignTextError('text of another kind', FLOW_LOG)
    return new DecodeError(
      'not-a-log',
      `There is no header line that names their ${this.#columns} fields over the rows: AWS writes one, without it only the default fields of VPC flow logs are known; put it back`,
    )
  }
}

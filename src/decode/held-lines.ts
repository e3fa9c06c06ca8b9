// Lines of a text that has not yet shown that it is a flow log: they are held
// back until something shows it. A text that never shows it is not one, however
// long it is; the held bytes are limited.

import { DecodeError } from './decode-error.ts'
import type { SourceRecord } from './decoder.ts'
import { fieldsOf, isLikeRow } from './flow-columns.ts'
import { foreignTextError, tableForm } from './foreign-form.ts'

/** The name of a flow log in the error for another text. */
export const FLOW_LOG = 'flow log text'

const MAX_BYTES = 1024 * 1024

export class HeldLines {
  readonly #lines: SourceRecord[] = []
  #bytes = 0
  /** The number of columns that a header would have to name; 0 if the first line is not a row. */
  #columns = 0

  /** Tells whether any line is held. */
  get isAny(): boolean {
    return this.#lines.length > 0
  }

  /** Keeps a line; throws DecodeError if it is the first of a table, or if too much is held. */
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

  /** Hands out the lines, each once; throws DecodeError instead if the text did not show that it is a flow log. */
  *release(isFlow = true): Generator<SourceRecord> {
    if (!isFlow && this.isAny) throw this.#otherText()
    yield* this.#lines.splice(0)
  }

  #otherText(): DecodeError {
    if (this.#columns === 0)
      return foreignTextError('text of another kind', FLOW_LOG)
    return new DecodeError(
      'not-a-log',
      `The rows have ${this.#columns} fields and no header line that names them: AWS writes one, and without it only the default fields of VPC flow logs are known; put it back`,
    )
  }
}

// Lines of a text of which nothing shows yet that it is a flow log: they are
// held back until something does. A text in which nothing does is none, however
// long it is; so much of it is held at most.

import type { DecodeError } from './decode-error.ts'
import type { SourceRecord } from './decoder.ts'
import { foreignTextError, tableForm } from './foreign-form.ts'

/** What a flow log is called where something else is none. */
export const FLOW_LOG = 'flow log text'

const MAX_BYTES = 1024 * 1024

export class HeldLines {
  readonly #lines: SourceRecord[] = []
  #bytes = 0

  /** Tells whether there are any. */
  get isAny(): boolean {
    return this.#lines.length > 0
  }

  /** Keeps a line; throws DecodeError if it is the first of a table, or if there are too many. */
  hold({ bytes, from, to, isPlain }: SourceRecord): void {
    if (!this.isAny) {
      const form = tableForm(bytes.toString('utf8', from, to))
      if (form !== undefined) throw foreignTextError(form, FLOW_LOG)
    }
    this.#bytes += to - from
    if (this.#bytes > MAX_BYTES) throw otherText()
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
    if (!isFlow && this.isAny) throw otherText()
    yield* this.#lines.splice(0)
  }
}

const otherText = (): DecodeError =>
  foreignTextError('text of another kind', FLOW_LOG)

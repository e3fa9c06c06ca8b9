// The own id of a record, if it has one: a text of 1 to 128 characters. Hosts
// and indexes use it as a key, so it is written whole or not at all.
import { QUOTE } from '../decode/json-bytes.ts'
import { PLAIN, type Values } from '../decode/values.ts'
import type { LineBytes } from './line-bytes.ts'
import type { Literal } from './literal.ts'

const MAX_CHARACTERS = 128

/** Writes the first slot that can be an id, between `first` and a comma; false if none can. */
export function writeId(
  first: Literal,
  slots: readonly number[],
  values: Values,
  line: LineBytes,
): boolean {
  const { bytes } = values
  for (let i = 0; i < slots.length; i++) {
    const slot = slots[i] as number
    if (!values.has(slot)) continue
    const start = values.starts[slot] as number
    const end = values.ends[slot] as number
    // True and false are plain values too, but without a quote before them.
    const isPlain = values.kinds[slot] === PLAIN && bytes[start - 1] === QUOTE
    if (isPlain && end - start <= MAX_CHARACTERS) {
      line.literal(first)
      line.copy(bytes, start, end)
    } else {
      const isText = isPlain || bytes[start] === QUOTE
      const text = isText ? values.get(slot) : undefined
      if (typeof text !== 'string' || [...text].length > MAX_CHARACTERS)
        continue
      line.literal(first)
      line.text(text)
    }
    line.endText()
    return true
  }
  return false
}

// The errors of JSON whose records cannot be told apart any more.

import { DecodeError } from './decode-error.ts'

/** Makes the error for JSON whose brackets do not fit. */
export function brokenNesting(reason: string): DecodeError {
  return new DecodeError('nesting', `The JSON is broken: ${reason}`)
}

/** Makes the error for a byte that cannot stand where it does. */
export function stray(c: number): DecodeError {
  return brokenNesting(`there is a ${quoted(c)} where none can be`)
}

/** Makes the error for text that does not begin as JSON with records does. */
export function notJson(c: number): DecodeError {
  return new DecodeError(
    'not-json',
    `This is not JSON: it starts with ${quoted(c)}`,
  )
}

function quoted(c: number): string {
  return c > 0x20 && c < 0x7f ? `'${String.fromCharCode(c)}'` : `byte ${c}`
}

// An object's bytes cannot be decoded further: the object fails, the process
// does not. All records before the fault have been handed out when this is
// thrown. The message names no object: the caller, which knows the key,
// prepends it.

/** The faults of an object's bytes. */
export type DecodeErrorCode =
  | 'parquet'
  | 'parquet-form'
  | 'parquet-too-large'
  | 'not-a-log'
  | 'gzip'
  | 'inflated-too-large'
  | 'not-json'
  | 'nesting'
  | 'too-deep'
  | 'element-too-large'

/** The error of an object whose rest cannot be decoded: a code and a sentence. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError'
  readonly code: DecodeErrorCode

  constructor(code: DecodeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** Makes the error for JSON whose brackets do not match. */
export function brokenNesting(reason: string): DecodeError {
  return new DecodeError('nesting', `The JSON is broken: ${reason}`)
}

/** Makes the error for a byte in a wrong place. */
export function stray(c: number): DecodeError {
  return brokenNesting(`a ${quoted(c)} is in a wrong place`)
}

/** Makes the error for text that does not begin like JSON with records. */
export function notJson(c: number): DecodeError {
  return new DecodeError(
    'not-json',
    `This is not JSON: it starts with ${quoted(c)}`,
  )
}

/** Makes the error for a record of more than so many bytes. */
export function tooLarge(most: number): DecodeError {
  return new DecodeError(
    'element-too-large',
    `A record is longer than ${most} bytes`,
  )
}

/** Makes the error for a line of more than so many bytes. */
export function lineTooLong(most: number): DecodeError {
  return new DecodeError(
    'element-too-large',
    `A line is longer than ${most} bytes: this is not flow log text`,
  )
}

function quoted(c: number): string {
  return c > 0x20 && c < 0x7f ? `'${String.fromCharCode(c)}'` : `byte ${c}`
}

// An object's bytes cannot be read on: the object fails, the process does not.
// All records before the fault have been handed out when this is thrown. The
// message names no object: whoever knows the key puts it in front.

/** Names what is wrong with an object's bytes. */
export type DecodeErrorCode =
  | 'parquet'
  | 'gzip'
  | 'inflated-too-large'
  | 'not-json'
  | 'nesting'
  | 'too-deep'
  | 'element-too-large'

/** Reports that the rest of an object cannot be decoded, by a code and a sentence. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError'
  readonly code: DecodeErrorCode

  constructor(code: DecodeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

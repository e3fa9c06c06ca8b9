// The faults of a Parquet file, each with a sentence. They fail the object
// alone and never end a cycle.

import { DecodeError } from '../decode-error.ts'

const MAX_NAME = 60

/** Makes the error for a file that contradicts itself or its format. */
export function damaged(reason: string, cause?: unknown): DecodeError {
  return new DecodeError('parquet', `The Parquet file is damaged: ${reason}`, {
    cause,
  })
}

/** Makes the error for a feature that this reader lacks; `advice` says what to do. */
export function notRead(what: string, advice = ''): DecodeError {
  return new DecodeError(
    'parquet-form',
    `The Parquet file has ${what}, which cannot be read${advice}`,
  )
}

/** Makes the error for a file that would need too much memory or give too much text. */
export function tooMuch(what: string): DecodeError {
  return new DecodeError('parquet-too-large', `The Parquet file ${what}`)
}

/** Gives the name of a column in a form for messages. */
export const named = (column: string): string =>
  JSON.stringify(
    column.length > MAX_NAME ? `${column.slice(0, MAX_NAME)}…` : column,
  )

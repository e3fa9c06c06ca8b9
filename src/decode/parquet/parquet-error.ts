// What can be wrong with a Parquet file, each with a sentence. The object fails
// alone: nothing of these ends a cycle.

import { DecodeError } from '../decode-error.ts'

const MAX_NAME = 60

/** Makes the error for a file that contradicts itself or its format. */
export function damaged(reason: string, cause?: unknown): DecodeError {
  return new DecodeError('parquet', `The Parquet file is damaged: ${reason}`, {
    cause,
  })
}

/** Makes the error for what other readers may know and this one does not; `advice` says what to do. */
export function notRead(what: string, advice = ''): DecodeError {
  return new DecodeError(
    'parquet-form',
    `The Parquet file has ${what}, which cannot be read${advice}`,
  )
}

/** Makes the error for what would need too much memory or give too much text. */
export function tooMuch(what: string): DecodeError {
  return new DecodeError('parquet-too-large', `The Parquet file ${what}`)
}

/** Gives the name of a column as a message can show it. */
export const named = (column: string): string =>
  JSON.stringify(
    column.length > MAX_NAME ? `${column.slice(0, MAX_NAME)}…` : column,
  )

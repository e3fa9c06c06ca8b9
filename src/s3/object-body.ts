// The bytes of an object as an answer brings them, watched for silence: one
// piece after the other on demand, or, if all are taken at once, by events,
// without a promise for each. The reader resumes a broken body.

import { SourceError, sourceError } from './errors/source-error.ts'
import type { Chunks } from './object-store.ts'
import type { S3Answer } from './observe.ts'

// Few, since each is as long as a read from the connection.
const MAX_CHUNKS = 16

/** Makes the chunks of an answer, which must have `due` bytes in all; every call throws SourceError. */
export function objectBody(
  { body, wait }: S3Answer,
  due: number,
  doing: string,
): Chunks {
  let left = due
  const count = (chunk: Buffer): void => {
    left -= chunk.length
    // A body without Content-Length may bring more than requested.
    if (left < 0)
      throw new SourceError(
        `${doing}: more than the ${due} bytes that are due; check any proxy`,
        { code: 'WrongLength', kind: 'network' },
      )
  }
  // A connection that the wait ended looks like a reset.
  const failure = (cause: unknown): SourceError =>
    sourceError(wait.reason ?? cause, doing)

  return {
    takeAll: take =>
      new Promise((resolve, reject) => {
        const fail = (cause: unknown): void => {
          wait.end()
          body.destroy()
          reject(failure(cause))
        }
        wait.next()
        wait.onOver = fail
        body.read(
          chunk => {
            wait.next()
            try {
              count(chunk)
              take(chunk)
            } catch (error) {
              fail(error)
            }
          },
          fault => {
            if (fault) return fail(fault)
            wait.end()
            resolve()
          },
        )
      }),

    async *[Symbol.asyncIterator]() {
      const chunks: Buffer[] = []
      let isOver = false
      let fault: Error | undefined
      let wake: (() => void) | undefined
      wait.next()
      body.read(
        chunk => {
          if (chunks.push(chunk) === MAX_CHUNKS) body.pause()
          wake?.()
        },
        error => {
          isOver = true
          fault = error
          wake?.()
        },
      )
      try {
        for (;;) {
          const chunk = chunks.shift()
          if (chunk !== undefined) {
            wait.pause()
            count(chunk)
            yield chunk
            wait.next()
          } else if (fault) throw fault
          else if (isOver) return
          else
            await new Promise<void>(resolve => {
              wake = resolve
              body.resume()
            })
        }
      } catch (cause) {
        throw failure(cause)
      } finally {
        wait.end()
        body.destroy()
      }
    },
  }
}

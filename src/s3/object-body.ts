// The bytes of an object as an answer brings them, watched for silence: one
// piece after the other on demand, or, if all are taken at once, by events,
// without a promise for each. The reader resumes a broken body.

import { SourceError, sourceError } from './errors/source-error.ts'
import type { Chunks } from './object-store.ts'
import type { S3Answer } from './observe.ts'

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
  // Node reports a request that the wait ended as a reset.
  const failure = (cause: unknown): SourceError =>
    sourceError(wait.reason ?? cause, doing)

  return {
    takeAll: take =>
      new Promise((resolve, reject) => {
        const fail = (cause: unknown): void => {
          wait.end()
          body.off('data', onData)
          body.destroy()
          reject(failure(cause))
        }
        const onData = (chunk: Buffer): void => {
          wait.next()
          try {
            count(chunk)
            take(chunk)
          } catch (error) {
            fail(error)
          }
        }
        if (body.destroyed) return fail(body.errored ?? broken())
        wait.next()
        wait.onOver = fail
        body.on('error', fail)
        body.on('close', () => body.readableEnded || fail(broken()))
        body.on('end', () => {
          wait.end()
          resolve()
        })
        body.on('data', onData)
      }),

    async *[Symbol.asyncIterator]() {
      try {
        wait.next()
        for await (const chunk of body as AsyncIterable<Buffer>) {
          wait.pause()
          count(chunk)
          yield chunk
          wait.next()
        }
      } catch (cause) {
        throw failure(cause)
      } finally {
        wait.end()
      }
    },
  }
}

// The code that Node uses.
const broken = (): Error =>
  Object.assign(new Error('aborted'), { code: 'ECONNRESET' })

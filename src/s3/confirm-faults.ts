// Distinguishes a fault that affects all requests from one of a single request.
// An answer about the signature, the key, the token or the bucket would end the
// cycle for all others, but a gateway that changes one name causes it as well.
// So it affects all only if a LIST of FilePath with one key, sent after it,
// fails with the same code.

import { s3Url, type ObjectStore } from './object-store.ts'
import { SourceError } from './errors/source-error.ts'

/** Makes a store that throws an error as one that affects all only after such a LIST has confirmed it; one LIST is sent at a time. */
export function confirmFaults(
  store: ObjectStore,
  { BucketName, FilePath }: { BucketName: string; FilePath: string },
): ObjectStore {
  let last: Promise<unknown> = Promise.resolve()
  let next: Promise<string> | undefined

  const probe = async (signal: AbortSignal | undefined): Promise<string> => {
    const place = { prefix: FilePath, delimiter: false, startAfter: '' }
    try {
      await store.list({ ...place, keys: 1, signal })
      return ''
    } catch (error) {
      return error instanceof SourceError ? error.code : ''
    }
  }
  // A LIST already under way may have been answered before the error came.
  const codeOfProbe = (signal: AbortSignal | undefined): Promise<string> => {
    if (next === undefined) {
      next = last.then(() => {
        next = undefined
        return probe(signal)
      })
      last = next
    }
    return next
  }
  const confirm = async (
    error: unknown,
    signal: AbortSignal | undefined,
  ): Promise<never> => {
    const isSuspect =
      error instanceof SourceError &&
      error.affectsAll &&
      error.kind === 'access'
    if (!isSuspect || (await codeOfProbe(signal)) === error.code) throw error
    throw ownFault(error, s3Url(BucketName, FilePath))
  }
  return {
    list: request =>
      store.list(request).catch(error => confirm(error, request.signal)),
    get: request =>
      store.get(request).catch(error => confirm(error, request.signal)),
  }
}

// The advice in the message is for a fault that affects all, so another follows.
function ownFault({ code, kind, message }: SourceError, place: string) {
  return new SourceError(
    `${message}; but a LIST of ${place} is answered otherwise, so look for ` +
      'a gateway or proxy that changes this request alone, such as by rewriting names',
    { code, kind, about: 'endpoint' },
  )
}

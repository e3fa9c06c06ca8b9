// Asks how large the objects are that are to be tried again. A retry takes an
// object as it is then, which is not what the cursor knows if it was mended.

import { inParallel } from '../../find/pool.ts'
import type { Candidate } from '../../find/listing.ts'
import type { ObjectStore } from '../../s3/object-store.ts'

const PARALLEL = 8

/** Adds up their bytes as they are now; one that is gone has none, one that cannot be asked for those it had. */
export async function retryBytes(
  retries: readonly Candidate[],
  { store, signal }: { store: ObjectStore; signal: AbortSignal },
): Promise<number> {
  let bytes = 0
  const mayGoOn = (): boolean => !signal.aborted
  await inParallel([...retries], PARALLEL, mayGoOn, async retry => {
    // Not in one expression, which would add to the sum of before the wait.
    const size = await sizeOf(retry, store, signal)
    bytes += size
  })
  return bytes
}

// A key is the first of all that begin with it.
async function sizeOf(
  { key, size }: Candidate,
  store: ObjectStore,
  signal: AbortSignal,
): Promise<number> {
  try {
    const page = await store.list({
      prefix: key,
      delimiter: false,
      startAfter: '',
      signal,
    })
    const [first] = page.objects
    return first?.key === key ? first.size : 0
  } catch {
    return size
  }
}

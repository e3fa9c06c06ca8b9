// Counts the objects that the next cycle would find, with the cycle's own search
// and its LIST requests, but without fetching. It needs a read-only cursor, since
// the search makes entries.

import type { Partition, Leaf } from '../../cursor/cursor-state.ts'
import { dueRetries } from '../../find/due-retries.ts'
import { findAll, type QueuePlan } from '../../find/start-search.ts'
import type { SearchResult } from '../../find/search-result.ts'
import { activeLeaves } from '../../find/window.ts'
import { shapeOf } from '../../find/scope.ts'
import { inParallel } from '../../find/pool.ts'
import type { Candidate } from '../../find/listing-result.ts'
import type { Lists } from '../../s3/object-store.ts'
import { firstPage } from '../../s3/pages.ts'

/** A search that counts its LIST requests. */
export interface CountedSearch extends QueuePlan {
  counts: QueuePlan['counts'] & { lists: number }
}

/** The findings of the next cycle; `objects` and `bytes` include the retries. */
export interface NewCount {
  search: SearchResult
  leaves: Leaf[]
  /** The number of listed folders: a day of a leaf, or a leaf without dates. */
  partitions: number
  objects: number
  /** The size as stored in S3. */
  bytes: number
  retries: number
  lists: number
  /** The number of new objects in each folder. */
  newIn: Map<Partition, number>
}

/** Searches like the next cycle, but without a time limit; errors are in the result. */
export async function countNew(counted: CountedSearch): Promise<NewCount> {
  const { cursor, counts, s3Clock, scope, store, signal } = counted
  const cycle = cursor.state.cycle.number + 1
  const retries = dueRetries(cursor, cycle, s3Clock.now())
  const newIn = new Map<Partition, number>()
  let objects = retries.length
  let bytes = 0
  const search = await findAll(counted, ({ folder, size }) => {
    newIn.set(folder, (newIn.get(folder) ?? 0) + 1)
    objects++
    bytes += size
  })
  const { lists } = counts
  if (search.reached) bytes += await retryBytes(retries, store, signal)
  return {
    search,
    leaves: activeLeaves(cursor.state, shapeOf(scope)),
    partitions: search.listings.length,
    objects,
    bytes,
    retries: retries.length,
    lists,
    newIn,
  }
}

// A retry reads the present object, whose size differs from the cursor's if it was
// mended.
/** Adds up the present bytes of objects to be tried again; a deleted object counts 0, and a failed request counts the last known size. */
export async function retryBytes(
  retries: readonly Candidate[],
  store: Lists,
  signal: AbortSignal,
): Promise<number> {
  let bytes = 0
  const hasTime = (): boolean => !signal.aborted
  await inParallel([...retries], hasTime, async retry => {
    // One expression would add to the sum from before the wait.
    const size = await sizeOf(retry, store, signal)
    bytes += size
  })
  return bytes
}

// A key sorts first among all keys that begin with it.
async function sizeOf(
  { key, size }: Candidate,
  store: Lists,
  signal: AbortSignal,
): Promise<number> {
  try {
    const page = await firstPage(store, {
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

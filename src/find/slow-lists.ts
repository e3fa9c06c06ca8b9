// Tells of what time would else cut in silence, cycle after cycle: a LIST
// whose answer does not come to its end, and a listing whose pages stay empty.
// In a cycle the last LISTs begin a quarter of it before the network ends, so
// any LIST that time cuts has had that quarter. How a listing goes on does not
// change: its token is kept.

import { SHARES, type CycleTime } from '../clock.ts'
import { isCutOff, SourceError } from '../s3/errors/source-error.ts'
import {
  isEmptyPage,
  type ListPage,
  type ListRequest,
  type ObjectStore,
} from '../s3/object-store.ts'

const PATIENCE = SHARES.emission - SHARES.newWork

/** Gives a store that tells `onSlow` of an answer, or any name, that was waited for in vain for a quarter of the cycle; of a listing it tells once. */
export function withPatience(
  store: ObjectStore,
  time: CycleTime,
  onSlow: (error: SourceError) => void,
): ObjectStore {
  /** When a listing's empty pages began, in shares of the cycle. */
  const emptySince = new Map<string, number>()
  const list = async (request: ListRequest): Promise<ListPage> => {
    const { prefix } = request
    const asked = time.used('all')
    try {
      const page = await store.list(request)
      if (page.next === undefined || !isEmptyPage(page))
        emptySince.delete(prefix)
      else if (!emptySince.has(prefix)) emptySince.set(prefix, asked)
      if (time.used('all') - (emptySince.get(prefix) ?? Infinity) >= PATIENCE) {
        emptySince.set(prefix, Infinity)
        onSlow(stayedEmpty(prefix))
      }
      return page
    } catch (error) {
      if (isCutOff(error) && time.used('all') - asked >= PATIENCE)
        onSlow(tooSlow(prefix))
      throw error
    }
  }
  return { ...store, list }
}

/** Makes the error of a search that ended without a folder: a bucket whose folders are still being looked for is not quiet. */
export function unfinished(root: string, left: number): SourceError {
  return new SourceError(
    `looking for folders with logs below ${root || 'the bucket'}: none was found yet, and ${left} folders are left for the next cycle; raise MaxCycleSeconds, and check the store and the network`,
    { code: 'SearchUnfinished', kind: 'network' },
  )
}

function tooSlow(prefix: string): SourceError {
  return new SourceError(
    `listing ${prefix}: the answer had not come to its end when the time for requests was over; it is asked for again in the next cycle; raise MaxCycleSeconds, and check the store and the network`,
    { code: 'SlowAnswer', kind: 'network' },
  )
}

function stayedEmpty(prefix: string): SourceError {
  return new SourceError(
    `listing ${prefix}: page after page is empty and says that more follow; the next cycle goes on there; if this lasts, the store is at fault`,
    { code: 'EmptyPages', kind: 'network' },
  )
}

// Reports listings that would otherwise fail silently in each cycle: a LIST
// whose answer never ends, and a listing whose pages stay empty. The last LISTs
// of a cycle begin a quarter of it before the network ends, so each LIST that
// time cuts had a quarter. The listing's continuation does not change: its token
// is kept.

import type { CursorState } from '../cursor/cursor-state.ts'
import { SHARES, type CycleTime } from '../clock.ts'
import { isCutOff, SourceError } from '../s3/errors/source-error.ts'
import {
  isEmptyPage,
  type ListPage,
  type ListRequest,
  type Lists,
} from '../s3/object-store.ts'

const PATIENCE = SHARES.emission - SHARES.newWork
// Stores of many deleted versions give a few empty pages before the end.
const MAX_EMPTY_PAGES = 10

/** Watches the LISTs of a search. */
export class SlowLists {
  readonly #time: CycleTime
  readonly #onSlow: (error: SourceError) => void
  /** The number of consecutive empty pages of each listing that has not ended. */
  readonly #empty = new Map<string, number>()

  constructor(time: CycleTime, onSlow: (error: SourceError) => void) {
    this.#time = time
    this.#onSlow = onSlow
  }

  /** Makes a store that reports an answer awaited in vain for a quarter of the cycle. */
  over(store: Lists): Lists {
    const list = async (request: ListRequest): Promise<ListPage> => {
      const asked = this.#time.used('all')
      try {
        const page = await store.list(request)
        this.#count(request.prefix, page)
        return page
      } catch (error) {
        if (isCutOff(error) && this.#time.used('all') - asked >= PATIENCE)
          this.#onSlow(tooSlow(request.prefix))
        throw error
      }
    }
    return { list }
  }

  /** Reports, at the end of a search, listings that continue in the next cycle and had only empty pages, and an unfinished search for folders; `known` folders with logs were found below `root` so far. */
  end(state: CursorState, root: string, known: number, now: number): void {
    for (const [prefix, pages] of this.#empty)
      if (pages > MAX_EMPTY_PAGES) this.#onSlow(stayedEmpty(prefix))
    const error = unfinished(state, root, known, now)
    if (error !== undefined) this.#onSlow(error)
  }

  #count(prefix: string, page: ListPage): void {
    if (page.next === undefined || !isEmptyPage(page))
      this.#empty.delete(prefix)
    else this.#empty.set(prefix, (this.#empty.get(prefix) ?? 0) + 1)
  }
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

// An hourly search is over long before this.
const OVERDUE_MS = 3 * 3_600_000

// A bucket that was never seen whole, or not for long, must not look quiet.
function unfinished(
  { discovery }: CursorState,
  root: string,
  known: number,
  now: number,
): SourceError | undefined {
  const { complete, left, stuck } = discovery
  const isNew = complete === 0 || Math.abs(now - complete) > OVERDUE_MS
  // An error that blocks a folder for good is reported where it occurs.
  if (!isNew || (known > 0 && (stuck || left.length === 0))) return undefined
  return new SourceError(
    `looking for folders with logs below ${root || 'the bucket'}: ${known} were found so far, and ${left.length} folders are left for the next cycle, which goes on there; if this lasts, raise MaxCycleSeconds, and check the store and the network`,
    { code: 'SearchUnfinished', kind: 'network' },
  )
}

// Looks beyond the last listed day where S3's clock and this machine's differ
// by more than a day: one of them is wrong, and logs may be filed under days
// that are not listed yet. Each search for leaves then asks each leaf for keys
// after that day, and reports the ones it finds.

import type { CursorState, Layout, Leaf } from '../cursor/cursor-state.ts'
import { SourceError } from '../s3/errors/source-error.ts'
import { firstPage } from '../s3/pages.ts'
import { apart, isLeap } from './clock-judgement.ts'
import { dayPrefix } from './day-folders.ts'
import type { Watcher } from './leaves.ts'
import type { Asking } from './listing.ts'
import { inParallel } from './pool.ts'
import { windowOf } from './window.ts'

// Sorts after every key below a folder.
const LAST_CHARACTER = '\u{10FFFF}'

/** Asks each dated leaf with one LIST, if the clocks differ; logs of later days are an error of the search. */
export async function askAhead(
  leaves: readonly Leaf[],
  state: CursorState,
  { store, settings, s3Clock, signal }: Asking,
  { hasTime, onError }: Watcher,
): Promise<void> {
  const offset = state.clock?.offset ?? 0
  if (!isLeap(offset)) return
  const { last } = windowOf(state, settings, s3Clock.now())
  const dated = leaves.filter(({ layout }) => layout !== 'flat')
  await inParallel(dated, hasTime, async leaf => {
    const { prefix, layout, from } = leaf
    const end = from > last ? from : last
    const startAfter = dayPrefix(prefix, layout, end) + LAST_CHARACTER
    const request = { prefix, delimiter: false, startAfter, signal }
    try {
      const { objects } = await firstPage(store, request)
      const ahead = objects
        .map(({ key }) => dayIn(key.slice(prefix.length), layout))
        .find(day => day > end)
      if (ahead !== undefined) onError(aheadError(prefix, ahead, end, offset))
    } catch (error) {
      onError(error)
    }
  })
}

const DAYS = {
  date: /^(\d{4})\/(\d\d)\/(\d\d)\//,
  hive: /^year=(\d{4})\/month=(\d\d)\/day=(\d\d)\//,
}

/** Gives the day in a name below a dated leaf, '' without one. */
export function dayIn(name: string, layout: Layout): string {
  const found = layout === 'flat' ? null : DAYS[layout].exec(name)
  return found ? found.slice(1).join('-') : ''
}

function aheadError(
  prefix: string,
  ahead: string,
  last: string,
  offset: number,
): SourceError {
  return new SourceError(
    `looking into ${prefix}: there are logs of ${ahead}, which are not collected: ${last} is the last day that is listed. S3's clock is ${apart(offset)}: set the clock that is wrong, and they are collected`,
    { code: 'ClocksDiffer', kind: 'object' },
  )
}

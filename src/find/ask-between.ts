// Looks for logs between the two clocks where S3's is so far ahead of this
// machine's that no window covers both: logs may then be filed under days that
// count as history. Each search for leaves asks each leaf for the days between.
// If these hold logs and no leaf has any of S3's own days, S3's clock is wrong,
// and an error says so.

import type { CursorState, Leaf } from '../cursor/cursor-state.ts'
import { SourceError } from '../s3/errors/source-error.ts'
import { isFolderMarker } from '../s3/object-store.ts'
import { firstPage, pages } from '../s3/pages.ts'
import { dayIn } from './ask-ahead.ts'
import { apart, bothClocks, earliestClock } from './clock-judgement.ts'
import { dayOf, dayOfFile, dayPrefix } from './day-folders.ts'
import type { Watcher } from './leaves.ts'
import type { Asking } from './listing.ts'
import { inParallel } from './pool.ts'
import { firstDay, windowOf } from './window.ts'

/** The days to ask for: those from this machine's `first` to before `from` are not listed; S3's own are `present` to `last`. */
interface Days {
  first: string
  from: string
  present: string
  last: string
}

/** The evidence of a leaf's logs: a day between the clocks, '' without one, and whether any log is of S3's days. */
interface Shown {
  between: string
  isPresent: boolean
}

/** Asks each leaf with two LISTs (one without dates with as many as it has pages), if the clocks are too far apart for one window; logs between the clocks are an error of the search. */
export async function askBetween(
  leaves: readonly Leaf[],
  state: CursorState,
  asking: Asking,
  watcher: Watcher,
): Promise<void> {
  const { settings, s3Clock } = asking
  const now = s3Clock.now()
  const wall = earliestClock(state, now)
  if (wall === now || bothClocks(state, now)[0] < now) return
  const first = firstDay(wall, settings)
  const { first: present, last } = windowOf(state, settings, now)
  // Clocks that are seconds apart have no day between them.
  if (first >= present) return
  const found: { prefix: string; between: string }[] = []
  let isPresent = false
  const hasTime = (): boolean => !isPresent && watcher.hasTime()
  await inParallel([...leaves], hasTime, async leaf => {
    const from = leaf.from < present ? leaf.from : present
    const ask = leaf.layout === 'flat' ? askFlat : askDated
    try {
      const days = { first, from, present, last }
      const shown = await ask(leaf, days, asking, watcher)
      const { between } = shown
      if (between !== '') found.push({ prefix: leaf.prefix, between })
      isPresent ||= shown.isPresent
    } catch (error) {
      watcher.onError(error)
    }
  })
  const [one] = found
  if (one === undefined || isPresent) return
  const offset = state.clock?.offset ?? 0
  const others =
    found.length > 1 ? ` (and in ${found.length - 1} more folders)` : ''
  watcher.onError(
    new SourceError(
      `looking into ${one.prefix}${others}: there are logs of ${one.between}, which are not collected, and none of ${present} or later, where the days that are listed begin. S3's clock is ${apart(offset)}: set the clock that is wrong, and they are collected`,
      { code: 'ClocksDiffer', kind: 'object' },
    ),
  )
}

async function askDated(
  leaf: Leaf,
  { first, from, present, last }: Days,
  asking: Asking,
): Promise<Shown> {
  const near = await daysFrom(leaf, first, asking)
  const between = near.find(day => day >= first && day < from) ?? ''
  const later = await daysFrom(leaf, present, asking)
  const isPresent = later.some(day => day >= present && day <= last)
  return { between, isPresent }
}

// Names are better evidence than the times of objects, which come from the
// suspect clock. But an object modified later counts as new, whatever its name
// says.
async function askFlat(
  { prefix }: Leaf,
  { first, from, present, last }: Days,
  { store, signal }: Asking,
  { hasTime }: Watcher,
): Promise<Shown> {
  const request = { prefix, delimiter: true, startAfter: '', signal }
  let between = ''
  let isCollected = false
  for await (const { objects } of pages(store, request)) {
    for (const { key, modified } of objects) {
      const named = dayOfFile(key)
      const day = named ?? dayOf(modified)
      if (named !== undefined && named >= present && named <= last)
        return { between: '', isPresent: true }
      isCollected ||= dayOf(modified) >= from
      if (day >= first && day < from) between = day
    }
    if (!hasTime()) break
  }
  return { between: isCollected ? '' : between, isPresent: false }
}

async function daysFrom(
  { prefix, layout }: Leaf,
  day: string,
  { store, signal }: Asking,
): Promise<string[]> {
  const startAfter = dayPrefix(prefix, layout, day)
  const request = { prefix, delimiter: false, startAfter, signal }
  const { objects } = await firstPage(store, request)
  return objects
    .filter(object => !isFolderMarker(object))
    .map(({ key }) => dayIn(key.slice(prefix.length), layout))
}

// Walks folders by delimiter listings and finds the leaves: folders that hold
// dated folders or objects. One page is one step, and the rest is handed back,
// so the walk can be cut anywhere and continued in the next cycle. A failed
// page is kept for another try and never hides a leaf.

import {
  leafKey,
  type Layout,
  type WalkPosition,
} from '../cursor/cursor-state.ts'
import { datedFolder, yearLayout, type DatedFolder } from './day-folders.ts'
import { looseDate } from './loose-date.ts'
import type { NamedDays } from './named-days.ts'
import { badStore } from '../s3/list.ts'
import { isEmptyPage, isFolderMarker, type Lists } from '../s3/object-store.ts'
import { lastName, laterOf, pages, type JudgedPage } from '../s3/pages.ts'
import { inParallel } from './pool.ts'
import {
  isAboveService,
  isDatedByAws,
  isLeafInScope,
  mayHoldLogs,
  type Scope,
} from './scope.ts'

/** A leaf as it is found. */
export interface FoundLeaf {
  prefix: string
  layout: Layout
}

/** Hears of the errors of a search, and ends it. */
export interface Watcher {
  onError(error: unknown): void
  /** Tells whether there is time for another page. */
  hasTime(): boolean
}

export interface Walk extends Watcher {
  store: Lists
  scope: Scope
  signal: AbortSignal
  /** Called once for each leaf. */
  onLeaf(prefix: string, layout: Layout): void
  /** Gives the first day, YYYY-MM-DD, that is searched in AWS's own folders of dates; called after the first page. */
  firstDay(isBehind: boolean): string
  /** The known folders named after days in other forms than AWS's; those before that day are not walked. */
  named?: NamedDays
}

const ENCODED = /%[\da-f]{2}/i

/** Walks on from the visits, the failed ones last; returns the visits that time cut off and those that failed. */
export async function discoverLeaves(
  visits: readonly WalkPosition[],
  walk: Walk,
): Promise<{ left: WalkPosition[]; failed: WalkPosition[] }> {
  const failed: WalkPosition[] = []
  const told = new Set<string>()
  const onLeaf: Walk['onLeaf'] = (prefix, layout) => {
    const leaf = leafKey(prefix, layout)
    if (!told.has(leaf)) walk.onLeaf(prefix, layout)
    told.add(leaf)
  }
  const begun = new Set(visits.map(({ prefix }) => prefix))
  const walkAll = (stack: Walking[]): Promise<void> =>
    inParallel(
      stack,
      () => walk.hasTime(),
      async visit => {
        try {
          const following = await visitPage(visit, { ...walk, onLeaf })
          for (const next of following)
            if (next.prefix === visit.prefix || !begun.has(next.prefix))
              stack.push(next)
        } catch (error) {
          failed.push({ ...savedVisit(visit), failed: true })
          walk.onError(error)
        }
      },
    )
  const first: Walking[] = visits.filter(visit => !visit.failed)
  const last: Walking[] = visits.filter(visit => visit.failed)
  await walkAll(first)
  if (first.length === 0) await walkAll(last)
  return { left: [...last, ...first].map(savedVisit), failed }
}

interface Walking extends WalkPosition {
  pages?: AsyncGenerator<JudgedPage, void>
}

function savedVisit(visit: Walking): WalkPosition {
  const { pages: _, ...saved } = visit
  return saved
}

// Handles one page and returns the visits that follow from it, the next one
// last: children come before the next page, which keeps the stack short.
async function visitPage(visit: Walking, walk: Walk): Promise<Walking[]> {
  const { prefix, after } = visit
  const listing = visit.pages ?? pagesOf(visit, walk)
  const { value: page } = await listing.next()
  if (!page) return []
  if (page.fault) walk.onError(page.fault)
  if (isMisnamed(visit, page))
    walk.onError(
      badStore(
        `listing ${prefix}`,
        'the store lists this folder but nothing in it, as a store does that url-encodes names without declaring it (EncodingType)',
      ),
    )
  const disordered = visit.disordered === true || !page.inOrder
  const behind = visit.behind === true || visit.failed === true
  const rest: Walking = {
    prefix,
    after: laterOf(after, lastName(page)),
    ...(page.next !== undefined && { token: page.next }),
    ...(disordered && { disordered }),
    ...(behind && { behind }),
    pages: listing,
  }
  const walked = new Folder(prefix, behind, walk)
  for (const folder of page.folders) walk.named?.add(folder)
  if (page.objects.some(object => !isFolderMarker(object)))
    walked.onLeaf('flat')
  const children = page.folders
    .filter(folder => folder !== prefix && walked.takes(folder))
    .map(folder => ({ prefix: folder, after: '', ...(behind && { behind }) }))
    .toReversed()
  return page.next === undefined ? children : [rest, ...children]
}

// A name that is still encoded would hide everything in the folder.
function isMisnamed(
  { prefix, after, token }: WalkPosition,
  page: JudgedPage,
): boolean {
  const isWhole = after === '' && token === undefined && page.next === undefined
  return isWhole && isEmptyPage(page) && ENCODED.test(prefix)
}

function pagesOf(
  { prefix, after: startAfter, token, disordered }: WalkPosition,
  { store, signal }: Walk,
): AsyncGenerator<JudgedPage, void> {
  const request = { prefix, delimiter: true, startAfter, token, signal }
  return pages(store, request, Infinity, () => (disordered ? '' : startAfter))
}

// A folder that is walked. Below a region of AWS's own layout a year is a year;
// it and its months are walked for other layouts, unless they are over: later
// objects in them are history, as in older days. Elsewhere `2024/` may be any
// folder, so it is searched for months and these for days, and it may get new
// logs for ever. Dates above the service's folder make no leaf: each day that
// is not over is walked.
class Folder {
  readonly #prefix: string
  readonly #isBehind: boolean
  readonly #walk: Walk
  readonly #dated: DatedFolder | undefined
  /** A folder of years that its name excludes is searched for dates only. */
  readonly #isDatesOnly: boolean

  constructor(prefix: string, isBehind: boolean, walk: Walk) {
    const { scope } = walk
    const dated = datedFolder(prefix)
    this.#prefix = prefix
    this.#isBehind = isBehind
    this.#walk = walk
    // The leaf may lie above FilePath.
    this.#dated = dated?.leaf.startsWith(scope.FilePath) ? dated : undefined
    this.#isDatesOnly =
      this.#dated?.chain.some(folder => !mayHoldLogs(folder, scope)) ?? false
  }

  /** Reports the leaf, if it is in scope. */
  onLeaf(layout: Layout, prefix = this.#prefix): void {
    if (layout === 'flat' && this.#isDatesOnly) return
    if (isLeafInScope(prefix, layout, this.#walk.scope))
      this.#walk.onLeaf(prefix, layout)
  }

  /** Tells whether to walk a folder in it, and reports the leaf above that the folder proves. */
  takes(folder: string): boolean {
    const { scope } = this.#walk
    const name = folder.slice(this.#prefix.length, -1)
    const mayHold = !this.#isDatesOnly && mayHoldLogs(folder, scope)
    const year = yearLayout(name)
    const date = looseDate(folder)
    if (date?.above.startsWith(scope.FilePath)) {
      const { above, layout, last } = date
      if (isAboveService(folder, scope))
        return mayHold && last >= this.#walk.firstDay(this.#isBehind)
      if (isDatedByAws(above, layout, scope)) {
        if (year) this.onLeaf(year)
        const isDay =
          this.#dated?.chain.length === 2 && this.#dated.isNext(name)
        return mayHold && !isDay && last >= this.#walk.firstDay(this.#isBehind)
      }
    }
    const mayHoldDays = (leaf: string, layout: Layout): boolean =>
      (mayHold || isLeafInScope(leaf, layout, scope)) && this.#isOpen(folder)
    if (year) return mayHoldDays(this.#prefix, year)
    const dated = this.#dated
    if (!dated?.isNext(name)) return mayHold && this.#isOpen(folder)
    const { leaf, layout, chain } = dated
    if (chain.length === 1) return mayHoldDays(leaf, layout)
    this.onLeaf(layout, leaf)
    return false
  }

  #isOpen(folder: string): boolean {
    const { named, firstDay } = this.#walk
    return named?.isOpen(folder, firstDay(this.#isBehind)) ?? true
  }
}

// Walks folders by delimiter listings and finds the leaves: folders that hold
// dated folders or objects. One page is one step and what is left is handed
// back, so the walk can be cut anywhere and go on in the next cycle. A page
// that fails is kept to be tried again; it never hides a leaf.

import type { Layout, Visit } from '../cursor/cursor-state.ts'
import { isDayOfMonth, isMonth, yearLayout } from './day-folders.ts'
import {
  isFolderMarker,
  type ListPage,
  type ObjectStore,
} from '../s3/object-store.ts'
import { firstPage, nextAfter } from '../s3/pages.ts'
import { inParallel } from './pool.ts'
import {
  isBelowRegion,
  isLeafInScope,
  mayHoldLogs,
  type Scope,
} from './scope.ts'

export interface Walk {
  store: Pick<ObjectStore, 'list'>
  scope: Scope
  signal: AbortSignal
  isKnown(prefix: string, layout: Layout): boolean
  onLeaf(prefix: string, layout: Layout): void
  onError(error: unknown): void
  /** Says whether there is time for another page. */
  mayGoOn(): boolean
}

const PARALLEL = 8

/** Walks on from the visits and returns those that are left: cut off by time, and failed. */
export async function discoverLeaves(
  visits: readonly Visit[],
  walk: Walk,
): Promise<{ left: Visit[]; failed: Visit[] }> {
  const stack = [...visits]
  const failed: Visit[] = []
  const mayGoOn = (): boolean => walk.mayGoOn()
  await inParallel(stack, PARALLEL, mayGoOn, async visit => {
    try {
      stack.push(...(await visitPage(visit, walk)))
    } catch (error) {
      failed.push(visit)
      walk.onError(error)
    }
  })
  return { left: stack, failed }
}

// Handles one page and returns the visits that follow from it, the nearest
// last: children come before the next page, which keeps the stack short.
async function visitPage(visit: Visit, walk: Walk): Promise<Visit[]> {
  const { store, scope, signal } = walk
  const { prefix, after } = visit
  const request = { prefix, delimiter: true, startAfter: after, signal }
  const page = await firstPage(store, request)
  // Before anything follows from it: a page that fails is tried again whole.
  const rest =
    page.next === undefined ? [] : [{ prefix, after: nextAfter(page, request) }]
  const isLeaf = (layout: Layout): boolean =>
    isLeafInScope(prefix, layout, scope)
  if (page.objects.some(object => !isFolderMarker(object)) && isLeaf('flat'))
    walk.onLeaf(prefix, 'flat')
  const layouts = await datedLayouts(prefix, page, walk)
  for (const layout of layouts) if (isLeaf(layout)) walk.onLeaf(prefix, layout)

  const children = page.folders
    .filter(folder => !layouts.includes(layoutOf(folder)))
    .filter(folder => folder !== prefix && mayHoldLogs(folder, scope))
    .map(folder => ({ prefix: folder, after: '' }))
    .toReversed()
  return [...rest, ...children]
}

async function datedLayouts(
  prefix: string,
  page: ListPage,
  walk: Walk,
): Promise<Layout[]> {
  const found: Layout[] = []
  for (const layout of ['date', 'hive'] as const) {
    const newest = page.folders.findLast(folder => layoutOf(folder) === layout)
    if (newest === undefined) continue
    if (layout === 'hive' || (await holdsDays(prefix, newest, walk)))
      found.push(layout)
  }
  return found
}

// Below a region of AWS's own layout a year is a year. Elsewhere `2024/` may
// be anybody's folder, so the newest one must hold months that hold days.
async function holdsDays(
  prefix: string,
  newest: string,
  walk: Walk,
): Promise<boolean> {
  if (walk.isKnown(prefix, 'date') || isBelowRegion(prefix, walk.scope))
    return true
  const months = await childrenOf(newest, walk)
  const month = months.findLast(folder => isMonth(nameOf(folder)))
  if (month === undefined) return false
  const days = await childrenOf(month, walk)
  return days.some(folder => isDayOfMonth(nameOf(folder)))
}

async function childrenOf(prefix: string, walk: Walk): Promise<string[]> {
  const { store, signal } = walk
  const page = await firstPage(store, {
    prefix,
    delimiter: true,
    startAfter: '',
    signal,
  })
  return page.folders
}

const layoutOf = (folder: string): Layout =>
  yearLayout(nameOf(folder)) ?? 'flat'

const nameOf = (folder: string): string =>
  folder.slice(folder.lastIndexOf('/', folder.length - 2) + 1, -1)

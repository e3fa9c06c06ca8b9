// Walks folders by delimiter listings and finds the leaves: folders that hold
// dated folders or objects. One page is one step and what is left is handed
// back, so the walk can be cut anywhere and go on in the next cycle. A page
// that fails is kept to be tried again; it never hides a leaf.

import {
  isDayOfMonth,
  isMonth,
  yearLayout,
  type Layout,
} from './day-folders.ts'
import { isFolderMarker } from './folder-marker.ts'
import type { ListPage, ObjectStore } from './object-store.ts'
import {
  isBelowRegion,
  isLeafInScope,
  mayHoldLogs,
  type Scope,
} from './scope.ts'

/** A folder still to be walked, from the names after `after` on. */
export interface Visit {
  prefix: string
  after: string
}

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

// Sorts after every key below a folder, so that StartAfter leaps over them.
const LAST_CHARACTER = '\u{10FFFF}'

/** Walks on from the visits and returns those that are left: cut off by time, and failed. */
export async function discoverLeaves(
  visits: readonly Visit[],
  walk: Walk,
): Promise<{ left: Visit[]; failed: Visit[] }> {
  const stack = [...visits]
  const failed: Visit[] = []
  const running = new Set<Promise<void>>()

  const take = async (visit: Visit): Promise<void> => {
    try {
      stack.push(...(await visitPage(visit, walk)))
    } catch (error) {
      failed.push(visit)
      walk.onError(error)
    }
  }

  for (;;) {
    while (running.size < PARALLEL && walk.mayGoOn()) {
      const visit = stack.pop()
      if (visit === undefined) break
      const task = take(visit).finally(() => running.delete(task))
      running.add(task)
    }
    if (running.size === 0) return { left: stack, failed }
    await Promise.race(running)
  }
}

// Handles one page and returns the visits that follow from it, the nearest
// last: children come before the next page, which keeps the stack short.
async function visitPage(visit: Visit, walk: Walk): Promise<Visit[]> {
  const { store, scope, signal } = walk
  const { prefix, after } = visit
  const page = await store.list({
    prefix,
    delimiter: true,
    startAfter: after,
    signal,
  })
  const inScope = isLeafInScope(prefix, scope)
  if (inScope && page.objects.some(object => !isFolderMarker(object)))
    walk.onLeaf(prefix, 'flat')
  const layout = await datedLayout(prefix, page, walk)
  if (inScope && layout !== undefined) walk.onLeaf(prefix, layout)

  const children = page.folders
    .filter(folder => yearLayout(nameOf(folder)) === undefined || !layout)
    .filter(folder => folder !== prefix && mayHoldLogs(folder, scope))
    .map(folder => ({ prefix: folder, after: '' }))
    .toReversed()
  return page.next === undefined
    ? children
    : [{ prefix, after: lastName(page) }, ...children]
}

// Below a region of AWS's own layout a year is a year. Elsewhere `2024/` may
// be anybody's folder, so the newest one must hold months that hold days.
async function datedLayout(
  prefix: string,
  page: ListPage,
  walk: Walk,
): Promise<'date' | 'hive' | undefined> {
  const newest = page.folders.findLast(folder => yearLayout(nameOf(folder)))
  if (newest === undefined) return undefined
  const layout = yearLayout(nameOf(newest))
  if (layout === undefined || layout === 'hive') return layout
  if (walk.isKnown(prefix, layout) || isBelowRegion(prefix, walk.scope))
    return layout
  const months = await childrenOf(newest, walk)
  const month = months.findLast(folder => isMonth(nameOf(folder)))
  if (month === undefined) return undefined
  const days = await childrenOf(month, walk)
  return days.some(folder => isDayOfMonth(nameOf(folder))) ? layout : undefined
}

async function childrenOf(prefix: string, walk: Walk): Promise<string[]> {
  const { store, signal } = walk
  const page = await store.list({
    prefix,
    delimiter: true,
    startAfter: '',
    signal,
  })
  return page.folders
}

const nameOf = (folder: string): string =>
  folder.slice(folder.lastIndexOf('/', folder.length - 2) + 1, -1)

function lastName(page: ListPage): string {
  const key = page.objects.at(-1)?.key ?? ''
  const folder = page.folders.at(-1)
  if (folder === undefined) return key
  const inOrder = Buffer.compare(Buffer.from(key), Buffer.from(folder)) < 0
  return inOrder ? folder + LAST_CHARACTER : key
}

// Carries the search for leaves from cycle to cycle: when it is due, where it
// stopped, and which leaves it found. Leaves are kept as they are found; only a
// discovery that saw every page marks the missing ones. The start of the first
// discovery under its settings is durable before its results are used.

import type { Cursor } from '../cursor/cursor.ts'
import {
  leafKey,
  type CursorState,
  type Discovery,
  type Leaf,
  type WalkPosition,
} from '../cursor/cursor-state.ts'
import type { Settings } from '../settings/settings-table.ts'
import { missLeaves } from './inactive-leaves.ts'
import { discoverLeaves, type Watcher } from './leaves.ts'
import type { Asking } from './listing.ts'
import type { NamedDays } from './named-days.ts'
import type { ListPage, ListRequest } from '../s3/object-store.ts'
import { askAhead } from './ask-ahead.ts'
import { askBetween } from './ask-between.ts'
import {
  activeLeaves,
  firstDay,
  windowOf,
  type WindowSettings,
} from './window.ts'
import { isSuspect } from './clock-judgement.ts'
import { firstWalkedDay, recordLeaf } from './record-leaf.ts'
import { isInRefused, isListFailed } from './refused-leaves.ts'
import { shapeOf, type Scope } from './scope.ts'

export type DiscoverySettings = WindowSettings &
  Pick<Settings, 'DiscoveryMinutes'>

/** The inputs of the search for leaves. */
export interface Discovering extends Asking {
  cursor: Cursor
  settings: DiscoverySettings
  scope: Scope
}

/** Takes the leaves that a search finds. */
export interface LeafTaker extends Watcher {
  onLeaf(leaf: Leaf): void
}

class HeldError extends Error {}

/** Tells whether this cycle should search for leaves. */
export function isDiscoveryDue(
  { discovery }: CursorState,
  scope: Scope,
  settings: DiscoverySettings,
  now: number,
): boolean {
  return (
    discovery.shape !== shapeOf(scope) ||
    discovery.left.length > 0 ||
    isOverdue(discovery, settings, now)
  )
}

function isOverdue(
  { begun }: Discovery,
  { DiscoveryMinutes }: DiscoverySettings,
  now: number,
): boolean {
  return Math.abs(now - begun) >= DiscoveryMinutes * 60_000
}

/** Continues the search for leaves, or begins a new one, within the time of the walk. */
export async function discover(
  search: Discovering,
  named: NamedDays,
  taker: LeafTaker,
): Promise<void> {
  const { store, cursor, scope, settings, s3Clock, signal } = search
  const before = cursor.state.discovery
  const shape = shapeOf(scope)
  const anew = before.shape !== shape
  const restart =
    anew ||
    before.left.length === 0 ||
    (before.stuck && isOverdue(before, settings, s3Clock.now()))
  const visits: WalkPosition[] = restart
    ? visitsOf(anew ? [] : before.left, scope.FilePath)
    : before.left

  // Leaves that an unfinished first search never found may be found under other
  // settings now.
  const neverComplete = before.number > 0 && before.complete === 0

  // Recorded at the first response, when S3's clock is known.
  let noted = !restart
  const note = async (): Promise<void> => {
    if (noted) return
    noted = true
    const number = before.number + 1
    const { first } = windowOf(cursor.state, settings, s3Clock.now())
    cursor.record({
      k: 'discovery',
      number,
      shape,
      since: anew ? number : before.since,
      begun: s3Clock.now(),
      complete: anew ? 0 : before.complete,
      // Last-Modified has whole seconds.
      baseline:
        anew && !neverComplete && !isSuspect(cursor.state)
          ? Math.floor(s3Clock.now() / 1000) * 1000
          : before.baseline,
      from: before.from !== '' && before.from < first ? before.from : first,
      elsewhere: anew ? '' : (before.elsewhere ?? ''),
      left: visits,
      stuck: false,
    })
    // If this cycle is killed, the next may come days later.
    if (anew) await cursor.flush()
  }
  // Under a suspect clock leaves are searched for only while none is known.
  const knowsAny = cursor.state.leaves.size > 0
  let isHeld = false
  const listUntold = (request: ListRequest): Promise<ListPage> => {
    if (!isInRefused(request.prefix, cursor.state)) return store.list(request)
    // Its days are asked for, and their errors reported, in each cycle.
    return store.list({ ...request, tries: 1 }).catch(error => {
      throw isListFailed(error) ? new HeldError() : error
    })
  }
  const list = async (request: ListRequest): Promise<ListPage> => {
    const page = await listUntold(request)
    isHeld = knowsAny && isSuspect(cursor.state)
    if (isHeld) throw new HeldError()
    await note()
    return page
  }

  const from = new Map<boolean, string>()
  const firstDay = (isBehind: boolean): string => {
    const day =
      from.get(isBehind) ??
      firstWalkedDay(cursor.state, settings, s3Clock.now(), isBehind)
    from.set(isBehind, day)
    return day
  }
  const { left, failed } = await discoverLeaves(visits, {
    store: { list },
    scope,
    signal,
    named,
    firstDay,
    hasTime: () => taker.hasTime() && !isHeld,
    onError: error => {
      if (!(error instanceof HeldError)) taker.onError(error)
    },
    onLeaf: (prefix, layout) => {
      const known = cursor.state.leaves.get(leafKey(prefix, layout))
      if (known?.seen === cursor.state.discovery.number) return
      taker.onLeaf(recordLeaf(cursor, prefix, layout, settings, s3Clock.now()))
    },
  })
  if (!noted || isHeld) return
  conclude(search, named, left, failed)
  if (left.length > 0) return
  const leaves = activeLeaves(cursor.state, shape)
  await askAhead(leaves, cursor.state, search, taker)
  await askBetween(leaves, cursor.state, search, taker)
}

// A folder whose visit failed is visited last again in the next search.
function visitsOf(
  failed: readonly WalkPosition[],
  root: string,
): WalkPosition[] {
  const prefixes = new Set(failed.map(({ prefix }) => prefix))
  const behind = prefixes.delete(root)
  return [
    ...[...prefixes].map(prefix => ({ prefix, after: '', failed: true })),
    { prefix: root, after: '', ...(behind && { behind }) },
  ]
}

function conclude(
  { cursor, settings, s3Clock }: Discovering,
  named: NamedDays,
  left: WalkPosition[],
  failed: WalkPosition[],
): void {
  const { discovery } = cursor.state
  const complete = left.length === 0 && failed.length === 0
  const now = s3Clock.now()
  const window = windowOf(cursor.state, settings, now)
  if (complete)
    missLeaves(cursor, now, ({ prefix, layout }) => {
      // Such days need not have been walked; their own listings show whether
      // they exist.
      return layout === 'flat' && named.isBefore(prefix, window.first)
    })
  const first = firstDay(discovery.begun, settings)
  cursor.record({
    k: 'discovery',
    ...discovery,
    complete: complete ? discovery.begun : discovery.complete,
    from: complete ? first : discovery.from,
    elsewhere: left.length === 0 ? first : (discovery.elsewhere ?? ''),
    left: [...failed, ...left],
    stuck: left.length === 0,
  })
}

// Finds out whether the settings match anything, so that a run that collects
// nothing because of them does not end with success. The result stays in the
// cursor: it is renewed as often as leaves are searched for, not in each cycle.
// Quiet accounts and shards without a leaf are no silence.

import { NamedDays } from '../../find/named-days.ts'
import type { CycleTime } from '../../clock.ts'
import type { Cursor } from '../../cursor/cursor.ts'
import {
  silenceOf,
  silenceReason,
  type Silence,
} from '../../cursor/silence-note.ts'
import { shapeOf } from '../../find/scope.ts'
import { shardText } from '../../find/shard.ts'
import { activeLeaves, duePartitionsOf } from '../../find/window.ts'
import { s3Url } from '../../s3/object-store.ts'
import { firstPage } from '../../s3/pages.ts'
import { explainNoLeaves } from './explain-no-leaves.ts'
import type { Session, Source } from '../session.ts'
import { findFolders } from './find-folders.ts'
import { explainPatterns, PatternWatch } from './pattern-watch.ts'

// Records why no folder with logs is in scope, once a search has found none; it
// sends requests to the store, and `stop` ends that.
async function recordNoFolders(session: Session): Promise<void> {
  const { cursor, scope, settings, s3Clock, stop } = session
  const known = knownOf(session)
  const { discovery } = cursor.state
  if (activeLeaves(cursor.state, shapeOf(scope)).length > 0)
    return record(known, { ...known, noFolders: '' }, cursor)
  const isSearched =
    discovery.shape === shapeOf(scope) && discovery.complete > 0
  const now = s3Clock.now()
  const isFresh =
    known.at > 0 &&
    Math.abs(now - known.at) < settings.DiscoveryMinutes * 60_000
  if (!isSearched || isFresh || stop.aborted) return
  if (shardText(settings.Shard) !== '') {
    const { folders } = await findFolders(scope, session, 1)
    if (folders.length > 0)
      return record(known, { ...known, noFolders: '', at: now }, cursor)
  }
  record(
    known,
    { ...known, noFolders: await explain(session), at: now },
    cursor,
  )
}

/** Records, within the time of a cycle, why no folder with logs is in scope. */
export async function recordNoFoldersInTime(
  session: Session,
  time: CycleTime,
): Promise<void> {
  const late = new AbortController()
  const over = new AbortController()
  const { clock, stop } = session
  void clock.sleep(time.until('emission'), over.signal).then(() => late.abort())
  const limited = { ...session, stop: AbortSignal.any([stop, late.signal]) }
  await recordNoFolders(limited).finally(() => over.abort())
}

async function explain(source: Source): Promise<string> {
  const { settings, store, stop } = source
  const { BucketName, FilePath, LogType } = settings
  try {
    const request = { prefix: FilePath, delimiter: true, startAfter: '' }
    const first = await firstPage(store, { ...request, signal: stop })
    return (await explainNoLeaves(first, source)).join('; ')
  } catch {
    // Errors of listings are reported where they occur.
    return `${s3Url(BucketName, FilePath)} holds no folder with ${LogType} logs; \`check\` says why`
  }
}

/** Begins to watch listings for objects that pass the patterns, by the findings so far. */
export function watchPatterns(session: Session): PatternWatch {
  const { passed } = knownOf(session)
  return new PatternWatch(passed, session.matchesPatterns)
}

/** Records whether objects pass the patterns, once all partitions were listed whole; gives the reason why nothing matches, '' if something does. */
export function judgeSilence(watch: PatternWatch, session: Session): string {
  const { cursor, settings } = session
  const known = knownOf(session)
  if (watch.passed)
    record(known, { ...known, passed: true, noObjects: '' }, cursor)
  else if (
    known.noObjects === '' &&
    watch.leftOut > 0 &&
    isAllListed(session)
  ) {
    const noObjects = explainPatterns(watch.leftOut, watch.names, settings)
    record(known, { ...known, noObjects }, cursor)
  }
  return silenceReason(knownOf(session))
}

/** Reports why no folder with logs is in scope, or, if the listings were watched, why no object passes the patterns; '' if something matches. */
export async function explainSilence(
  session: Session,
  watch?: PatternWatch,
): Promise<string> {
  await recordNoFolders(session)
  const reason = watch
    ? judgeSilence(watch, session)
    : knownOf(session).noFolders
  if (reason !== '') session.report.error('nothing_matches', reason)
  return reason
}

/** Reports, for a search without a cursor that found nothing and met no error, why no folder with logs is in scope or no object passes the patterns; '' for a quiet day. */
export async function explainNothing(
  source: Source,
  { passed, leftOut, names }: PatternWatch,
): Promise<string> {
  const { scope, settings, report } = source
  if (passed) return ''
  let reason = ''
  if (leftOut > 0) reason = explainPatterns(leftOut, names, settings)
  else if ((await findFolders(scope, source, 1)).folders.length === 0)
    reason = await explain(source)
  if (reason !== '') report.error('nothing_matches', reason)
  return reason
}

// Gives the findings under the settings of a cycle.
function knownOf({ cursor, scope, settings }: Session): Silence {
  const { Inclusions, Exclusions } = settings
  const text = JSON.stringify([shapeOf(scope), Inclusions, Exclusions])
  return silenceOf(cursor.state.silence, text)
}

function isAllListed({ cursor, scope, settings, s3Clock }: Session): boolean {
  const now = s3Clock.now()
  const named = new NamedDays(cursor.state.leaves.values())
  const leaves = activeLeaves(cursor.state, shapeOf(scope))
  const due = duePartitionsOf(leaves, cursor, settings, now, named)
  return (
    cursor.state.discovery.complete > 0 &&
    due.every(({ partition }) => partition.swept > 0)
  )
}

function record(known: Silence, next: Silence, cursor: Cursor): void {
  const isSame = Object.entries(next).every(
    ([name, value]) => known[name as keyof Silence] === value,
  )
  if (!isSame) cursor.record({ k: 'silence', ...next })
}

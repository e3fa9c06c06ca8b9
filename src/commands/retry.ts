// Queues quarantined objects again, as if they had never failed, except that their
// emitted records are not repeated; or queues objects that the host has taken and
// may have lost. It makes no request: the next cycle tries them.

import type { Cursor } from '../cursor/cursor.ts'
import { NO_RECORD } from '../cursor/cut-state.ts'
import {
  NO_STEPS,
  stepsOf,
  type FailedObject,
  type Steps,
} from '../cursor/kept-objects.ts'
import { MAX_WAITING } from '../cursor/failed-objects.ts'
import { forgetAttempts, joinSkipped } from '../cursor/commit-object.ts'
import { shelvedObjects, takeOff, unshelve } from '../cursor/shelve.ts'
import { queueTaken } from '../cursor/taken-objects.ts'
import { counted } from '../report/words.ts'
import type { Report } from '../report/report.ts'
import type { Outcome } from '../report/outcome.ts'
import { nextTry } from './status/status-text.ts'
import { UsageError } from '../settings/settings-error.ts'
import {
  loadAndWarn,
  reportLocked,
  withLock,
  type CommandContext,
  type CommandOptions,
} from './with-cursor.ts'
import { s3Url } from '../s3/object-store.ts'

// Entries are written in groups, since the number of objects is unlimited.
const GROUP = 1000

/** The choice of objects: keys or s3:// URLs, all quarantined ones, or all taken ones. */
export interface RetryOptions extends CommandOptions {
  keys: readonly string[]
  all: boolean
  /** Chooses the objects that the host has taken and may have lost. */
  taken: boolean
  /** Forgets quarantined objects instead of queueing them. */
  forget: boolean
}

/** Queues the chosen objects; `print` takes the answer for stdout. Throws UsageError, SettingsError, CursorError, StoppedError and the errors of `print`. */
export async function retry(
  options: RetryOptions,
  context: CommandContext,
  print: (text: string) => Promise<void>,
): Promise<Outcome> {
  const { all, taken, forget } = options
  if (forget && taken)
    throw new UsageError(
      '`retry --forget` takes KEYs or --all: taken objects are not quarantined',
    )
  if (Number(all) + Number(taken) + Number(options.keys.length > 0) !== 1)
    throw new UsageError(
      '`retry` takes either KEYs or --all or --taken; `status` lists quarantined objects and counts taken ones',
    )
  const { settings, cursorPath } = loadAndWarn(options, context)
  const bucket = settings.BucketName
  const keys = new Set(options.keys.map(key => keyOf(key, bucket)))
  const patience = settings.MaxCycleSeconds * 1000
  const outcome = await withLock(
    settings,
    cursorPath,
    context,
    patience,
    async cursor => {
      const isWanted = (key: string): boolean => all || keys.delete(key)
      if (forget) {
        const forgotten = await forgetAll(cursor, isWanted)
        await cursor.flush()
        await print(`${counted(forgotten, 'object')} forgotten\n`)
      } else {
        const queued = taken
          ? queueAllTaken(cursor, context.clock.now())
          : queueAgain(cursor, isWanted, await unshelveSome(cursor, all, keys))
        await cursor.flush()
        const left = all ? cursor.state.shelf.size : 0
        const rest =
          left > 0
            ? `; ${left} more stay in quarantine until these have been tried: run it again then`
            : ''
        await print(
          `${counted(queued, 'object')} queued for the next cycle${rest}\n`,
        )
      }
      for (const key of keys)
        reportUnknown(s3Url(bucket, key), key, cursor, context.report)
      return keys.size > 0 ? 'partial' : 'done'
    },
  )
  return outcome ?? reportLocked(settings, cursorPath, context)
}

function keyOf(text: string, bucket: string): string {
  const start = s3Url(bucket, '')
  if (text.startsWith(start)) return text.slice(start.length)
  if (!text.startsWith('s3://')) return text
  throw new UsageError(
    `${text} is not in the bucket of the settings, ${bucket}; run \`retry\` with the settings of its bucket`,
  )
}

function queueAllTaken(cursor: Cursor, now: number): number {
  const { cycle, taken } = cursor.state
  const objects = [...taken.values()]
  for (const object of objects)
    queueTaken(cursor, object, cycle.number + 1, now + cycle.clockOffset)
  return objects.length
}

// Takes objects off the shelf, with --all as many as may wait at a time.
async function unshelveSome(
  cursor: Cursor,
  all: boolean,
  keys: ReadonlySet<string>,
): Promise<number> {
  const room = Math.max(0, MAX_WAITING - cursor.state.waiting)
  const inFull = cursor.state.failed.size - cursor.state.waiting
  const objects: FailedObject[] = []
  for await (const object of shelvedObjects(cursor)) {
    if (all && objects.length >= room - inFull) break
    if (all || keys.has(object.key)) objects.push(object)
  }
  unshelve(cursor, objects)
  return room
}

// Forgotten objects count as settled, like skipped ones.
async function forgetAll(
  cursor: Cursor,
  isWanted: (key: string) => boolean,
): Promise<number> {
  let forgotten = 0
  const forget = ({ key, day, size, ...object }: FailedObject): void => {
    const folder = cursor.partition(object.folder, object.folderDay)
    joinSkipped(cursor, { key, folder, day, size })
    forgotten++
  }
  for (const object of cursor.state.failed.values()) {
    if (!object.quarantined || !isWanted(object.key)) continue
    forget(object)
    forgetAttempts(cursor, object.key)
  }
  let keys: string[] = []
  for await (const object of shelvedObjects(cursor)) {
    if (!isWanted(object.key)) continue
    forget(object)
    keys.push(object.key)
    if (keys.length < GROUP) continue
    takeOff(cursor, keys)
    keys = []
  }
  takeOff(cursor, keys)
  return forgotten
}

function queueAgain(
  cursor: Cursor,
  isWanted: (key: string) => boolean,
  room: number,
): number {
  const { failed, partial, cycle } = cursor.state
  let queued = 0
  for (const object of failed.values()) {
    if (queued >= room) break
    if (!object.quarantined || !isWanted(object.key)) continue
    // The new entry ends a partial one, whose progress may be greater.
    const known = partial.get(object.key) ?? object
    cursor.record({
      k: 'failed',
      ...object,
      etag: known.etag,
      size: known.size,
      ...stepsToKeep(known, object),
      attempts: 0,
      counted: 0,
      tries: 0,
      due: cycle.number + 1,
      quarantined: false,
    })
    queued++
  }
  return queued
}

// The fault of a broken object may have shifted the bytes read before it, so the
// whole object is decoded again and its emitted records are skipped.
function stepsToKeep(
  known: Steps,
  { code, refused }: Pick<FailedObject, 'code' | 'refused'>,
): Steps {
  const isBroken = !refused && code !== NO_RECORD
  return isBroken ? { ...NO_STEPS, records: known.records } : stepsOf(known)
}

function reportUnknown(
  url: string,
  key: string,
  { state }: Cursor,
  report: Report,
): void {
  const failed = state.failed.get(key)
  const why =
    failed === undefined
      ? '; `status` lists those that are'
      : ` but failed, attempts: ${failed.attempts}, ${nextTry(failed.due - state.cycle.number)}`
  report.error('not_quarantined', `${url} is not quarantined${why}`, { key })
}

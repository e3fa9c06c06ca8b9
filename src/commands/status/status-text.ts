// The text of `status` for a person, the same on a terminal and in a pipe. Control
// characters of keys are shown escaped.

import { concealed } from '../../report/conceal.ts'
import { visible } from '../../report/report.ts'
import { counted, span, table } from '../../report/words.ts'
import type {
  CursorSize,
  BacklogStatus,
  LateStatus,
  CursorStatus,
  LeafStatus,
  ObjectStatus,
  TakenStatus,
} from './cursor-status.ts'
import { lockText, type LockStatus } from './lock-status.ts'
import type { QuarantinedDay } from './quarantine-status.ts'
import { s3Url } from '../../s3/object-store.ts'

// The objects named at most; `--json` names more.
const MAX_NAMED = 20

/** The bucket and shard of a status, and `now`, S3's time in ms since 1970. */
export interface StatusPlace {
  bucket: string
  now: number
  /** The shard, such as `2/3`; '' if there is only one. */
  shard: string
  /** The warning of an overdue cycle; '' if there is none. */
  overdue?: string
}

/** Makes the text of a status. */
export function statusText(
  status: CursorStatus & {
    cursor: CursorSize
    quarantined_by_day?: readonly QuarantinedDay[]
  } & Partial<LockStatus>,
  place: StatusPlace,
): string {
  const { bucket } = place
  const { running = null, stale_lock = null } = status
  const atWork = lockText({ running, stale_lock })
  const { failed, quarantined, leaves, late, backlog, taken, cursor } = status
  const cycle = status.last_cycle?.number ?? 0
  const objects = (
    title: string,
    list: readonly ObjectStatus[],
    count: number,
  ): string[] => {
    if (count === 0) return []
    const named = list.slice(0, MAX_NAMED)
    const more = count - named.length
    return [
      '',
      title,
      ...named.flatMap(one => objectLines(one, cycle, bucket)),
      ...(more > 0 ? [`  and ${counted(more, 'more object')}`] : []),
    ]
  }
  const days = leaves.map(leaf => leaf.oldest_open_day).toSorted()
  const facts = [
    ['Cursor', `${cursor.path}, ${heldText(cursor.bytes, cursor.objects)}`],
    ['Older days', heldText(cursor.older_bytes, cursor.older_objects)],
    ['Last cycle', lastCycle(status, place.now)],
    ...(place.overdue ? [['Overdue', place.overdue]] : []),
    ...(atWork === '' ? [] : [['At work', atWork]]),
    ...(place.shard === '' ? [] : [['Shard', place.shard]]),
    ...(status.nothing_matches === ''
      ? []
      : [['Nothing matches', status.nothing_matches]]),
    ['Folders', String(leaves.length)],
    ['Oldest open day', days[0] ?? 'none'],
    ['Backlog', backlogText(backlog)],
    ...(taken.objects === 0 ? [] : [['Taken', takenText(taken)]]),
    ['Late arrivals', lateText(late)],
    ...(status.verified_until === '' ? [] : [['Verified', provedText(status)]]),
    ['Failed', String(status.failed_objects)],
    ['Quarantined', String(status.quarantined_objects)],
  ]
  const lines = [
    ...table(facts),
    ...(leaves.length === 0 ? [] : ['', ...table(leafRows(leaves))]),
    ...objects('Failed, and tried again', failed, status.failed_objects),
    ...objects(
      'Quarantined; `retry` queues them again',
      quarantined,
      status.quarantined_objects,
    ),
    ...(status.quarantined_objects > MAX_NAMED
      ? ['', ...table(dayRows(status.quarantined_by_day ?? []))]
      : []),
  ]
  return lines.map(line => `${visible(concealed(line))}\n`).join('')
}

function lastCycle({ last_cycle: last }: CursorStatus, now: number): string {
  if (last === null) return 'none yet'
  const { number, at, exit, outcome, records = 0 } = last
  const counts = [
    `${records} records`,
    `${last.objects_done ?? 0} objects done`,
    `${last.objects_failed ?? 0} failed`,
    `${last.objects_left ?? 0} left`,
  ].join(', ')
  const age = (now - Date.parse(at)) / 1000
  return `number ${number}, at ${at} (${span(age)} ago), exit ${exit} (${outcome}): ${counts}`
}

function heldText(bytes: number, objects: number): string {
  return `${bytes} bytes, ${counted(objects, 'object')}`
}

function backlogText({ left, growing }: BacklogStatus): string {
  const text = `${counted(left.at(-1) ?? 0, 'object')} left`
  return growing ? `${text}; grows: ${left.join(', ')} in three cycles` : text
}

function takenText({ objects, records }: TakenStatus): string {
  return `${counted(objects, 'object')}, ${counted(records, 'record')} that the host may still hold (HostQueueRecords)`
}

function lateText({ found, began, ended }: LateStatus): string {
  if (began === '') return `${found}; older days were not looked at yet`
  const looked = began > ended ? `since ${began}` : `until ${ended}`
  return `${found}; older days were looked at ${looked}`
}

function provedText(status: CursorStatus): string {
  const { verified_until: until, not_proved: count } = status
  const rest = count === 0 ? '' : `; not proved then: ${count}`
  return `until ${until}${rest}`
}

function leafRows(leaves: readonly LeafStatus[]): string[][] {
  const rows = leaves.map(leaf => [
    leaf.newest_event || 'none',
    leaf.lag_seconds === null ? '' : span(leaf.lag_seconds),
    leaf.oldest_open_day,
    leaf.prefix || '(the whole bucket)',
  ])
  return [['newest event', 'lag', 'open since', 'folder'], ...rows]
}

function dayRows(days: readonly QuarantinedDay[]): string[][] {
  const rows = days.map(({ day, code, objects }) => [
    day || 'earlier',
    code,
    String(objects),
  ])
  return [['quarantined of', 'code', 'objects'], ...rows]
}

function objectLines(
  object: ObjectStatus,
  cycle: number,
  bucket: string,
): string[] {
  const { key, reason, attempts, records, next_cycle: next } = object
  const url = s3Url(bucket, key)
  const said = reason.indexOf(`${url}: `)
  const why = said === -1 ? reason : reason.slice(said + url.length + 2)
  const facts = [`attempts: ${attempts}`]
  if (next !== null) facts.push(nextTry(next - cycle))
  if (records > 0) facts.push(`records emitted: ${records}`)
  return [`  ${url}`, `    ${facts.join(', ')}`, `    ${why}`]
}

/** Describes the time of the next try, a number of cycles away. */
export function nextTry(cycles: number): string {
  return cycles <= 1 ? 'next try: next cycle' : `next try: in ${cycles} cycles`
}

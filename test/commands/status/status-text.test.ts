// The status as it stands on a screen.
import t from 'tap'
import type {
  CursorSize,
  CursorStatus,
} from '../../../src/commands/status/cursor-status.ts'
import {
  nextTry,
  statusText,
} from '../../../src/commands/status/status-text.ts'

const now = Date.parse('2026-03-10T12:00:00Z')
const place = { bucket: 'logs', now, shard: '' }
const nothing: CursorStatus & { cursor: CursorSize } = {
  cursor: {
    path: '/c',
    bytes: 1234,
    objects: 0,
    older_bytes: 0,
    older_objects: 0,
  },
  backlog: { left: [], growing: false },
  taken: { objects: 0, records: 0 },
  last_cycle: null,
  nothing_matches: '',
  leaves: [],
  failed: [],
  failed_objects: 0,
  quarantined: [],
  quarantined_objects: 0,
  waiting_since: '',
  late: { found: 0, began: '', ended: '' },
  verified_until: '',
  not_proved: 0,
}

t.test('of settings that match nothing', async t => {
  const reason = 'DepthToRecurse is 1, but the folders with logs are 3 below'
  const text = statusText({ ...nothing, nothing_matches: reason }, place)
  t.match(text, `\nNothing matches  ${reason}\n`)
  t.notMatch(statusText(nothing, place), 'Nothing matches')
})

t.test('of one of several shards', async t => {
  const text = statusText(nothing, { ...place, shard: '2/3' })
  t.match(text, '\nShard            2/3\nFolders          0\n')
})

t.test('of a cursor on which no cycle has run', async t => {
  t.equal(
    statusText(nothing, place),
    `Cursor           /c, 1234 bytes, 0 objects
Older days       0 bytes, 0 objects
Last cycle       none yet
Folders          0
Oldest open day  none
Backlog          0 objects left
Late arrivals    0; older days were not looked at yet
Failed           0
Quarantined      0
`,
  )
})

t.test('lines up, and says of each object why and what next', async t => {
  const object = { key: 'a b.gz', code: 'gzip', attempts: 2, records: 0 }
  const text = statusText(
    {
      ...nothing,
      last_cycle: {
        number: 7,
        at: '2026-03-10T11:55:00.000Z',
        outcome: 'partial',
        exit: 1,
        records: 1000,
        objects_done: 4,
        objects_failed: 1,
        objects_left: 2,
      },
      leaves: [
        {
          prefix: 'short/',
          newest_event: '2026-03-10T11:59:00.000Z',
          lag_seconds: 60,
          oldest_open_day: '2026-03-09',
        },
        {
          prefix: '',
          newest_event: '',
          lag_seconds: null,
          oldest_open_day: '2026-03-02',
        },
      ],
      failed_objects: 1,
      quarantined_objects: 1,
      failed: [
        {
          ...object,
          reason: 'reading s3://logs/a b.gz: it is cut; again',
          next_cycle: 9,
        },
      ],
      quarantined: [
        { ...object, reason: 'odd', records: 17, next_cycle: null },
      ],
      late: {
        found: 3,
        began: '2026-03-10T00:00:00.000Z',
        ended: '2026-03-10T00:05:00.000Z',
      },
      backlog: { left: [0, 1, 2], growing: true },
      taken: { objects: 3, records: 1 },
      cursor: {
        path: '/c',
        bytes: 1234,
        objects: 700,
        older_bytes: 99,
        older_objects: 1,
      },
    },
    place,
  )
  t.equal(
    text,
    `Cursor           /c, 1234 bytes, 700 objects
Older days       99 bytes, 1 object
Last cycle       number 7, at 2026-03-10T11:55:00.000Z (5 min ago), exit 1 (partial): 1000 records, 4 objects done, 1 failed, 2 left
Folders          2
Oldest open day  2026-03-02
Backlog          2 objects left; grows: 0, 1, 2 in three cycles
Taken            3 objects, 1 record that the host may still hold (HostQueueRecords)
Late arrivals    3; older days were looked at until 2026-03-10T00:05:00.000Z
Failed           1
Quarantined      1

newest event              lag    open since  folder
2026-03-10T11:59:00.000Z  1 min  2026-03-09  short/
none                             2026-03-02  (the whole bucket)

Failed, and tried again
  s3://logs/a b.gz
    attempts: 2, next try: in 2 cycles
    it is cut; again

Quarantined; \`retry\` queues them again
  s3://logs/a b.gz
    attempts: 2, records emitted: 17
    odd
`,
  )
})

t.test('a key can neither end a line nor steer the terminal', async t => {
  const key = 'a\n\u001b[2Jb\u202e'
  const failed = [
    { key, code: '', reason: key, attempts: 1, records: 0, next_cycle: 1 },
  ]
  const text = statusText({ ...nothing, failed, failed_objects: 1 }, place)
  t.match(text, 's3://logs/a\\u{a}\\u{1b}[2Jb\\u{202e}\n')
  t.notOk(text.includes('\u001b') || text.includes('\u202e'))
})

t.test('says how soon', async t => {
  t.equal(nextTry(0), 'next try: next cycle', 'overdue')
  t.equal(nextTry(1), 'next try: next cycle')
  t.equal(nextTry(8), 'next try: in 8 cycles')
})

t.test('of what cycles have proved, where they prove anything', async t => {
  const until = '2026-03-10T09:00:00.000Z'
  const proved = { ...nothing, verified_until: until }
  t.match(
    statusText(proved, place),
    `\nVerified         until ${until}\nFailed `,
  )
  t.match(
    statusText({ ...proved, not_proved: 2 }, place),
    `\nVerified         until ${until}; not proved then: 2\n`,
  )
  t.notMatch(statusText(nothing, place), 'Verified')
})

t.test('of who is at work, and of a lock that was left behind', async t => {
  const holder = { pid: 7, host: 'h', since: '2026-03-10T11:59:00.000Z' }
  const one = { ...holder, seconds: 60 }
  t.match(
    statusText({ ...nothing, running: one, stale_lock: null }, place),
    '\nAt work          a process since 2026-03-10T11:59:00.000Z (1 min ago), pid 7 on h\n',
  )
  const stale_lock = { ...one, since: '', seconds: null }
  t.match(
    statusText({ ...nothing, running: null, stale_lock }, place),
    '\nAt work          no process; the lock of a process pid 7 on h was left behind',
  )
})

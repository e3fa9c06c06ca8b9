// A cycle proves the hours that are due, in the time that it has left. The bucket
// is in memory, and the test moves the clock.

import { join } from 'node:path'
import t, { type Test } from 'tap'
import { cursorStatus } from '../../src/commands/status/cursor-status.ts'
import { Cursor } from '../../src/cursor/cursor.ts'
import { noCounts } from '../../src/cycle/summary.ts'
import { Spool } from '../../src/fetch/spool.ts'
import { proveHours } from '../../src/cycle/prove-hours.ts'
import { fingerprint } from '../../src/cursor/fingerprint-set.ts'
import { NEVER_LISTED, type Entry } from '../../src/cursor/cursor-state.ts'
import { dayPrefix } from '../../src/find/day-folders.ts'
import { filePatterns } from '../../src/find/file-patterns.ts'
import { makeScope } from '../../src/find/scope.ts'
import { findLogType } from '../../src/normalize/log-types.ts'
import { Report } from '../../src/report/report.ts'
import { S3Clock } from '../../src/s3/s3-clock.ts'
import { parseSettings } from '../../src/settings/parse-settings.ts'
import { cycleEntry, leafEntry } from '../lib/cursor/entries.ts'
import { FakeClock } from '../lib/fake-clock.ts'
import { MemoryStore } from '../lib/s3/memory-store.ts'

const NOW = Date.parse('2026-03-10T12:20:00Z')
const TO = Date.parse('2026-03-10T10:00:00Z')
const LEAVES = ['eu', 'us', 'zz'].map(
  region => `AWSLogs/111122223333/vpcflowlogs/${region}/`,
)
const DAYS = ['2026-03-09', '2026-03-10']
const HOUR = 3_600_000

/** A collector of flow logs that has collected one object a leaf and hour of a day, and when it may prove. */
async function start(t: Test, { swept = NOW, text = '' } = {}) {
  const cursor = await Cursor.open({
    path: join(t.testdir(), 'cursor'),
    bucket: 'logs',
    logType: 'VPCFlowLogs',
  })
  t.teardown(() => cursor.close())
  const ini = `Region=us-east-1\nBucketName=logs\nLogType=VPCFlowLogs\nFilePath=AWSLogs/\nVerifyMinutes=60\nMaxCycleSeconds=20\n${text}`
  const { settings } = parseSettings(Buffer.from(ini), 'x.ini')
  const store = new MemoryStore()
  /** Records a listing of a day of each leaf. */
  const list = (day: string, at: number, dirty = false): void => {
    for (const prefix of LEAVES) {
      const folder = cursor.partition(dayPrefix(prefix, 'date', day), day)
      const id = cursor.idOf(folder)
      const times = { listed: at, swept: at }
      cursor.record({ k: 'listing', id, ...NEVER_LISTED, ...times, dirty })
    }
  }
  for (const day of DAYS) list(day, swept)
  for (const prefix of LEAVES) {
    cursor.record(
      leafEntry({ prefix, from: '2026-03-09', first: '2026-03-09' }),
    )
    for (const day of DAYS) {
      const folder = cursor.partition(dayPrefix(prefix, 'date', day), day)
      const key = `${folder.prefix}${day}.log.gz`
      const modified = Date.parse(`${day}T05:00:00Z`)
      const { size } = store.put(key, modified)
      cursor.commit(folder, day, fingerprint(key, size), '')
    }
  }
  cursor.record(cycleEntry({ number: 1, at: NOW }))
  const clock = new FakeClock(NOW)
  const logType = findLogType('VPCFlowLogs', settings)
  const said: string[] = []
  const stop = new AbortController()
  const context = {
    settings,
    logType,
    cursor,
    store,
    spool: new Spool(join(t.testdirName, 'spool'), () => clock.now()),
    counts: noCounts(),
    clock,
    s3Clock: new S3Clock(clock, 0),
    scope: makeScope(settings, logType.service),
    matchesPatterns: filePatterns(settings.Inclusions, settings.Exclusions),
    report: new Report({
      write: line => said.push(String(JSON.parse(line).message)),
      now: () => 0,
      isTerminal: false,
      quiet: false,
    }),
    stop: stop.signal,
  }
  const prove = (spent = 1000, signal = stop.signal): Promise<string> =>
    proveHours(spent, { ...context, stop: signal })
  /** Gives what \`status\` tells of the proof. */
  const status = () => {
    const { verified_until, not_proved } = cursorStatus(cursor.state, NOW)
    return { verified_until, not_proved }
  }
  return { prove, status, list, store, clock, cursor, said, stop }
}

const proved = (until: number, faults = 0) => ({
  verified_until: until === 0 ? '' : new Date(until).toISOString(),
  not_proved: faults,
})

/** Makes the clock's note, suspect or not. */
const clockEntry = (suspects: number): Entry => ({
  k: 'clock',
  offset: 0,
  suspects,
  believed: NOW,
  believedOffset: 0,
  latest: NOW,
  before: '',
  usual: 0,
  calm: 0,
})

t.test(
  'objects in the bucket of the proved hours are in the cursor',
  async t => {
    const { prove, status, list, said, store, clock } = await start(t)
    t.equal(await prove(), '')
    t.strictSame(status(), proved(TO))
    t.match(said, [/^proved from 2026-03-09T10:00Z to .*: 3 logs$/])
    const { length } = store.lists
    t.equal(await prove(), '')
    t.equal(store.lists.length, length, 'none is due')
    clock.advance(HOUR)
    const late = `${LEAVES[0]}2026/03/10/late.log.gz`
    store.put(late, TO + 60_000)
    list('2026-03-10', NOW)
    t.match(await prove(), /^not proved from 2026-03-10T10:00Z to .*: 1; run/)
    t.match(said.at(-1), `; ${late}: not collected`)
    t.strictSame(status(), proved(TO + HOUR, 1))
  },
)

t.test('it waits for the collector', async t => {
  const { prove, list, store } = await start(t, { swept: TO - 1 })
  t.equal(await prove(), '')
  t.equal(store.lists.length, 0, 'days were not listed since')
  for (const dirty of [true, false]) {
    for (const day of DAYS) list(day, NOW, dirty)
    await prove()
    t.equal(store.lists.length > 0, !dirty, 'unless something waits')
  }
})

t.test('a suspect clock, lost time or a signal prevents a proof', async t => {
  const { prove, status, store, clock, cursor } = await start(t)
  await prove(18_000)
  cursor.record(clockEntry(1))
  await prove()
  cursor.record(clockEntry(0))
  await prove(1000, AbortSignal.abort())
  t.equal(store.lists.length, 0)
  t.strictSame(status(), proved(0))
  // A round that had begun would end where it was to end then.
  clock.advance(HOUR)
  await prove()
  t.strictSame(status(), proved(TO + HOUR), 'but otherwise')
})

t.test('it ends with nine tenths of the time, and goes on', async t => {
  const { prove, status, said, store, clock } = await start(t)
  store.onList = ({ prefix, signal }) =>
    prefix.includes('/us/')
      ? new Promise((_, reject) =>
          signal?.addEventListener('abort', () =>
            reject(signal.reason as Error),
          ),
        )
      : undefined
  const before = clock.elapsed()
  t.equal(await clock.run(prove(4000)), '')
  t.equal(clock.elapsed() - before, 14_000)
  t.strictSame(status(), proved(0))
  store.onList = () => {}
  store.lists.length = 0
  await prove()
  t.strictSame(status(), proved(TO))
  t.match(said, [/: 3 logs$/])
  t.notOk(store.lists.some(({ prefix }) => prefix.includes('/eu/')))
})

t.test('a signal ends it at once, and says nothing of a folder', async t => {
  const { prove, status, said, store, stop } = await start(t)
  store.onList = ({ signal }) => {
    stop.abort()
    return new Promise((_, reject) => {
      const onAbort = (): void => reject(signal?.reason as Error)
      if (signal?.aborted) onAbort()
    })
  }
  t.equal(await prove(), '')
  t.strictSame([status(), said], [proved(0), []])
  store.onList = () => {}
  t.equal(await prove(1000, new AbortController().signal), '')
  t.strictSame(status(), proved(TO))
  t.match(said, [/: 3 logs$/])
})

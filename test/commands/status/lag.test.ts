// What counts as a lag, and what only where it is asked for.
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { cursorStatus } from '../../../src/commands/status/cursor-status.ts'
import { lags, overdueText } from '../../../src/commands/status/lag.ts'
import { cycleEntry, leafEntry } from '../../lib/cursor/entries.ts'
import { failed, openCursor } from '../../lib/cursor/cursor-operations.ts'

const now = Date.parse('2026-03-10T12:00:00Z')
const HOUR = 3_600_000

async function start(t: Test, cycle = {}) {
  const cursor = await openCursor(join(t.testdir({}), 'cursor'))
  cursor.record(cycleEntry({ number: 3, at: now - 1000, ...cycle }))
  const found = (seconds: number, isStrict = false): string[] =>
    lags(cursorStatus(cursor.state, now), { seconds, isStrict }, now)
  return { cursor, found }
}

t.test('a cycle long ago', async t => {
  const { found } = await start(t, { at: now - HOUR })
  t.strictSame(found(3600), [])
  t.match(found(3599), [/^the last cycle that reached S3 ended 1 h ago$/])
})

t.test('what the last cycle found and left', async t => {
  const { found } = await start(t, { waiting: now - 2 * HOUR })
  t.strictSame(found(7200), [])
  t.match(found(7199), [/^the oldest object .* in the bucket for 2 h$/])
  const { found: none } = await start(t, { waiting: 0 })
  t.strictSame(none(2), [], 'it left nothing')
})

t.test('what failed and is tried again, but no quarantine', async t => {
  const { cursor, found } = await start(t)
  const one = failed('a/k', 0)
  if (one.k !== 'failed') throw new Error('it is of another kind')
  one.modified = now - HOUR
  cursor.record({ ...one, quarantined: true })
  t.strictSame(found(60), [])
  t.match(found(60, true), [
    'no event was collected yet',
    'quarantined objects: 1',
  ])
  cursor.record(one)
  t.match(found(60), [/^the oldest object .* for 1 h$/])
})

t.test('the newest event of all folders, where it is asked for', async t => {
  const { cursor, found } = await start(t)
  cursor.record(leafEntry({ prefix: 'a/', newest: '2026-03-10T11:00:00.000Z' }))
  cursor.record(leafEntry({ prefix: 'b/', newest: '2026-03-10T11:30:00.000Z' }))
  cursor.record({
    k: 'discovery',
    ...cursor.state.discovery,
  })
  t.strictSame(found(60), [])
  t.strictSame(found(1800, true), [])
  t.strictSame(found(1799, true), ['the newest event is 30 min old'])
})

const ago = (minutes: number, most = 20): string =>
  overdueText(now - minutes * 60_000, now, most)

t.test('a last cycle older than any host would leave it', t => {
  t.equal(ago(15), '')
  t.match(
    ago(16),
    /^no cycle has .* for more than 15 min: check that .*LogFile/,
  )
  t.equal(ago(16, 3600), '', 'cycles of an hour')
  t.match(ago(200, 3600), 'more than 3 h')
  t.end()
})

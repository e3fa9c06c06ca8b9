// A year made short: a leaf that is refused for ever, objects each day that can
// never be read or are gone when they are asked for, a network that fails now
// and then. What an idle cycle costs after it is what it cost in the middle.

import t from 'tap'
import { Cursor } from '../../src/cursor/cursor.ts'
import { quarantinedCount } from '../../src/cursor/shelve.ts'
import { snapshot } from '../../src/cursor/snapshot.ts'
import {
  cursorSize,
  cursorStatus,
} from '../../src/commands/status/cursor-status.ts'
import { quarantinedByDay } from '../../src/commands/status/quarantine-status.ts'
import { statusText } from '../../src/commands/status/status-text.ts'
import { SourceError } from '../../src/s3/errors/source-error.ts'
import { InProcessCycle } from '../lib/cycle/in-process-cycle.ts'

const DAY_MS = 86_400_000
const TRAIL = 'AWSLogs/111122223333/CloudTrail/'
const REFUSED = `${TRAIL}eu-west-1/`
const GOOD = '{"Records":[{"eventID":"1"}]}'
const BROKEN_A_DAY = 45
const DAYS = 25

const fault = (code: string, kind: 'access' | 'network' | 'object') =>
  new SourceError(`asking S3: ${code}`, { code, kind })

/** What an idle cycle costs, and what is known then. */
async function idle(cycle: InProcessCycle) {
  cycle.clock.advance(16 * 60_000)
  const before = cycle.store.lists.length
  const { ids, said, search } = await cycle.run()
  const { cursorPath: path } = cycle
  const options = { bucket: 'logs', logType: 'CloudTrail', readOnly: true }
  const cursor = await Cursor.open({ path, ...options })
  const { state } = cursor
  const now = cycle.clock.now()
  const answer = {
    ...cursorStatus(state, now),
    cursor: await cursorSize(cursor, path),
    quarantined_by_day: await quarantinedByDay(cursor),
  }
  const text = statusText(answer, { bucket: 'logs', now, shard: '' })
  let bytes = 0
  for (const entry of snapshot(state)) bytes += JSON.stringify(entry).length
  await cursor.close()
  return {
    ids,
    lists: cycle.store.lists.length - before,
    lines: said.length + (search?.errors.length ?? 0),
    bytes,
    statusLines: text.split('\n').length,
    jsonBytes: JSON.stringify(answer).length,
    quarantined: quarantinedCount(state),
  }
}

t.test('nothing grows with failure or age', async t => {
  const cycle = new InProcessCycle(
    t,
    'MaxObjectAttempts=1\nLateArrivalDays=5\n',
  )
  const { store, clock } = cycle
  let isFlapping = false
  let count = 0
  store.onList = ({ prefix }) => {
    if (prefix.startsWith(REFUSED)) throw fault('AccessDenied', 'access')
    if (isFlapping && count++ % 3 === 2) throw fault('ECONNRESET', 'network')
  }
  store.onGet = ({ key }) => {
    if (key.includes('gone')) throw fault('NoSuchKey', 'object')
  }
  const days = async (from: number, to: number): Promise<string[]> => {
    const ids: string[] = []
    for (let day = from; day < to; day++) {
      const date = new Date(clock.now()).toISOString().slice(0, 10)
      const folder = `${TRAIL}us-east-1/${date.replaceAll('-', '/')}/`
      for (let index = 0; index < BROKEN_A_DAY; index++)
        cycle.putAt(`${folder}broken-${index}.json`, '{"Records":[{]}')
      const gone = cycle.putAt(`${folder}gone.json`, GOOD)
      cycle.putAt(`${folder}good.json`, GOOD)
      isFlapping = day % 4 === 1
      ids.push(...(await cycle.run()).ids)
      store.delete(gone)
      clock.advance(DAY_MS / 2)
      if (isFlapping) {
        isFlapping = false
        ids.push(...(await cycle.run()).ids)
      }
      clock.advance(DAY_MS / 2)
    }
    return ids
  }
  // The leaf is known, and refused from then on.
  const refuse = store.onList
  store.onList = () => {}
  cycle.putAt(`${REFUSED}2026/03/10/good.json`, GOOD)
  await cycle.run()
  store.onList = refuse

  const early = await days(0, DAYS)
  const middle = await idle(cycle)
  const late = await days(DAYS, 2 * DAYS)
  const end = await idle(cycle)
  t.equal(new Set([...early, ...late]).size, 2 * DAYS, 'all that can be read')
  t.equal(early.length + late.length, 2 * DAYS, 'and nothing twice')
  t.ok(middle.quarantined > 1000 && end.quarantined > middle.quarantined + 1000)

  t.ok(end.lists <= middle.lists + 1, `${end.lists} LISTs, ${middle.lists}`)
  t.ok(end.lists < 20, `${end.lists} LISTs`)
  t.equal(end.lines, middle.lines, 'lines on stderr')
  t.equal(end.lines, 1, 'of the leaf that is refused')
  t.strictSame([middle.ids, end.ids], [[], []])
  const more = 12 * (end.quarantined - middle.quarantined)
  t.ok(
    end.bytes <= middle.bytes + more + 500,
    `${end.bytes} bytes, ${middle.bytes} before and ${more} for the quarantined`,
  )
  // A row for the earlier days may come.
  t.ok(
    end.statusLines <= middle.statusLines + 2,
    `${end.statusLines} lines of the status, ${middle.statusLines} before`,
  )
  t.ok(end.jsonBytes < middle.jsonBytes * 1.01, 'its JSON')
})

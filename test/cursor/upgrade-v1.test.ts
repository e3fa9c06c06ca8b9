// A cursor of version 1, as the last program of that version left it when it
// was stopped inside an object: what it knows holds, and it goes on from there.

import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { upgradeV1 } from '../../src/cursor/upgrade-v1.ts'
import { openCursor } from '../lib/cursor/cursor-operations.ts'
import { InProcessCycle } from '../lib/cycle/in-process-cycle.ts'

const FIXTURE = 'test/fixtures/cursor-v1/cursor'
const LEAF = 'AWSLogs/111122223333/CloudTrail/us-east-1/'
const BIG = `${LEAF}2026/03/14/big.json`
const DAY_MS = 86_400_000

const firstLine = (path: string): string =>
  readFileSync(path, 'latin1').split('\n')[0] ?? ''

/** Puts both files in place. */
function restore(path: string): void {
  for (const end of ['', '.late']) copyFileSync(FIXTURE + end, path + end)
}

/** The bucket as it was when that cursor was written. */
function thatBucket(t: Test, settings = ''): InProcessCycle {
  const cycle = new InProcessCycle(t, settings)
  cycle.put('a', 3)
  cycle.put('b', 2)
  cycle.putBody('bad', '{"Records":[{"eventID":"bad-1"},{')
  cycle.clock.advance(4 * DAY_MS)
  const big = Array.from({ length: 6000 }, (_, index) => ({
    eventID: `big-${index + 1}`,
    requestParameters: 'x'.repeat(2000),
  }))
  for (const [name, Records] of [
    ['big', big],
    ['c', [{ eventID: 'c-1' }]],
  ] as const)
    cycle.store.put(
      `${LEAF}2026/03/14/${name}.json`,
      cycle.clock.now() - (name === 'c' ? 1000 : 0),
      JSON.stringify({ Records }),
    )
  restore(cycle.cursorPath)
  return cycle
}

t.test('the knowledge of version 1 is kept', async t => {
  const path = join(t.testdir({}), 'cursor')
  restore(path)
  const before = readFileSync(path)
  const cursor = await openCursor(path, { readOnly: true })
  const { state } = cursor
  t.strictSame([...state.leaves.keys()], [`date ${LEAF}`])
  t.equal(state.leaves.get(`date ${LEAF}`)?.from, '2026-03-13')
  t.strictSame(state.older, { upTo: '2026-03-10', from: '', number: 0 })
  t.match(state.partial.get(BIG), { records: 2296, size: 12_274_906 })
  t.match(state.failed.get(`${LEAF}2026/03/10/bad.json`), {
    attempts: 2,
    records: 1,
    code: 'nesting',
    quarantined: false,
  })
  t.match(state.cycle, { number: 2, outcome: 'partial' })
  const older = await cursor.older()
  t.equal(
    older.state.partitions.get(`${LEAF}2026/03/10/`)?.sets.get('2026-03-10')
      ?.size,
    2,
  )
  await cursor.close()
  t.ok(readFileSync(path).equals(before), 'to be read it stays as it is')
})

t.test('a cycle goes on from there, and writes version 2', async t => {
  const cycle = thatBucket(t)
  const first = await cycle.run()
  t.equal(first.error, undefined)
  t.strictSame(
    first.ids.filter(id => id.startsWith(BIG)),
    Array.from({ length: 6000 - 2296 }, (_, at) => `${BIG}#${at + 2297}`),
  )
  t.match(firstLine(cycle.cursorPath), /"version":2,/)
  const late = cycle.put('late', 1)
  cycle.clock.advance(DAY_MS)
  const second = await cycle.run()
  t.strictSame(second.ids, [`${late}#1`], 'of days that left the cursor, too')
})

t.test('days that a wider window brings back are not repeated', async t => {
  const cycle = thatBucket(t, 'NoOfBackDaysData=7\n')
  const { ids } = await cycle.run()
  t.strictSame(
    ids.filter(id => !id.startsWith(BIG)),
    [],
  )
})

t.test('a value that is not an entry of version 1 is left to be refused', t => {
  for (const odd of [null, 5, 'x', [], {}, { k: 5 }, { k: 'what' }])
    t.equal(upgradeV1(odd), odd)
  t.strictSame(upgradeV1({ k: 'older', number: 7 }), { k: 'older', number: 7 })
  t.end()
})

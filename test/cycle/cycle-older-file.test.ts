// Whole cycles beside a file of older days that cannot be read: the cycle ends
// with that, and keeps what it collected without it.

import { readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { InProcessCycle } from '../lib/cycle/in-process-cycle.ts'

const DAY_MS = 86_400_000
const LEAF = 'AWSLogs/111122223333/CloudTrail/us-east-1/'
const ONE = '{"Records":[{"eventID":"1"}]}'

t.test(
  'damage in the file of older days ends a cycle, and what it printed is kept',
  async t => {
    const cycle = new InProcessCycle(t)
    const late = `${cycle.cursorPath}.late`
    cycle.put('a', 2)
    cycle.put('b', 2)
    for (let day = 0; day < 4; day++) {
      t.equal((await cycle.run()).verdict?.outcome, 'done')
      cycle.clock.advance(DAY_MS)
    }
    const good = readFileSync(late, 'latin1')
    // In its first line of sets, so that its end tells of nothing.
    const at = good.indexOf('"f":"') + 5
    writeFileSync(
      late,
      `${good.slice(0, at)}#${good.slice(at + 1)}${good.slice(good.indexOf('\n') + 1)}`,
      'latin1',
    )
    const found = [1, 2].map(number =>
      cycle.putAt(`${LEAF}2026/03/14/${number}.json`, ONE),
    )
    const [first, again] = [await cycle.run(), await cycle.run()]
    for (const { error } of [first, again])
      t.match(error, { code: 'CURSOR_DAMAGED', message: /\.late: .*checksum/ })
    t.strictSame(
      first.ids.toSorted(),
      found.map(key => `${key}#1`),
    )
    t.strictSame(again.ids, [], 'which is committed')

    writeFileSync(late, good, 'latin1')
    const { verdict, ids } = await cycle.run()
    t.equal(verdict?.outcome, 'done')
    t.strictSame(ids, [])
  },
)

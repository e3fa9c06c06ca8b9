// Whole cycles beside a file of older days that cannot be read: the cycle ends
// with that, and keeps what it collected without it.

import { readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { InProcessCycle } from '../lib/cycle/in-process-cycle.ts'
import { wrappedFs } from '../lib/files/wrapped-fs.ts'

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

t.test('no room for the days that move repeats and loses nothing', async t => {
  const cycle = new InProcessCycle(t)
  let isFull = false
  let isOlder = false
  cycle.fs = wrappedFs(async (name, run, args) => {
    if (name === 'open') isOlder = /\.late/.test(String(args[0]))
    if (!isFull || !isOlder || name !== 'handle.write') return run()
    throw Object.assign(new Error('ENOSPC: no room'), { code: 'ENOSPC' })
  })
  const all: string[] = []
  const got: string[] = []
  const refused: number[] = []
  for (let day = 0; day < 9; day++) {
    isFull = day > 1 && day < 6
    for (let number = 0; number < 2; number++) {
      const date = String(10 + day).padStart(2, '0')
      const key = `${LEAF}2026/03/${date}/${day}-${number}.json`
      all.push(`${cycle.putAt(key, ONE)}#1`)
      const { error, ids } = await cycle.run()
      if (error !== undefined) refused.push(day)
      got.push(...ids)
    }
    cycle.clock.advance(DAY_MS)
  }
  t.strictSame(got, all)
  t.strictSame(new Set(refused), new Set([2, 3, 4, 5]), 'which is said')
})

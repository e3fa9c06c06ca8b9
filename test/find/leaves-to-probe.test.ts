import { join } from 'node:path'
import t from 'tap'
import { leavesToProbe } from '../../src/find/leaves-to-probe.ts'
import { openCursor } from '../lib/cursor/cursor-operations.ts'
import { leafEntry } from '../lib/cursor/entries.ts'

t.test('each leaf has its turn, whichever were tried', async t => {
  const cursor = await openCursor(join(t.testdir(), 'cursor'))
  const prefixes = Array.from({ length: 43 }, (_, n) => `AWSLogs/${n}/`)
  const folders = prefixes.map(prefix => {
    cursor.record(leafEntry({ prefix }))
    return cursor.partition(`${prefix}2026/03/10/`, '2026-03-10')
  })
  const asked = new Set<string>()
  for (let cycle = 1; cycle <= 9; cycle++) {
    // By chance never those that are not asked by turns.
    const tried = folders.filter((_, n) => n % 9 === cycle % 3)
    const mayProbe = leavesToProbe(cursor.state, cycle, tried)
    const probed = folders.filter(folder => mayProbe(folder))
    t.ok(probed.length <= tried.length + 10)
    for (const folder of tried) t.ok(mayProbe(folder))
    for (const { prefix } of probed) asked.add(prefix)
  }
  t.equal(asked.size, 43)
  await cursor.close()
})

t.test('those that gave something most lately are asked', async t => {
  const cursor = await openCursor(join(t.testdir(), 'cursor'))
  const folders = Array.from({ length: 40 }, (_, n) => {
    const prefix = `AWSLogs/${n}/`
    cursor.record(leafEntry({ prefix }))
    const folder = cursor.partition(`${prefix}2026/03/10/`, '2026-03-10')
    folder.newest = n % 8 === 0 ? `2026-03-10T0${n / 8}:00:00Z` : ''
    return folder
  })
  for (let cycle = 0; cycle < 3; cycle++) {
    const mayProbe = leavesToProbe(cursor.state, cycle, [])
    for (let n = 0; n < 40; n += 8) t.ok(mayProbe(folders[n] ?? folders[0]!))
    const { length } = folders.filter(folder => mayProbe(folder))
    t.ok(length >= 5 && length <= 10, `${length}`)
  }
  await cursor.close()
})

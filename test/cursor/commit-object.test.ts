// What makes an object count as collected.

import { join } from 'node:path'
import t from 'tap'
import { commitObject } from '../../src/cursor/commit-object.ts'
import { Cursor } from '../../src/cursor/cursor.ts'
import { fingerprint } from '../../src/cursor/fingerprint-set.ts'

t.test('an object is known by the size it was listed with, too', async t => {
  const path = join(t.testdir(), 'cursor')
  const cursor = await Cursor.open({ path, bucket: 'b', logType: 'CloudTrail' })
  const folder = cursor.partition('a/', '2026-03-10')
  const object = { key: 'a/b.gz', folder, day: '2026-03-10', size: 10 }
  commitObject(cursor, object, 20, '')
  const set = folder.sets.get('2026-03-10')
  for (const size of [10, 20])
    t.ok(set?.has(fingerprint('a/b.gz', size)), `${size} bytes`)
  t.equal(set?.size, 2)
  commitObject(cursor, { ...object, key: 'a/c.gz' }, 10, '')
  t.equal(set?.size, 3, 'once, where both are the same')
  await cursor.close()
})

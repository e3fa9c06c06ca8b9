// What comes in an object's place, from a proxy that answers for the store or
// because the object was put again, is no reason to think that what was listed
// has been collected.

import t from 'tap'
import { InProcessCycle } from '../lib/cycle/in-process-cycle.ts'

/** Puts an object, and has another body stand in its place while it is read, as often as asked. */
function replaced(cycle: InProcessCycle, other: string, times: number) {
  const { store, clock } = cycle
  const key = cycle.put('a', 3)
  const modified = clock.now()
  const body = JSON.stringify({
    Records: ['a-1', 'a-2', 'a-3'].map(eventID => ({ eventID })),
  })
  store.put(key, modified, body)
  let left = times
  store.onGet = () => {
    if (left-- > 0) store.put(key, modified + 1, other)
  }
  return {
    key,
    restore: () => store.put(key, modified, body),
  }
}

for (const page of ['', ' \n', '{"status":"maintenance"}'])
  t.test(`a page in its place settles no object: '${page}'`, async t => {
    const cycle = new InProcessCycle(t)
    const { key, restore } = replaced(cycle, page, 1)
    await cycle.run()
    restore()
    const { ids, counts } = await cycle.run()
    t.strictSame(
      ids,
      [1, 2, 3].map(index => `${key}#${index}`),
    )
    t.equal(counts.objects_failed, 0)
    t.strictSame((await cycle.run()).ids, [])
  })

t.test('one that comes again is no second copy, but a failure', async t => {
  const cycle = new InProcessCycle(t)
  const { key, restore } = replaced(cycle, '{"status":"maintenance"}', 2)
  t.equal((await cycle.run()).ids.length, 1)
  restore()
  const second = await cycle.run()
  t.strictSame(second.ids, [])
  t.equal(second.counts.objects_failed, 1)
  t.match(second.said, [{ code: 'OtherVersion' }])
  restore()
  const ids: string[] = []
  for (let count = 0; count < 3; count++) ids.push(...(await cycle.run()).ids)
  t.strictSame(
    ids,
    [1, 2, 3].map(index => `${key}#${index}`),
  )
})

t.test('a version that came since it was listed comes once', async t => {
  const cycle = new InProcessCycle(t)
  const now = '{"Records":[{"eventID":"b-1"},{"eventID":"b-2"}]}'
  replaced(cycle, now, 1)
  t.equal((await cycle.run()).ids.length, 2)
  t.strictSame((await cycle.run()).ids, [])
  t.strictSame((await cycle.run()).ids, [])
})

// What is counted is what the next cycle finds, with the same requests, whatever
// went before, and leaves no trace of it.

import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { S3Clock } from '../../../src/s3/s3-clock.ts'
import { makeScope } from '../../../src/find/scope.ts'
import {
  countNew,
  retryBytes,
  type NewCount,
} from '../../../src/commands/plan/count-new.ts'
import type { Entry } from '../../../src/cursor/cursor-state.ts'
import { failed, openCursor } from '../../lib/cursor/cursor-operations.ts'
import { SimulatedSearch } from '../../lib/cycle/simulated-search.ts'
import { put } from '../../lib/cycle/fetching.ts'
import { MemoryStore } from '../../lib/s3/memory-store.ts'
import { reset } from '../../lib/s3/refusals.ts'

const LEAVES = ['111122223333', '444455556666'].map(
  account => `AWSLogs/${account}/CloudTrail/us-east-1/`,
)
const FLAT = 'AWSLogs/777788889999/CloudTrail/us-east-1/'

async function countOf(search: SimulatedSearch): Promise<NewCount> {
  const { store, clock, settings } = search
  const path = search.olderPath.replace(/\.late$/, '')
  const files = [path, search.olderPath]
  const read = () =>
    files.map(file => existsSync(file) && readFileSync(file, 'latin1'))
  const before = read()
  const cursor = await openCursor(path, { readOnly: true })
  const s3Clock = new S3Clock(clock, cursor.state.cycle.clockOffset)
  const lists = store.lists.length
  const counts = {
    objects_found: 0,
    objects_filtered: 0,
    objects_left: 0,
    get lists() {
      return store.lists.length - lists
    },
  }
  store.onList = () => s3Clock.observe(new Date(search.now).toUTCString())
  const found = await countNew({
    store,
    clock,
    settings,
    cursor,
    s3Clock,
    counts,
    scope: makeScope(settings, search.service),
    signal: new AbortController().signal,
    matchesPatterns: key => key.endsWith('.gz'),
  })
  await cursor.close()
  t.strictSame(read(), before, 'nothing was written')
  return found
}

const step = fc.record({
  puts: fc.array(
    fc.record({
      leaf: fc.nat(2),
      daysAgo: fc.nat(3),
      name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
    }),
    { maxLength: 8 },
  ),
  minutes: fc.constantFrom(0, 5, 20, 70, 300, 1500),
  take: fc.constantFrom(2, 1e9),
  fates: fc.array(fc.constantFrom('commit', 'fail', 'leave'), {
    minLength: 1,
    maxLength: 4,
  }),
})

t.test('finds what the next cycle finds, with its requests', async t => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 6 }), async steps => {
      const search = await SimulatedSearch.start(t, { NoOfBackDaysData: 2 })
      search.store.pageSize = 3
      for (const { puts, minutes, take, fates } of steps) {
        for (const { leaf, daysAgo, name } of puts) {
          const day = new Date(search.now - daysAgo * 86_400_000)
          const folder = day.toISOString().slice(0, 10).replaceAll('-', '/')
          const prefix = LEAVES[leaf]
          search.put(
            prefix === undefined
              ? `${FLAT}${name}.gz`
              : `${prefix}${folder}/${name}.gz`,
          )
        }
        search.wait(minutes)
        const planned = await countOf(search)
        const cycle = await search.cycle({
          take,
          settle: (_, index) => fates[index % fates.length] ?? 'commit',
        })
        const due = planned.retries
        if (take > 1e3) {
          t.equal(planned.objects - due, cycle.counts.objects_found)
          t.equal(planned.lists, cycle.lists.length)
        } else t.ok(planned.objects - due >= cycle.counts.objects_found)
        t.equal(planned.bytes - due, planned.objects - due, 'a byte each')
        t.equal(
          planned.partitions >= cycle.search.listings.length,
          true,
          'no folder is left out',
        )
        await search.reopen()
      }
    }),
    { numRuns: 30 },
  )
})

t.test('counts retries that are due, as large as they are now', async t => {
  const search = await SimulatedSearch.start(t)
  const [leaf = ''] = LEAVES
  const key = (name: string) => `${leaf}2026/03/10/${name}.gz`
  search.put(key('bad'), key('new'))
  const { cursor, store } = search
  await search.cycle({
    settle: (_, index) => (index === 0 ? 'fail' : 'commit'),
  })
  const [bad = ''] = [...cursor.state.failed.keys()]
  cursor.record({ ...failed(key('later'), 0), due: 9 } as Entry)
  await search.reopen()
  store.put(bad, search.now, 'mended')
  store.put(`${bad}.gz`, search.now, 'another, whose name begins like it')
  const { objects, retries, bytes } = await countOf(search)
  t.equal(retries, 1)
  t.equal(objects, 2)
  t.equal(bytes, 6 + 'another, whose name begins like it'.length)
})

const signal = new AbortController().signal

t.test(
  'retries count as large as they are now, and not at all when gone',
  async t => {
    const store = new MemoryStore()
    const retries = ['a', 'ab', 'abc', 'gone'].map(key =>
      put(store, key, 10, 0),
    )
    store.put('ab', 1, 'xyz')
    store.delete('gone')
    store.put('gone2', 1, 'another')
    t.equal(await retryBytes(retries, store, signal), 10 + 3 + 10)
    t.equal(store.lists.length, 4, 'a LIST each')
  },
)

t.test(
  'retries count as large as they were, where they cannot be asked for',
  async t => {
    const store = new MemoryStore()
    const retries = Array.from({ length: 20 }, (_, index) =>
      put(store, `${index}`, 5, 0),
    )
    store.onList = ({ prefix }) => {
      if (prefix === '3') throw reset
    }
    t.equal(await retryBytes(retries, store, signal), 100)
  },
)

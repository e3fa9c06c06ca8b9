// How large the objects of retries are now.
import t from 'tap'
import { retryBytes } from '../../../src/commands/plan/retry-bytes.ts'
import { MemoryStore } from '../../lib/s3/memory-store.ts'
import { put } from '../../lib/cycle/fetching.ts'
import { reset } from '../../lib/s3/refusals.ts'

const signal = new AbortController().signal

t.test('as they are now, none for what is gone', async t => {
  const store = new MemoryStore()
  const retries = ['a', 'ab', 'abc', 'gone'].map(key => put(store, key, 10, 0))
  store.put('ab', 1, 'xyz')
  store.delete('gone')
  store.put('gone2', 1, 'another')
  t.equal(await retryBytes(retries, { store, signal }), 10 + 3 + 10)
  t.equal(store.lists.length, 4, 'a LIST each')
})

t.test('as they were, where they cannot be asked for', async t => {
  const store = new MemoryStore()
  const retries = Array.from({ length: 20 }, (_, index) =>
    put(store, `${index}`, 5, 0),
  )
  store.onList = ({ prefix }) => {
    if (prefix === '3') throw reset
  }
  t.equal(await retryBytes(retries, { store, signal }), 100)
})

// What it takes to fetch objects from a bucket in memory into a real spool.

import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import type { Fetching } from '../../../src/fetch/fetch-object.ts'
import type { Candidate } from '../../../src/find/listing-result.ts'
import { Refusals } from '../../../src/fetch/refusals.ts'
import { Spool } from '../../../src/fetch/spool.ts'
import { newPartition } from '../../../src/cursor/cursor-state.ts'
import { FakeClock } from '../fake-clock.ts'
import { MemoryStore } from '../s3/memory-store.ts'

const MIB = 1_048_576

/** Makes an empty bucket and what fetchObject wants beside an object. */
export function fetching(t: Test) {
  const store = new MemoryStore()
  const folder = join(t.testdir(), 'spool')
  const openSpool = (): Spool => new Spool(folder, () => Date.now())
  const clock = new FakeClock()
  const context: Fetching = {
    store,
    clock,
    bucket: 'logs',
    spool: openSpool(),
    refusals: new Refusals(),
    counts: { bytes_in: 0 },
    signal: new AbortController().signal,
    silenceMs: 3000,
    largeBytes: 8 * MIB,
  }
  /** The lengths of the files in the spool. */
  const spooled = (): number[] =>
    existsSync(folder)
      ? readdirSync(folder).map(name => statSync(join(folder, name)).size)
      : []
  return { store, clock, context, folder, openSpool, spooled }
}

const folderOfAll = newPartition('', '')

/** Stores an object, its bytes or so many, and gives it as a listing does. */
export function put(
  store: MemoryStore,
  key: string,
  body: string | number,
  modified: number,
): Candidate {
  const bytes = typeof body === 'number' ? Buffer.alloc(body) : body
  const { etag, size } = store.put(key, modified, bytes)
  return {
    key,
    size,
    etag,
    modified,
    folder: folderOfAll,
    day: '',
    before: '',
    position: 0,
    pending: new Set(),
  }
}

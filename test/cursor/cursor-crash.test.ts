// A cursor under any interleaving of changes, flushes, crashes and torn
// writes: what was flushed is there, what was not is gone as if it had never
// been, and the last flush counts whole or not at all.

import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import type { Cursor } from '../../src/cursor/cursor.ts'
import { FingerprintSet } from '../../src/cursor/fingerprint-set.ts'
import {
  openCursor,
  operation,
  perform,
} from '../lib/cursor/cursor-operations.ts'

/** Gives all that a cursor knows as plain values in one order. */
function known({ state }: Cursor): unknown {
  // A folder without a number was looked at, but never noted.
  const folders = [...state.folders].filter(([, { id }]) => id !== 0)
  return plain({ ...state, folders: new Map(folders) })
}

function plain(value: unknown): unknown {
  if (value instanceof FingerprintSet) return [...value.encoded()].join()
  if (value instanceof Map)
    return [...(value as Map<unknown, unknown>)]
      .map(([key, one]) => [String(key), plain(one)] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).map(([name, one]) => [name, plain(one)])
  return Object.fromEntries(members) as unknown
}

const crash = fc.record({
  do: fc.constant('crash' as const),
  /** What a power cut leaves of the last line: so many thousandths of it, and zeros for the rest or nothing. */
  left: fc.integer({ min: 0, max: 1000 }),
  zeros: fc.boolean(),
})
const step = fc.oneof({ weight: 4, arbitrary: operation }, crash)

/** Flushes and leaves the file as a crash within that leaves it; true if the last line is whole. */
async function tear(
  cursor: Cursor,
  path: string,
  { left, zeros }: { left: number; zeros: boolean },
): Promise<boolean> {
  const before = existsSync(path) ? await readFile(path) : Buffer.alloc(0)
  await cursor.flush()
  await cursor.close()
  if (before.length === 0 || !existsSync(path)) return true
  const after = await readFile(path)
  const written = after.length - before.length
  const kept = Math.floor((written * left) / 1000)
  const rest = Buffer.alloc(zeros ? written - kept : 0)
  const torn = after.subarray(0, before.length + kept)
  await writeFile(path, Buffer.concat([torn, rest]))
  return kept === written
}

t.test('a crash takes back what was not flushed, and no more', async t => {
  const folder = t.testdir({})
  let run = 0
  let torn = 0
  const property = fc.asyncProperty(
    fc.array(step, { maxLength: 25 }),
    async steps => {
      const path = join(folder, `cursor-${run++}`)
      let cursor = await openCursor(path)
      let durable = known(cursor)
      for (const one of steps) {
        if (one.do === 'crash') {
          const now = known(cursor)
          const isWhole = await tear(cursor, path, one)
          if (isWhole) durable = now
          else torn++
          cursor = await openCursor(path)
          assert.deepEqual(known(cursor), durable)
        } else {
          cursor = await perform(one, cursor, path)
          if (one.do === 'flush' || one.do === 'reopen') durable = known(cursor)
        }
      }
      await cursor.close()
    },
  )
  await fc.assert(property, { numRuns: Number(process.env['RUNS'] ?? 150) })
  t.ok(torn > 0, `${torn} torn writes`)
})

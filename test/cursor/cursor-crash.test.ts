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
import {
  openCursor,
  operation,
  perform,
} from '../lib/cursor/cursor-operations.ts'
import { known } from '../lib/cursor/known-state.ts'
import { toVersion1 } from '../lib/cursor/version-1.ts'
import { failingFs } from '../lib/files/wrapped-fs.ts'

const crash = fc.record({
  do: fc.constant('crash' as const),
  /** What a power cut leaves of the last line: so many thousandths of it, and zeros for the rest or nothing. */
  left: fc.integer({ min: 0, max: 1000 }),
  zeros: fc.boolean(),
})
/** The file is one of version 1, and there may be no room to rewrite it. */
const downgrade = fc.record({
  do: fc.constant('downgrade' as const),
  entriesToo: fc.boolean(),
  hasRoom: fc.boolean(),
})
const step = fc.oneof(
  { weight: 8, arbitrary: operation },
  { weight: 2, arbitrary: crash },
  downgrade,
)
// No name ends in .rewriting but the new file's, which alone is made so.
const fullDisk = failingFs({ 'handle.chmod': 'ENOSPC' })

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
  let isPutOff = false
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
        } else if (one.do === 'downgrade') {
          await cursor.flush()
          const now = known(cursor)
          await cursor.close()
          await toVersion1(path, one.entriesToo)
          const isFull = !one.hasRoom && existsSync(path)
          const fs = isFull ? { fs: fullDisk } : {}
          cursor = await openCursor(path, fs)
          durable = known(cursor)
          if (!one.entriesToo) assert.deepEqual(durable, now)
          isPutOff ||= cursor.putOff !== ''
        } else {
          cursor = await perform(one, cursor, path)
          if (one.do === 'flush' || one.do === 'reopen') durable = known(cursor)
        }
      }
      await cursor.close()
    },
  )
  await fc.assert(property, { numRuns: Number(process.env['RUNS'] ?? 100) })
  t.ok(torn > 0, `${torn} torn writes`)
  t.ok(isPutOff)
})

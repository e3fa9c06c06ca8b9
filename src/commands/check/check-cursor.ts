// Checks the cursor without a lock and without changing it: it must be readable,
// belong to this bucket and be writable; the result of its last cycle is reported.

import * as nodeFs from 'node:fs/promises'
import { dirname } from 'node:path'
import { otherShard } from '../../find/scope.ts'
import { span } from '../../report/words.ts'
import { CursorError, cursorError } from '../../cursor/cursor-error.ts'
import type { CursorState } from '../../cursor/cursor-state.ts'
import { expectNoFolder, expectNoMount } from '../../cursor/expect-usable.ts'
import { expectLockable } from '../../cursor/lock/lock.ts'
import { quarantinedCount } from '../../cursor/shelve.ts'
import type { LockFileSystem } from '../../cursor/lock/seize-lock.ts'
import { realPath } from '../../files/real-path.ts'
import { tryFile, tryFolder } from '../../files/try-writing.ts'
import type { FileSystem } from '../../files/replace-file.ts'
import type { Settings } from '../../settings/settings-table.ts'
import { overdueText } from '../status/lag.ts'
import { readCursor } from '../with-cursor.ts'
import { fail, ok, warn, type Finding } from './check-finding.ts'

type Files = FileSystem & LockFileSystem

const NAME = 'cursor'

/** Checks the cursor at a path; `now` is S3's time in ms since 1970. */
export async function* checkCursor(
  path: string,
  settings: Settings,
  now: number,
  fs: Files = nodeFs,
): AsyncGenerator<Finding> {
  try {
    const state = await readState(path, settings)
    yield (await expectWritable(path, fs))
      ? ok(NAME, `${path} is this bucket's and can be written`)
      : ok(
          NAME,
          `${path} comes with the first cycle; its folder can be written`,
        )
    const other = otherShard(state.discovery.shape, settings.Shard)
    if (other !== '') yield warn(NAME, `${path} ${other}`)
    yield* lastCycle(state, now, settings.MaxCycleSeconds)
  } catch (error) {
    if (!(error instanceof CursorError)) throw error
    yield fail(NAME, error.message, 'cursor')
  }
}

async function readState(
  path: string,
  settings: Settings,
): Promise<CursorState> {
  const cursor = await readCursor(settings, path)
  try {
    if (cursor.state.older.upTo !== '') await cursor.older()
  } finally {
    await cursor.close()
  }
  return cursor.state
}

/** Tells whether the file exists; throws the error that a cycle would meet on opening it or its companion files for writing. */
async function expectWritable(path: string, fs: Files): Promise<boolean> {
  try {
    const real = await realPath(path, fs)
    await expectLockable(path, fs)
    await tryFolder(dirname(real), fs)
    let isThere = false
    for (const file of [`${real}.quarantine`, `${real}.late`, real]) {
      await expectNoFolder(file, fs)
      isThere = await fs.stat(file).then(
        () => true,
        () => false,
      )
      if (!isThere) continue
      await expectNoMount(file, fs)
      await tryFile(file, fs)
    }
    return isThere
  } catch (cause) {
    throw cursorError('CURSOR_UNWRITABLE', 'writing the cursor', path, cause)
  }
}

function* lastCycle(
  state: CursorState,
  now: number,
  maxCycleSeconds: number,
): Generator<Finding> {
  const { number, at, outcome } = state.cycle
  if (number === 0) return
  const quarantined = quarantinedCount(state)
  const text = `cycle ${number} ended ${span((now - at) / 1000)} ago: ${outcome}`
  const bad = `${state.waiting} failed and ${quarantined} quarantined objects`
  yield outcome === 'done' && quarantined === 0
    ? ok('last_cycle', text)
    : warn('last_cycle', `${text}, ${bad}; \`status\` names them`)
  const overdue = overdueText(at, now, maxCycleSeconds)
  if (overdue !== '') yield warn('last_cycle', overdue)
}

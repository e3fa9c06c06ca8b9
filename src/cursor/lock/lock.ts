// Prevents two cycles on one cursor: a file beside it names the process that
// holds it, and is renewed while that process lives. The lock is judged by that
// process if it can be seen, else by its renewals.

import { randomBytes } from 'node:crypto'
import * as nodeFs from 'node:fs/promises'
import { dirname } from 'node:path'
import { CursorError, cursorError } from '../cursor-error.ts'
import { errorCode } from '../../files/error-code.ts'
import { foreignWriters } from '../../files/give-to-owner.ts'
import {
  holderText,
  parseHolder,
  thisProcess,
  type LockHolder,
  type Process,
} from './lock-holder.ts'
import { realPath } from '../../files/real-path.ts'
import { seizeLock, type LockFileSystem } from './seize-lock.ts'

const renewMs = 10_000

/** The clock of a lock, and replacements for tests. */
export interface LockOptions {
  clock: { now(): number }
  /** Runs a task every so many milliseconds until the returned function is called; must not keep the process alive. */
  every?: (milliseconds: number, task: () => Promise<void>) => () => void
  self?: Process
  fs?: LockFileSystem
}

/** A held cursor lock, renewed every 10 s; acquireLock makes one. */
export class Lock {
  readonly #path: string
  readonly #holder: LockHolder
  readonly #options: Required<LockOptions>
  readonly #stop: () => void

  /** Takes over a lock file that was just created. */
  constructor(
    path: string,
    holder: LockHolder,
    options: Required<LockOptions>,
  ) {
    this.#path = path
    this.#holder = holder
    this.#options = options
    this.#stop = options.every(renewMs, () => this.#renew())
  }

  /** Tells whether the lock is still ours: a holder that was suspended for long may have lost it. */
  async held(): Promise<boolean> {
    try {
      const text = await this.#options.fs.readFile(this.#path, 'utf8')
      return parseHolder(text)?.token === this.#holder.token
    } catch {
      return false
    }
  }

  /** Gives up the lock, if it is still ours. */
  async release(): Promise<void> {
    this.#stop()
    if (await this.held())
      await this.#options.fs.unlink(this.#path).catch(() => {})
  }

  // The check and the write use one descriptor, so that a file that has
  // replaced ours is never written to.
  async #renew(): Promise<void> {
    const { fs, clock } = this.#options
    try {
      const handle = await fs.open(this.#path, 'r+')
      try {
        const found = parseHolder(await handle.readFile('utf8'))
        if (found?.token === this.#holder.token)
          await handle.write(holderText(this.#holder, clock.now()), 0)
      } finally {
        await handle.close()
      }
    } catch {
      // The loss shows in held().
    }
  }
}

/** Takes the lock of a cursor, undefined while a live process holds it; throws CursorError when lock files cannot be written beside the cursor. */
export async function acquireLock(
  path: string,
  options: LockOptions,
): Promise<Lock | undefined> {
  const full = { every, self: thisProcess(), fs: nodeFs, ...options }
  const token = randomBytes(8).toString('hex')
  const now = full.clock.now()
  const since = new Date(now).toISOString()
  const holder = { ...full.self, token, renewed: '', since }
  try {
    const lock = await expectLockable(path, full.fs)
    if (!(await seizeLock({ lock, holder, now, fs: full.fs }))) return undefined
    return new Lock(lock, holder, full)
  } catch (error) {
    throw cursorError('CURSOR_UNWRITABLE', 'locking the cursor', path, error)
  }
}

/** Gives the path of a cursor's lock file; throws CursorError if no lock may be made or something else lies there, or the system's error. */
export async function expectLockable(
  path: string,
  fs: LockFileSystem = nodeFs,
): Promise<string> {
  const lock = `${await realPath(path, fs)}.lock`
  await expectSafeFolder(dirname(lock), fs)
  await expectFile(lock, fs)
  return lock
}

async function expectSafeFolder(
  folder: string,
  fs: LockFileSystem,
): Promise<void> {
  // Creating the lock reports a missing folder.
  const found = await fs.stat(folder).catch(() => undefined)
  const writers = found && foreignWriters(found)
  if (writers !== undefined)
    throw new CursorError(
      'CURSOR_UNWRITABLE',
      `locking the cursor: root would make files for the owner of ${folder}, to which ${writers} may write; ` +
        'run this as the user whose cursor it is, or take that right away (chmod go-w)',
    )
}

// A folder, a pipe or a link of that name was never a lock of ours. Taken for
// one, it would cause an error without a cure, a read without an end, or a lock
// for ever.
async function expectFile(lock: string, fs: LockFileSystem): Promise<void> {
  const found = await fs.lstat(lock).catch((error: unknown) => {
    if (errorCode(error) !== 'ENOENT') throw error
  })
  if (found && !found.isFile())
    throw new CursorError(
      'CURSOR_UNWRITABLE',
      `locking the cursor: ${lock} is not a lock file but ` +
        `${found.isDirectory() ? 'a folder' : 'a link, a device or a pipe'}; remove it`,
    )
}

function every(milliseconds: number, task: () => Promise<void>): () => void {
  const timer = setInterval(() => void task(), milliseconds)
  timer.unref()
  return () => clearInterval(timer)
}

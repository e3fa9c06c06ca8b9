// Takes a lock file, unless a live process holds it. The file appears with its
// content. Replacing a dead holder's file needs the claim named after its
// token, which is a lock of the same kind; so of many processes that find it
// dead one wins, and a winner that is killed is itself replaced. A claim
// becomes the lock by one rename.

import { basename, dirname, join } from 'node:path'
import { errorCode } from '../../files/error-code.ts'
import { giveToOwner } from '../../files/give-to-owner.ts'
import {
  holderText,
  isAlive,
  parseHolder,
  type LockHolder,
} from './lock-holder.ts'

/** A holder that cannot be seen counts as dead after so many ms without a renewal. */
export const DEAD_MS = 60_000
const maxTries = 5
const noToken = '0'.repeat(16)

/** The calls of node:fs/promises that a lock makes. */
export type LockFileSystem = Pick<
  typeof import('node:fs/promises'),
  | 'link'
  | 'lstat'
  | 'open'
  | 'readdir'
  | 'readFile'
  | 'readlink'
  | 'realpath'
  | 'rename'
  | 'stat'
  | 'unlink'
>

/** The lock file to take, its new holder, and the time (ms since 1970). */
export interface LockAttempt {
  lock: string
  holder: LockHolder
  now: number
  fs: LockFileSystem
}

interface Attempt extends LockAttempt {
  temporary: string
}

/** Takes a lock file unless a live process holds it, and tells whether it did; throws the system's error. */
export async function seizeLock(wanted: LockAttempt): Promise<boolean> {
  const { lock, holder, fs } = wanted
  const temporary = `${lock}.${holder.token}.tmp`
  const attempt = { ...wanted, temporary }
  await writeNew(attempt, temporary)
  try {
    if (!(await seize(attempt, lock))) return false
  } finally {
    await fs.unlink(temporary).catch(() => {})
  }
  await removeLeftovers(fs, lock)
  return true
}

async function seize(attempt: Attempt, path: string): Promise<boolean> {
  for (let tries = 0; tries < maxTries; tries++) {
    if (await create(attempt, path)) return true
    const found = await look(attempt, path)
    if (found) return found.dead && takeOver(attempt, path, found.token)
  }
  return false
}

async function takeOver(
  attempt: Attempt,
  path: string,
  token: string,
): Promise<boolean> {
  const claim = `${attempt.lock}.${token}`
  if (!(await seize(attempt, claim))) return false
  // Another process may have taken over, and given up the claim, before this
  // one got it.
  const found = await look(attempt, path)
  const ours = found !== undefined && found.dead && found.token === token
  if (ours) await attempt.fs.rename(claim, path)
  else await attempt.fs.unlink(claim).catch(() => {})
  return ours
}

async function create(attempt: Attempt, path: string): Promise<boolean> {
  const { fs, temporary } = attempt
  try {
    await fs.link(temporary, path)
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
  }
  // Without hard links others see an empty file for a moment; they treat it as
  // a young one and leave it alone.
  try {
    await writeNew(attempt, path)
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw error
  }
}

async function writeNew(attempt: Attempt, path: string): Promise<void> {
  const { fs, holder, now } = attempt
  const handle = await fs.open(path, 'wx', 0o600)
  try {
    await handle.chmod(0o600)
    await giveToOwner(handle, dirname(path), fs)
    await handle.writeFile(holderText(holder, now))
  } catch (error) {
    await fs.unlink(path).catch(() => {})
    throw error
  } finally {
    await handle.close()
  }
}

// The content is read first: if the file is replaced in between, the old holder
// is judged by the new file's age and left alone.
async function look(
  attempt: Attempt,
  path: string,
): Promise<{ token: string; dead: boolean } | undefined> {
  const { fs, holder, temporary } = attempt
  try {
    const other = parseHolder(await fs.readFile(path, 'utf8'))
    const alive = other && isAlive(other, holder)
    const token = other?.token ?? noToken
    if (alive !== undefined) return { token, dead: !alive }
    // Both times are the file system's. A lock time far ahead is from before
    // the clock was set back: a live holder would have renewed it since.
    const age =
      (await fs.stat(temporary)).mtimeMs - (await fs.stat(path)).mtimeMs
    return { token, dead: Math.abs(age) > DEAD_MS }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

// Every claim is void now, since its lock is no longer there.
async function removeLeftovers(
  fs: LockFileSystem,
  lock: string,
): Promise<void> {
  const prefix = `${basename(lock)}.`
  for (const name of await fs.readdir(dirname(lock)).catch(() => []))
    if (
      name.startsWith(prefix) &&
      /^[0-9a-f]{16}(\.tmp)?$/.test(name.slice(prefix.length))
    )
      await fs.unlink(join(dirname(lock), name)).catch(() => {})
}

// Who runs this, and whether they may write where a cycle does: what is tried
// here is gone again, and no lock is taken.

import { lstat, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { errorReason } from '../../files/error-code.ts'
import { thisUser } from '../../files/this-user.ts'
import { tryFolder } from '../../files/try-writing.ts'
import { logFileFault, tryLogFile } from '../../report/log-file.ts'
import { fail, ok, warn, type Finding } from './finding.ts'

const statOf = (path: string) => stat(path).catch(() => undefined)

/** Names the user of this process; root may do what the owner of the cursor's folder, as whom a host often runs it, may not. */
export async function* checkUser(
  cursorPath: string | undefined,
): AsyncGenerator<Finding> {
  const who = `${thisUser()} runs this`
  const folder = cursorPath === undefined ? '' : dirname(cursorPath)
  const owner = folder === '' ? undefined : (await statOf(folder))?.uid
  if (process.geteuid?.() === 0 && owner)
    yield warn(
      'user',
      `${who}, and ${folder}, where the cursor lies, is the user's of uid ${owner}: what root may do, that user may not; check as the user that the host runs this as, such as by \`sudo -u '#${owner}'\``,
    )
  else yield ok('user', `${who}: let the host run it as the same user`)
}

/** Tries the spool's folder where it is there; where it is not, it is made in the cursor's, which is tried with the cursor. */
export async function* checkSpool(cursorPath: string): AsyncGenerator<Finding> {
  const spool = `${cursorPath}.spool`
  const found = await lstat(spool).catch(() => undefined)
  if (found === undefined) return
  try {
    await tryFolder(spool)
    yield ok('spool', `${spool}, where large objects lie, can be written`)
  } catch (error) {
    const what = found.isDirectory()
      ? `${errorReason(error)}; let ${thisUser()}, who runs this, write there`
      : 'it is no folder; remove it'
    yield fail(
      'spool',
      `writing ${spool}, where large objects lie: ${what}`,
      'partial',
    )
  }
}

/** Tries LogFile: a host that throws stderr away would hide that it cannot be written. */
export async function* checkLogFile(path: string): AsyncGenerator<Finding> {
  if (path === '') return
  try {
    if (await statOf(path)) tryLogFile(path)
    else await tryFolder(dirname(path))
    yield ok('log_file', `${path} can be written`)
  } catch (error) {
    yield warn('log_file', logFileFault(path, error))
  }
}

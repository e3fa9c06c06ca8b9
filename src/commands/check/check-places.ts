// Names the user of this process and checks the places that a cycle writes to. It
// removes its test files and takes no lock.

import { lstat, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { errorReason } from '../../files/error-code.ts'
import { thisUser } from '../../files/this-user.ts'
import { tryFolder } from '../../files/try-writing.ts'
import { logFileFault, tryLogFile } from '../../report/log-file.ts'
import { fail, ok, warn, type Finding } from './check-finding.ts'

const statOf = (path: string) => stat(path).catch(() => undefined)

/** Names the user of this process; as root it warns if the cursor's folder belongs to another user, since a host often runs cycles as that user, with fewer rights. */
export async function* checkUser(
  cursorPath: string | undefined,
): AsyncGenerator<Finding> {
  const who = `${thisUser()} runs this`
  const folder = cursorPath === undefined ? '' : dirname(cursorPath)
  const owner = folder === '' ? undefined : (await statOf(folder))?.uid
  if (process.geteuid?.() === 0 && owner)
    yield warn(
      'user',
      `${who}, but ${folder}, the cursor's folder, belongs to uid ${owner}, which may lack rights that root has; run \`check\` as the user of the host's cycles, such as by \`sudo -u '#${owner}'\``,
    )
  else yield ok('user', `${who}: let the host run it as the same user`)
}

/** Tries to write in the spool's folder if it exists; a missing one would be made in the cursor's folder, which checkCursor tries. */
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
      : 'it is not a folder; remove it'
    yield fail(
      'spool',
      `writing ${spool}, where large objects lie: ${what}`,
      'partial',
    )
  }
}

/** Tries to write LogFile, since a host that drops stderr would hide a failure. */
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

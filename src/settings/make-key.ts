// Makes the key file on first use. It comes into being whole and under its name
// at once, and never in the place of another: a key that is lost or replaced
// makes unreadable what was encrypted with it.
import { randomBytes } from 'node:crypto'
import type { Stats } from 'node:fs'
import * as fs from 'node:fs/promises'
import { dirname } from 'node:path'
import { errorCode, errorReason } from '../files/error-code.ts'
import { realPath } from '../files/real-path.ts'
import { syncFolder } from '../files/replace-file.ts'
import { KEY_BYTES } from './encrypted-text.ts'
import { SecretError } from './secret-error.ts'

/** Makes a key in a file that is its owner's alone, unless there is one; `like` is a file whose owner is to have it when root makes it. Throws SecretError. */
export async function makeKey(keyFile: string, like: Stats): Promise<void> {
  try {
    const path = await realPath(keyFile)
    const draft = `${path}.${randomBytes(8).toString('hex')}`
    try {
      await writeDraft(draft, like)
      await fs.link(draft, path)
    } finally {
      await fs.unlink(draft).catch(() => {})
    }
    await syncFolder(fs, dirname(path))
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return
    throw new SecretError(
      `KeyFile ${keyFile} cannot be made (${errorReason(error)}): let KeyFile name a file in a folder that can be written`,
    )
  }
}

async function writeDraft(path: string, { uid, gid }: Stats): Promise<void> {
  const handle = await fs.open(path, 'wx', 0o600)
  try {
    await handle.chmod(0o600)
    // A service whose ini root sets up must be able to read the key.
    if (process.getuid?.() === 0) await handle.chown(uid, gid)
    await handle.writeFile(`${randomBytes(KEY_BYTES).toString('base64url')}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

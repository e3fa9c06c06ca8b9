// Puts a changed ini in the place of the old one, which is whole until then.
// Mode, owner and group stay, or nothing is changed: whoever reads the ini must
// still be able to. Through a link, the file it leads to is replaced.
import * as fs from 'node:fs/promises'
import { errorReason } from '../files/error-code.ts'
import { realPath } from '../files/real-path.ts'
import {
  removeTemporary,
  replaceFile,
  writeAll,
} from '../files/replace-file.ts'
import { SettingsError } from './settings-error.ts'

/** Replaces an ini's bytes; throws SettingsError, the ini then being as it was. */
export async function replaceIni(path: string, bytes: Buffer): Promise<void> {
  try {
    const file = await realPath(path)
    const { mode, uid, gid } = await fs.stat(file)
    await removeTemporary(fs, file)
    await replaceFile(fs, file, async handle => {
      const made = await handle.stat()
      if (made.uid !== uid || made.gid !== gid) await handle.chown(uid, gid)
      await writeAll(handle, bytes, 0)
      await handle.chmod(mode & 0o777)
    })
  } catch (error) {
    const message = `writing ${path}: ${errorReason(error)}; it is as it was: run this as the file's owner, in a folder that can be written, or leave out --set and paste the text`
    throw new SettingsError(path, [{ setting: '', message }])
  }
}

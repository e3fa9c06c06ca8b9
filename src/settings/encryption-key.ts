// The key for encrypted secrets lies in the environment, for containers, or in a
// file that only its owner may read. A file that others may read is refused, as
// ssh does, since its key is exposed. The file is made on first use, appears
// complete under its name, and never replaces another: texts encrypted with the
// old key would become unreadable.
import { randomBytes } from 'node:crypto'
import { readFileSync, statSync, type Stats } from 'node:fs'
import * as fs from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { giveToOwner, isRoot } from '../files/give-to-owner.ts'
import { errorCode, errorReason } from '../files/error-code.ts'
import { exposure } from '../files/exposure.ts'
import { realPath } from '../files/real-path.ts'
import { syncFolder } from '../files/replace-file.ts'
import { KEY_BYTES, SecretError } from './encrypted-text.ts'
import { withoutPlaceholder } from './parse-ini.ts'

/** The name of the environment variable whose key precedes that of the file. */
export const KEY_VARIABLE = 'LR_S3_INPUT_KEY'

const MAX_BYTES = 1000

/** Gives the path of the key file; `text` is the text of the setting KeyFile. */
export function keyFileOf(text: string, iniPath: string): string {
  const ini = resolve(iniPath)
  const given = withoutPlaceholder(text)
  return given === '' ? `${ini}.key` : resolve(dirname(ini), given)
}

/** Tells whether the environment holds a key, valid or invalid. */
export const isKeyInEnvironment = (): boolean => fromEnvironment() !== ''

/** Reads the key from the environment, else from the file; undefined if both are missing. Throws SecretError. */
export function readKey(keyFile: string): Buffer | undefined {
  if (isKeyInEnvironment())
    return keyFrom(fromEnvironment(), `${KEY_VARIABLE} (environment)`)
  const text = readKeyFile(keyFile)
  return text === undefined ? undefined : keyFrom(text, `KeyFile ${keyFile}`)
}

const fromEnvironment = (): string => process.env[KEY_VARIABLE]?.trim() ?? ''

function readKeyFile(path: string): string | undefined {
  try {
    const file = statSync(path)
    // Reading a pipe could wait for ever.
    if (!file.isFile() || file.size > MAX_BYTES) return ''
    const exposed = exposure(file)
    if (exposed !== undefined)
      throw new SecretError(`KeyFile ${path} ${exposed}: chmod 600 it`)
    return readFileSync(path, 'latin1')
  } catch (error) {
    if (error instanceof SecretError) throw error
    if (errorCode(error) === 'ENOENT') return undefined
    throw new SecretError(
      `KeyFile ${path} cannot be read (${errorReason(error)}): it must belong to the user that runs this`,
    )
  }
}

// Any form of base64 is accepted, such as the output of `openssl rand -base64 32`.
function keyFrom(text: string, where: string): Buffer {
  const digits = text.trim().replace(/=$/, '')
  const key = Buffer.from(digits, 'base64')
  const isKey = key.length === KEY_BYTES && /^[\w+/-]{43}$/.test(digits)
  if (isKey) return key
  throw new SecretError(
    `${where} holds no key: a key is 32 bytes as base64, as \`encrypt\` makes it`,
  )
}

/** Makes a key file that only its owner may read, unless one exists; if root makes it, the owner of the file `like` becomes its owner. Throws SecretError. */
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

async function writeDraft(path: string, like: Stats): Promise<void> {
  const handle = await fs.open(path, 'wx', 0o600)
  try {
    await handle.chmod(0o600)
    // A service whose ini root sets up must be able to read the key.
    if (like.uid === 0) await giveToOwner(handle, dirname(path), fs)
    else if (isRoot()) await handle.chown(like.uid, like.gid)
    await handle.writeFile(`${randomBytes(KEY_BYTES).toString('base64url')}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

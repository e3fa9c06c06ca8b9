// The key that secrets are encrypted with lies in the environment, for
// containers, or in a file that is its owner's alone. A file that others may
// read is refused, as ssh does: its key is no secret any more. The file is made
// on first use, whole and under its name at once, and never in the place of
// another: without the old key what it encrypted cannot be read.
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
import { withoutPlaceholder } from './read-ini.ts'

/** Names the environment variable whose key goes before that of the file. */
export const KEY_VARIABLE = 'LR_S3_INPUT_KEY'

const MAX_BYTES = 1000

/** Gives the path of the key file; `text` is that of the setting KeyFile in an ini. */
export function keyFileOf(text: string, iniPath: string): string {
  const ini = resolve(iniPath)
  const given = withoutPlaceholder(text)
  return given === '' ? `${ini}.key` : resolve(dirname(ini), given)
}

/** Tells whether the environment holds a key, right or wrong. */
export const isKeyInEnvironment = (): boolean => fromEnvironment() !== ''

/** Reads the key, from the environment if it holds one; undefined when there is no file either. Throws SecretError. */
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

// Any base64 will do: so does `openssl rand -base64 32` for the environment.
function keyFrom(text: string, where: string): Buffer {
  const digits = text.trim().replace(/=$/, '')
  const key = Buffer.from(digits, 'base64')
  const isKey = key.length === KEY_BYTES && /^[\w+/-]{43}$/.test(digits)
  if (isKey) return key
  throw new SecretError(
    `${where} holds no key: wanted are 32 bytes as base64, as \`encrypt\` makes them`,
  )
}

/** Makes a key in a file that is its owner's alone, unless there is one; `like` is a file whose owner is to have it when root makes it, unless that is root. Throws SecretError. */
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

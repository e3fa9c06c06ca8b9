// The replacement for lrcrypt: it encrypts a secret, and prints the text or puts it
// into an ini. It reads only KeyFile and the secrets of the ini: this is often the
// first command of a set-up, and other settings may still be wrong. Faults of the
// key are reported before the prompt.

import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import {
  decryptText,
  encryptText,
  isEncrypted,
  SecretError,
} from '../settings/encrypted-text.ts'
import {
  isKeyInEnvironment,
  KEY_VARIABLE,
  keyFileOf,
  makeKey,
  readKey,
} from '../settings/encryption-key.ts'
import { readIniFile } from '../settings/read-ini-file.ts'
import { nearestName } from '../settings/nearest-name.ts'
import { lastEntry, readIni, type IniEntry } from '../settings/parse-ini.ts'
import { looksLikeLrcrypt } from '../settings/read-secret.ts'
import { replaceIni, setInIni } from '../settings/set-in-ini.ts'
import { secretNames } from '../settings/settings-table.ts'
import { SettingsError, UsageError } from '../settings/settings-error.ts'
import { concealed } from '../report/conceal.ts'
import { askSecret, type SecretSource } from './encrypt/ask-secret.ts'
import type { Outcome } from '../report/outcome.ts'
import type { CommandContext } from './with-cursor.ts'

type Warn = (message: string) => void

/** The options of `encrypt` from the command line. */
export interface EncryptOptions {
  config: string | undefined
  set: string | undefined
}

/** Encrypts a secret; `print` takes the answer for stdout. Throws UsageError, SettingsError and the errors of `print`. */
export async function encrypt(
  options: EncryptOptions,
  { report, stop }: Pick<CommandContext, 'report' | 'stop'>,
  source: SecretSource,
  print: (text: string) => Promise<void>,
): Promise<Outcome> {
  const setting = settingOf(options)
  const ini = iniOf(options)
  const keyFile = ini && keyFileIn(ini)
  keyIn(keyFile, ini)
  const question = `${setting ?? 'The secret'} (it is not shown): `
  const secret = await askSecret(source, question, stop)
  if (secret === undefined) {
    report.error(
      'stopped',
      'stopped before a secret was given: nothing is written',
    )
    return 'partial'
  }
  if (isEncrypted(secret))
    throw new UsageError('that is encrypted already: give the secret itself')
  const warn: Warn = message => report.warn('secret', message)
  warnOfOdd(secret, setting, warn)
  const key = keyIn(keyFile, ini) ?? (await newKey(keyFile, ini))
  const text = encryptText(secret, key)
  if (setting === undefined) await print(`${text}\n`)
  else {
    const where = isKeyInEnvironment() ? KEY_VARIABLE : keyFile
    const done = await putIn(ini, setting, text, warn)
    await print(concealed(`${done}, encrypted with the key in ${where}\n`))
  }
  if (ini) warnOfOthers(readIni(readIniFile(ini)), key, warn)
  return 'done'
}

// Reads the ini again, since it may have changed while the secret was typed.
async function putIn(
  ini: string,
  setting: string,
  text: string,
  warn: Warn,
): Promise<string> {
  const changed = setInIni(readIniFile(ini), setting, text)
  await replaceIni(ini, changed.bytes)
  if (changed.idle.length > 0)
    warn(
      `${setting} is set in line ${changed.idle.join(', ')} too, to no effect: remove it there, where it may still be in plain text`,
    )
  const done = changed.isNew ? 'added' : 'replaced'
  return `${setting} is ${done} in line ${changed.line} of ${ini}`
}

// The word after --set is not repeated, since it may be a secret.
function settingOf({ config, set }: EncryptOptions): string | undefined {
  if (set === undefined) return undefined
  const wanted = set.toLowerCase()
  const name = secretNames.find(known => known.toLowerCase() === wanted)
  const nearest = nearestName(set, secretNames)
  if (name === undefined)
    throw new UsageError(
      `--set takes ${secretNames.join(', ')}${nearest === undefined ? '' : `; did you mean ${nearest}?`} (a secret itself is given on stdin or at the prompt)`,
    )
  if (config === undefined)
    throw new UsageError('--set needs --config FILE, the ini to write into')
  return name
}

function iniOf({ config }: EncryptOptions): string {
  if (config !== undefined) return resolve(config)
  if (isKeyInEnvironment()) return ''
  throw new UsageError(
    `--config FILE is missing: the key lies beside it, or where its KeyFile says; or give a key in ${KEY_VARIABLE}`,
  )
}

function keyFileIn(ini: string): string {
  const entry = lastEntry(readIni(readIniFile(ini)), 'KeyFile')
  return keyFileOf(entry?.value ?? '', ini)
}

function keyIn(keyFile: string, ini: string): Buffer | undefined {
  try {
    return readKey(keyFile)
  } catch (error) {
    throw asSettingsError(error, ini)
  }
}

async function newKey(keyFile: string, ini: string): Promise<Buffer> {
  try {
    await makeKey(keyFile, statSync(ini))
    const key = readKey(keyFile)
    if (key) return key
    throw new SecretError(`KeyFile ${keyFile} is a link to a missing file`)
  } catch (error) {
    throw asSettingsError(error, ini)
  }
}

function asSettingsError(error: unknown, ini: string): unknown {
  if (!(error instanceof SecretError)) return error
  return new SettingsError(ini, [
    { setting: 'KeyFile', message: error.message },
  ])
}

function warnOfOdd(
  secret: string,
  setting: string | undefined,
  warn: Warn,
): void {
  if (secret.trim() !== secret)
    warn('the secret begins or ends with a blank, which is part of it now')
  if (setting !== undefined && looksLikeLrcrypt(setting, secret))
    warn(
      "this looks like the output of LogRhythm's lrcrypt: if it is, give the secret itself",
    )
}

// Warns of other secrets in the ini that the key cannot decrypt.
function warnOfOthers(
  entries: readonly IniEntry[],
  key: Buffer,
  warn: Warn,
): void {
  for (const name of secretNames) {
    const { value = '', line } = lastEntry(entries, name) ?? {}
    if (isEncrypted(value) && !isReadable(value, key))
      warn(
        `${name} (line ${line}) was encrypted with another key, or was altered since: encrypt it anew too`,
      )
  }
}

function isReadable(text: string, key: Buffer): boolean {
  try {
    decryptText(text, key)
    return true
  } catch {
    return false
  }
}

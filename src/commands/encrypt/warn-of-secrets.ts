// What `encrypt` should be told about beside what it does: a secret that is
// perhaps none, and others in the same ini that cannot be read any more.

import { decryptText, isEncrypted } from '../../settings/encrypted-text.ts'
import { isForeign } from '../../settings/foreign-text.ts'
import { lastEntry, type IniEntry } from '../../settings/read-ini.ts'
import { secretNames } from '../../settings/secret-names.ts'

type Warn = (message: string) => void

/** Warns of a secret that is hardly meant as it is; `setting` is where it goes, if that is known. */
export function warnOfOdd(
  secret: string,
  setting: string | undefined,
  warn: Warn,
): void {
  if (secret.trim() !== secret)
    warn('the secret begins or ends with a blank, which is part of it now')
  if (setting !== undefined && isForeign(setting, secret))
    warn(
      "this looks like the output of LogRhythm's lrcrypt: if it is, give the secret itself",
    )
}

/** Warns of the encrypted settings of an ini that the key does not open. */
export function warnOfOthers(
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

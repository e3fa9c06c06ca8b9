// Reads the bytes of an ini. A failed read is often the first problem of a
// set-up, mostly a wrong path or user, so each reason is reported with its own
// cure.

import { join } from 'node:path'
import { errorCode, errorReason } from '../files/error-code.ts'
import { readNamed } from '../files/named-file.ts'
import { thisUser } from '../files/this-user.ts'
import type { IniEntry } from './parse-ini.ts'
import { SettingsError } from './settings-error.ts'

const NAME_IT =
  "name LogRhythm's awsS3CloudTrail.ini with --config, or make one with `init`"

/** Reads the bytes of an ini; throws SettingsError. */
export function readIniFile(path: string): Buffer {
  try {
    return readNamed(path)
  } catch (error) {
    throw unusable(path, `reading ${path}: ${whyUnread(path, error)}`)
  }
}

/** Throws SettingsError for an ini without any setting. */
export function expectSettings(
  path: string,
  bytes: Buffer,
  entries: readonly IniEntry[],
): void {
  if (entries.some(({ name, value }) => name !== '' && value !== undefined))
    return
  const holds =
    bytes.length === 0
      ? 'it is empty'
      : entries.length === 0
        ? 'it holds comments and sections, but no setting'
        : 'it holds no line of the form Name=value, so it is no ini'
  throw unusable(path, `reading ${path}: ${holds}; ${NAME_IT}`)
}

function whyUnread(path: string, error: unknown): string {
  switch (errorCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return `there is no such file; ${NAME_IT}`
    case 'EISDIR':
      return `it is a folder; name the file in it with --config, such as ${join(path, 'awsS3CloudTrail.ini')}`
    case 'EACCES':
    case 'EPERM':
      return `${thisUser()}, who runs this, may not read it (${errorReason(error)}); give it to that user (chown, chmod 600) and let them enter its folders, or run this as its owner`
    default:
      return `${errorReason(error)}; ${NAME_IT}`
  }
}

const unusable = (path: string, message: string): SettingsError =>
  new SettingsError(path, [{ setting: '', message }])

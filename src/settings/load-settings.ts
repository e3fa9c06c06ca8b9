// Reads the ini named on the command line and says where the files beside it
// are.

import { resolve } from 'node:path'
import { errorReason } from '../files/error-code.ts'
import { readNamed } from '../files/named-file.ts'
import { cursorPathOf } from './check-files.ts'
import type { SecretUse } from './ini-problems.ts'
import { parseSettings } from './parse-settings.ts'
import { SettingsError, type SettingsWarning } from './settings-error.ts'
import type { Settings } from './settings-table.ts'

export interface LoadedSettings {
  settings: Settings
  warnings: readonly SettingsWarning[]
  cursorPath: string
}

/** Loads an ini; `state`, from the command line, overrides StateFile. Throws SettingsError. */
export function loadSettings(
  config: string,
  state: string | undefined,
  secrets: SecretUse = 'read',
): LoadedSettings {
  const path = resolve(config)
  const bytes = readIniFile(path)
  const { settings, warnings } = parseSettings(bytes, path, state, secrets)
  const cursorPath = cursorPathOf(settings.StateFile, path, state)
  return { settings, warnings, cursorPath }
}

/** Reads the bytes of an ini; throws SettingsError. */
export function readIniFile(path: string): Buffer {
  try {
    return readNamed(path)
  } catch (error) {
    const message = `reading ${path}: ${errorReason(error)}; name LogRhythm's awsS3CloudTrail.ini with --config, or make one with \`init\``
    throw new SettingsError(path, [{ setting: '', message }])
  }
}

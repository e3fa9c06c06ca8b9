// Loads the ini named on the command line, with the paths of the files beside it.

import { resolve } from 'node:path'
import { cursorPathOf } from './check-files.ts'
import { readIniFile } from './read-ini-file.ts'
import type { SecretUse } from './ini-problems.ts'
import { parseSettings } from './parse-settings.ts'
import type { SettingsWarning } from './settings-error.ts'
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

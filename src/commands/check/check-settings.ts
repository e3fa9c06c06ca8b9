// The settings as a finding each problem and each oddity. What cannot be read
// stops all that needs settings; the program itself would stop there too.

import type { CommandOptions } from '../with-cursor.ts'
import { isEncrypted } from '../../settings/encrypted-text.ts'
import {
  isKeyInEnvironment,
  KEY_VARIABLE,
  keyFileOf,
} from '../../settings/encryption-key.ts'
import { readIniFile } from '../../settings/ini-file.ts'
import {
  loadSettings,
  type LoadedSettings,
} from '../../settings/load-settings.ts'
import {
  lastEntry,
  PLACEHOLDER,
  readIni,
  withoutPlaceholder,
  type IniEntry,
} from '../../settings/read-ini.ts'
import {
  secretNames,
  settingsTable,
  type Settings,
} from '../../settings/settings-table.ts'
import type { Setting } from '../../settings/setting-kinds.ts'
import { SettingsError } from '../../settings/settings-error.ts'
import { fail, ok, warn, type Finding } from './finding.ts'
import { s3Url } from '../../s3/object-store.ts'

const NAME = 'settings'

/** Loads the settings and says what is wrong or odd about them; returns them if they can be used. */
export function* checkSettings({
  config,
  state,
}: CommandOptions): Generator<Finding, LoadedSettings | undefined> {
  try {
    const loaded = loadSettings(config, state)
    const { settings, warnings } = loaded
    const { BucketName, FilePath, LogType } = settings
    yield ok(NAME, `${LogType} in ${s3Url(BucketName, FilePath)}, of ${config}`)
    for (const { message } of warnings) yield warn(NAME, message)
    const entries = readIni(readIniFile(config))
    yield* tellEncrypted(settings, entries, config)
    const left = placeholders(entries)
    if (left.length > 0)
      yield warn(
        NAME,
        `${left.join(', ')} still ${PLACEHOLDER}: taken as if left blank`,
      )
    return loaded
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    for (const { message } of error.problems) yield fail(NAME, message, 'usage')
    for (const { message, isOfPlain } of error.warnings)
      if (!isOfPlain) yield warn(NAME, message)
    return undefined
  }
}

// They could be decrypted, or there would be no settings.
function* tellEncrypted(
  settings: Settings,
  entries: readonly IniEntry[],
  config: string,
): Generator<Finding> {
  const names = secretNames
    .filter(name => isEncrypted(lastEntry(entries, name)?.value ?? ''))
    .filter(name => settings[name])
  const keyFile = keyFileOf(settings.KeyFile, config)
  const where = isKeyInEnvironment() ? KEY_VARIABLE : keyFile
  if (names.length > 0)
    yield ok(
      'secrets',
      `${names.join(', ')} ${names.length > 1 ? 'are' : 'is'} encrypted, and read with the key in ${where}`,
    )
}

// Blank keys stand for the default chain, a blank LogType has its own warning,
// and what needs a setting that is blank does nothing.
function placeholders(entries: readonly IniEntry[]): string[] {
  const rows: readonly Setting[] = settingsTable
  return entries
    .filter(({ value }) => value && withoutPlaceholder(value) === '')
    .flatMap(({ name }) =>
      rows.filter(row => row.name.toLowerCase() === name.toLowerCase()),
    )
    .filter(row => row.kind !== 'secret' && row.kind !== 'choice' && !row.needs)
    .map(row => row.name)
}

// Reports each problem and each warning of the settings as a finding. Without
// usable settings all checks that need them are skipped; a cycle would end too.

import type { CommandOptions } from '../with-cursor.ts'
import { isEncrypted } from '../../settings/encrypted-text.ts'
import {
  isKeyInEnvironment,
  KEY_VARIABLE,
  keyFileOf,
} from '../../settings/encryption-key.ts'
import { readIniFile } from '../../settings/read-ini-file.ts'
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
} from '../../settings/parse-ini.ts'
import {
  secretNames,
  settingsTable,
  type Settings,
} from '../../settings/settings-table.ts'
import type { Setting } from '../../settings/setting-kinds.ts'
import { SettingsError } from '../../settings/settings-error.ts'
import { fail, ok, warn, type Finding } from './check-finding.ts'
import { s3Url } from '../../s3/object-store.ts'

const NAME = 'settings'

/** Loads the settings and reports their problems and warnings; returns them if they can be used. */
export function* checkSettings(
  options: CommandOptions,
): Generator<Finding, LoadedSettings | undefined> {
  const { config, state } = options
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

// Each could be decrypted, since loading fails otherwise.
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

// Leaves out the keys, for which blank means the default chain, LogType, which has
// its own warning, and settings that depend on a blank one.
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

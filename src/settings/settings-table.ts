// The one table of settings. Parsing, checking, `init`, the manual, the README's
// table and the type Settings all follow from it: a new setting is one new row.
import { logRhythmSettings } from './logrhythm-settings.ts'
import { pluginSettings } from './plugin-settings.ts'
import type { Setting, SettingValue } from './setting-kinds.ts'

/** Lists all settings, LogRhythm's first, in the order of `init`. */
export const settingsTable = [
  ...logRhythmSettings,
  ...pluginSettings,
] as const satisfies readonly Setting[]

type Rows = (typeof settingsTable)[number]

/** Holds the value of each setting under its name in the ini; it includes secrets, so never print it. */
export type Settings = {
  readonly [Row in Rows as Row['name']]: SettingValue<Row>
}

/** Names a setting that holds a secret. */
export type SecretName = Extract<Rows, { kind: 'secret' }>['name']

/** Lists the settings that hold secrets and may be encrypted. */
export const secretNames: readonly SecretName[] = settingsTable
  .filter(row => row.kind === 'secret')
  .map(({ name }) => name)

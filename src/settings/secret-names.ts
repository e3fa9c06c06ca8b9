// Which settings are secrets, as the table of settings says.

import { settingsTable } from './settings-table.ts'

type Row = (typeof settingsTable)[number]

/** Names a setting that holds a secret. */
export type SecretName = Extract<Row, { kind: 'secret' }>['name']

/** Lists the settings that hold secrets, and so may be encrypted. */
export const secretNames: readonly SecretName[] = settingsTable
  .filter(row => row.kind === 'secret')
  .map(({ name }) => name)

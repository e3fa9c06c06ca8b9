import type { Setting } from './setting-kinds.ts'
import { settingsTable } from './settings-table.ts'

const rows: readonly Setting[] = settingsTable

/** Lists the settings that hold secrets, and so may be encrypted. */
export const secretNames: readonly string[] = rows
  .filter(({ kind }) => kind === 'secret')
  .map(({ name }) => name)

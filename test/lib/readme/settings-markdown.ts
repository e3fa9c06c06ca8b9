// Makes the README's table of the settings that people change; a test compares
// it with the README.
import { allowedText } from '../../../src/settings/setting-kinds.ts'
import type { Setting } from '../../../src/settings/setting-kinds.ts'
import { settingsTable } from '../../../src/settings/settings-table.ts'

/** Names the settings that people change, in the order of the README. */
export const changed = [
  'FilePath',
  'LogType',
  'RegionFolders',
  'NoOfBackDaysData',
  'MaxResultCount',
  'RoleArn',
  'StateFile',
  'LogFile',
  'EmitHeartbeat',
  'VerifyMinutes',
  'OriginalMessage',
  'MaxCycleSeconds',
  'Shard',
] as const satisfies readonly (typeof settingsTable)[number]['name'][]

/** Prints them as a Markdown table of setting, range, default and meaning. */
export function settingsMarkdown(): string {
  const rows: readonly Setting[] = settingsTable
  const lines = ['| setting | range | default | meaning |', '|---|---|---|---|']
  for (const name of changed) {
    const row = rows.find(other => other.name === name)
    if (!row) continue
    const others = Object.entries(row.defaults ?? {}).map(
      ([logType, value]) => `; ${logType}: \`${value}\``,
    )
    const fallback = row.default ? `\`${row.default}\`` : ''
    const cells = [
      `\`${name}\``,
      allowedText(row),
      row.required ? 'required' : fallback + others.join(''),
      row.description,
    ]
    lines.push(`| ${cells.join(' | ')} |`)
  }
  return `${lines.join('\n')}\n`
}

// Makes the README's table of settings, which a test compares with the README.
import { allowedText } from '../../../src/settings/setting-kinds.ts'
import type { Setting } from '../../../src/settings/setting-kinds.ts'
import { settingsTable } from '../../../src/settings/settings-table.ts'

/** Prints the settings as a Markdown table of setting, range, default and meaning. */
export function settingsMarkdown(): string {
  const rows: readonly Setting[] = settingsTable
  const lines = ['| setting | range | default | meaning |', '|---|---|---|---|']
  for (const row of rows) {
    const others = Object.entries(row.defaults ?? {}).map(
      ([logType, value]) => `; ${logType}: \`${value}\``,
    )
    const fallback = row.default === '' ? '' : `\`${row.default}\``
    const cells = [
      `\`${row.name}\``,
      allowedText(row),
      row.required ? 'required' : fallback + others.join(''),
      row.description,
    ]
    lines.push(`| ${cells.join(' | ')} |`)
  }
  return `${lines.join('\n')}\n`
}

// Makes the initial ini: it gives every setting its default, and only the required
// ones must be filled in.
import { PLACEHOLDER } from '../../settings/parse-ini.ts'
import { wrapped } from '../../report/words.ts'
import {
  sectionOf,
  settingFacts,
  type Setting,
} from '../../settings/setting-kinds.ts'
import { settingsTable } from '../../settings/settings-table.ts'

const WIDTH = 78
const HEAD = `Settings of lr-s3-input. Replace each ${PLACEHOLDER}; everything else can stay as it is. A comment starts with # or ; at the start of a line. Values are taken as they are written, quotes included.`

/** Makes a commented ini with every setting, its range and its default. */
export function iniText(): string {
  const rows: readonly Setting[] = settingsTable
  const lines = [...comment(HEAD), '']
  let section = ''
  for (const row of rows) {
    if (sectionOf(row) !== section) {
      section = sectionOf(row)
      lines.push(`[${section}]`, '')
    }
    const facts = settingFacts(row)
    lines.push(
      ...comment(row.description),
      ...(facts === '' ? [] : comment(facts)),
      setting(row),
      '',
    )
  }
  return lines.join('\n')
}

function setting(row: Setting) {
  const { name, kind, required, defaults, default: value = '' } = row
  if (required) return `${name}=${PLACEHOLDER}`
  // Settings with a default found at run time are printed as absent.
  const isFound = defaults !== undefined || (kind === 'integer' && value === '')
  return isFound ? `;${name}=${value}` : `${name}=${value}`
}

const comment = (text: string): string[] => wrapped(text, WIDTH, '# ')

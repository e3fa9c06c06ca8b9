// Prints the ini to start from. As printed, it gives every setting its default;
// only the required ones are left to fill in.
import { PLACEHOLDER } from '../settings/read-ini.ts'
import { allowedText } from '../settings/setting-kinds.ts'
import type { Setting } from '../settings/setting-kinds.ts'
import { settingsTable } from '../settings/settings-table.ts'

const WIDTH = 78
const HEAD = `Settings of lr-s3-input. Replace each ${PLACEHOLDER}; everything else can stay as it is. A comment starts with # or ; at the start of a line. Values are taken as they are written, quotes included.`

/** Makes a commented ini with every setting, its range and its default. */
export function init(): string {
  const rows: readonly Setting[] = settingsTable
  const lines = [...comment(HEAD), '']
  let section = ''
  for (const row of rows) {
    if (row.section !== section) {
      section = row.section
      lines.push(`[${section}]`, '')
    }
    lines.push(...comment(row.description), ...facts(row), setting(row), '')
  }
  return lines.join('\n')
}

function facts(row: Setting) {
  const allowed = allowedText(row)
  const parts = [
    row.required ? 'Required.' : '',
    allowed && `Allowed: ${allowed}.`,
    row.default && `Default: ${defaultText(row)}`,
  ]
  const text = parts.filter(part => part !== '').join(' ')
  return text === '' ? [] : comment(text)
}

function defaultText({ default: usual, defaults = {} }: Setting) {
  const others = Object.entries(defaults).map(
    ([logType, value]) => `, with LogType=${logType} ${value}`,
  )
  return usual + others.join('')
}

function setting({ name, kind, required, defaults, default: value }: Setting) {
  if (required) return `${name}=${PLACEHOLDER}`
  // What is found by itself when absent should look absent.
  const isFound = defaults !== undefined || (kind === 'integer' && value === '')
  return isFound ? `;${name}=${value}` : `${name}=${value}`
}

function comment(text: string) {
  const lines: string[] = []
  let line = '#'
  for (const word of text.split(' ')) {
    if (line.length + 1 + word.length > WIDTH) {
      lines.push(line)
      line = '#'
    }
    line += ` ${word}`
  }
  return [...lines, line]
}

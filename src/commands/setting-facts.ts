// Describes the values of a setting in a sentence or two, for the ini of `init` and
// for the manual.

import { allowedText, type Setting } from '../settings/setting-kinds.ts'

/** Says whether a setting is required, its allowed values and its default; '' if none of these applies. */
export function settingFacts(row: Setting): string {
  const allowed = allowedText(row)
  const parts = [
    row.required ? 'Required.' : '',
    allowed && `Allowed: ${allowed}.`,
    row.default && `Default: ${defaultText(row)}`,
  ]
  return parts.filter(Boolean).join(' ')
}

function defaultText({ default: usual = '', defaults = {} }: Setting): string {
  const others = Object.entries(defaults).map(
    ([logType, value]) => `, with LogType=${logType} ${value}`,
  )
  return usual + others.join('')
}

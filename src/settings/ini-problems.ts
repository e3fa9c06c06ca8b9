// An ini while it is read, with the problems and warnings found in it, each with
// its setting and line.
import { concealed } from '../report/conceal.ts'
import { withoutPlaceholder, type IniEntry } from './parse-ini.ts'
import type { SettingsProblem, SettingsWarning } from './settings-error.ts'

/** Says whether secrets are read, or left blank regardless of the ini. */
export type SecretUse = 'read' | 'left blank'

/** Holds an ini's entries by the names of their settings, and its problems and warnings. */
export interface Ini {
  path: string
  secrets: SecretUse
  entries: Map<string, IniEntry>
  problems: SettingsProblem[]
  warnings: SettingsWarning[]
}

/** Gives the text of a setting, '' if it is missing or still the placeholder. */
export function textOf(ini: Ini, name: string): string {
  return withoutPlaceholder(ini.entries.get(name)?.value ?? '')
}

/** Tells whether a setting is blank, missing or still the placeholder; a FilePath of one slash means the whole bucket, as a blank one does. */
export function isBlank(ini: Ini, name: string) {
  const text = textOf(ini, name)
  return text === '' || (name === 'FilePath' && /^\/+$/.test(text))
}

/** Notes a value that is accepted, but is perhaps a mistake; `isOfPlain` marks a secret in plain text. */
export function warn(
  ini: Ini,
  setting: string,
  text: string,
  isOfPlain?: true,
) {
  const warning = place(ini, setting, text)
  ini.warnings.push(isOfPlain ? { ...warning, isOfPlain } : warning)
}

/** Notes a value that cannot be accepted; `value` must never be a secret. */
export function addProblem(
  ini: Ini,
  setting: string,
  text: string,
  value?: string,
) {
  if (value === undefined) {
    ini.problems.push(place(ini, setting, text))
  } else {
    const is = `is ${JSON.stringify(value)}: `
    ini.problems.push({ ...place(ini, setting, is + text), value })
  }
}

function place(ini: Ini, setting: string, text: string): SettingsWarning {
  const line = ini.entries.get(setting)?.line
  if (line === undefined) return { setting, message: `${setting} ${text}` }
  return { setting, line, message: `${setting} (line ${line}) ${text}` }
}

/** Shortens a value for a message. A URL may hold a password before its '@', and a text as long as a secret access key may be one in the wrong line. */
export function shorten(text: string) {
  if (/^[\w/+-]{40}$/.test(text)) return '***'
  const safe = concealed(text).replace(/^.*@/s, '***@')
  return safe.length > 100 ? `${safe.slice(0, 100)}…` : safe
}

// An ini while it is read, and what is found wrong or odd in it, each with its
// setting and line.
import { concealed } from '../report/conceal.ts'
import { withoutPlaceholder, type IniEntry } from './read-ini.ts'
import type { SettingsProblem, SettingsWarning } from './settings-error.ts'

/** Says whether secrets are read, or left blank whatever is written there. */
export type SecretUse = 'read' | 'left blank'

/** Holds an ini's entries by the names of their settings, and what was found wrong or odd. */
export interface Ini {
  path: string
  secrets: SecretUse
  entries: Map<string, IniEntry>
  problems: SettingsProblem[]
  warnings: SettingsWarning[]
}

/** Gives the text of a setting, '' where it is still the placeholder or not there. */
export function textOf(ini: Ini, name: string): string {
  return withoutPlaceholder(ini.entries.get(name)?.value ?? '')
}

/** Tells whether a setting is blank, still the placeholder or not there; a FilePath of a slash is the whole bucket, as a blank one. */
export function isBlank(ini: Ini, name: string) {
  const text = textOf(ini, name)
  return text === '' || (name === 'FilePath' && /^\/+$/.test(text))
}

/** Notes what is taken, but perhaps not as meant; `isOfPlain` where that is a secret in plain text. */
export function warn(
  ini: Ini,
  setting: string,
  text: string,
  isOfPlain?: true,
) {
  const warning = place(ini, setting, text)
  ini.warnings.push(isOfPlain ? { ...warning, isOfPlain } : warning)
}

/** Notes what cannot be taken; `value` is never a secret's. */
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

/** Shortens a value for a message. A URL may hold a password before its '@', and what is as long as a secret access key may be one that was put in the wrong line. */
export function shorten(text: string) {
  if (/^[\w/+-]{40}$/.test(text)) return '***'
  const safe = concealed(text).replace(/^.*@/s, '***@')
  return safe.length > 100 ? `${safe.slice(0, 100)}…` : safe
}

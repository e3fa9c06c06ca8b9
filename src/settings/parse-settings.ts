// Turns an ini into the settings of the program. All problems are found before any
// is reported. Messages never repeat a secret's value, an unknown setting's value,
// or a line that is not a setting, since it may be the rest of a wrapped secret.
import { dirname, resolve } from 'node:path'
import { conceal } from '../report/conceal.ts'
import { checkFiles } from './check-files.ts'
import { checkTogether, searchesBucket } from './check-together.ts'
import { environmentShard } from './environment-shard.ts'
import { isEncrypted, SecretError } from './encrypted-text.ts'
import { keyFileOf } from './encryption-key.ts'
import {
  addProblem,
  isBlank,
  shorten,
  textOf,
  type Ini,
  type SecretUse,
} from './ini-problems.ts'
import { expectSettings } from './read-ini-file.ts'
import { nearestName } from './nearest-name.ts'
import {
  PLACEHOLDER,
  readIni,
  withoutPlaceholder,
  type IniEntry,
} from './parse-ini.ts'
import { pastedSecrets } from './pasted-secret.ts'
import { readSecret } from './read-secret.ts'
import { secretNames, settingsTable, type Settings } from './settings-table.ts'
import {
  allowedText,
  defaultOf,
  itemsOf,
  readValue,
  type Setting,
} from './setting-kinds.ts'
import { SettingsError, type SettingsWarning } from './settings-error.ts'
import { meantBy, oddAround } from './written-form.ts'

const rows: readonly Setting[] = settingsTable
const kinds = new Map(rows.map(({ name, kind }) => [name, kind]))
const PATHS = new Set(['path', 'prefix', 'list', 'url'])
const names = new Map(rows.map(({ name }) => [name.toLowerCase(), name]))

/** Reads the settings from an ini's bytes; `state`, from the command line, overrides StateFile. Throws a SettingsError with all problems. */
export function parseSettings(
  bytes: Buffer,
  iniPath: string,
  state?: string,
  secrets: SecretUse = 'read',
): { settings: Settings; warnings: SettingsWarning[] } {
  const entries = readIni(bytes)
  expectSettings(iniPath, bytes, entries)
  const ini = groupEntries(entries, iniPath, secrets)
  const { problems, warnings } = ini
  const values = rows.map(row => {
    const isLeft = row.kind === 'secret' && secrets === 'left blank'
    return [row.name, isLeft ? '' : settingOf(row, ini)] as const
  })
  checkTogether(ini)
  // The rows give both these entries and the type.
  const settings = Object.fromEntries(values) as Settings
  const { StateFile = '', KeyFile = '', LogFile = '' } = settings
  checkFiles(ini, { StateFile, KeyFile, LogFile }, state)
  if (problems.length > 0) {
    const isWrong = problems.some(({ setting }) => setting === 'LogFile')
    const logFile = isWrong ? '' : LogFile
    throw new SettingsError(iniPath, problems, warnings, logFile)
  }
  return { settings, warnings }
}

function groupEntries(read: IniEntry[], path: string, secrets: SecretUse): Ini {
  const entries: Ini['entries'] = new Map()
  const ini: Ini = { path, secrets, entries, problems: [], warnings: [] }
  for (const entry of read) {
    const { line } = entry
    const name = names.get(entry.name.toLowerCase())
    if (entry.value === undefined || entry.name === '') {
      const message = `line ${line} is neither Name=value, [section] nor comment${instead(entry)}`
      ini.problems.push({ setting: '', line, message })
    } else if (name === undefined) {
      ini.warnings.push(unknown(entry))
    } else {
      concealSecret(name, entry)
      const before = ini.entries.get(name)
      if (before)
        ini.warnings.push({
          setting: name,
          line,
          message: `${name} is set in line ${before.line} and in line ${line}; the latter applies`,
        })
      ini.entries.set(name, entry)
    }
  }
  return ini
}

// Only a known name at the start proves that the line is not the rest of a secret.
function instead({ name }: IniEntry): string {
  const first = /^[\w-]+/.exec(name)?.[0] ?? ''
  const known = names.get(first.toLowerCase())
  return known === undefined
    ? ': begin it with ; if it is a comment, or remove it'
    : `: write ${known}=, then the value`
}

function unknown(entry: IniEntry): SettingsWarning {
  const { name, value, line } = entry
  // Any other text may be part of a secret that a line break or a blank split, and
  // so may a name before the padding of base64.
  const isName = /^[\w.[\]-]{1,32}$/.test(name) && !/^=*$/.test(value ?? '')
  const setting = isName ? name : ''
  const nearest = setting && nearestName(setting, [...names.values()])
  if (nearest) concealSecret(nearest, entry)
  const hint = nearest ? `; did you mean ${nearest}?` : ''
  const message = `${setting || 'a name'} (line ${line}) is not a setting and is ignored${hint}`
  return { setting, line, message }
}

// Runs before any message is made, and also for lines that a later one overrides.
function concealSecret(name: string, entry: IniEntry) {
  const value = entry.value ?? ''
  if (secretNames.some(one => one === name)) conceal(withoutPlaceholder(value))
  else conceal(...pastedSecrets(value, PATHS.has(kinds.get(name) ?? '')))
}

function settingOf(row: Setting, ini: Ini) {
  const given = row.kind === 'shard' ? environmentShard(row) : undefined
  if (given !== undefined) {
    const { value, problem } = given
    if (problem !== '')
      ini.problems.push({ setting: row.name, message: problem })
    return value
  }
  const entry = ini.entries.get(row.name)
  const ignored = row.needs !== undefined && isBlank(ini, row.needs)
  if (row.required && isBlank(ini, row.name)) {
    const is = entry?.value ? `is still ${PLACEHOLDER}` : 'is required'
    addProblem(ini, row.name, `${is}: give ${allowedText(row)}`)
    return undefined
  }
  const fallback = defaultOf(row, textOf(ini, 'LogType'))
  const written = ignored || !entry ? fallback : writtenText(row, ini)
  if (written === '' && row.kind === 'integer') return undefined
  const text = row.kind === 'secret' ? secretOf(row, written, ini) : written
  if (text === undefined) return undefined
  const shown = row.kind === 'secret' ? undefined : shorten(text)
  if (/(?!\t)[\p{Cc}\ufffd]/u.test(text)) {
    const cure = isEncrypted(written)
      ? 'encrypt it anew'
      : 'save the file as UTF-8'
    addProblem(ini, row.name, `holds unreadable characters: ${cure}`, shown)
    return undefined
  }
  const value = readValue(row, text, dirname(resolve(ini.path)))
  if (value === undefined)
    addProblem(ini, row.name, `must be ${wanted(row, text)}`, shown)
  const isIgnored = row.name === 'DepthToRecurse' && searchesBucket(ini)
  return isIgnored ? undefined : value
}

function secretOf({ name }: Setting, text: string, ini: Ini) {
  const keyFile = textOf(ini, 'KeyFile')
  try {
    const secret = readSecret(
      name,
      text,
      ini.path,
      keyFileOf(keyFile, ini.path),
    )
    conceal(secret)
    return secret
  } catch (error) {
    if (!(error instanceof SecretError)) throw error
    addProblem(ini, name, error.message)
    return undefined
  }
}

function writtenText(row: Setting, ini: Ini) {
  const text = textOf(ini, row.name)
  // A list may be blank on purpose: blank Inclusions collect all files.
  return text === '' && row.kind !== 'list' ? (row.default ?? '') : text
}

function wanted(row: Setting, text: string) {
  if (row.kind === 'integer')
    return `a whole number, ${allowedText(row)}${meantBy(row, text)}`
  if (row.kind === 'choices') return allowedText(row) + choicesMeant(row, text)
  const lower = text.toLowerCase()
  const cased =
    row.kind === 'choice' &&
    row.choices.find(choice => choice.toLowerCase() === lower)
  return cased
    ? `${allowedText(row)}, here ${cased}`
    : (allowedText(row) || 'a folder of the bucket') + meantBy(row, text)
}

function choicesMeant(
  row: Setting & { choices: readonly string[] },
  text: string,
) {
  const { choices } = row
  const wrong = itemsOf(text).filter(item => !choices.includes(item))
  const hints = wrong.flatMap(item => nearestName(item, choices) ?? [])
  const names = [...new Set(hints)].join(', ')
  const isOdd = names === '' || oddAround(text) !== ''
  return isOdd ? meantBy(row, text) : `; did you mean ${names}?`
}

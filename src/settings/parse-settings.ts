// Turns an ini into the settings that the program runs by. All problems are
// found before any is reported. A secret's value, an unknown setting's value
// and a line that is no setting (it may be the rest of a wrapped secret) are
// never repeated.
import { dirname, resolve } from 'node:path'
import { conceal, concealed } from '../conceal.ts'
import { isEncrypted } from './encrypted-text.ts'
import { keyFileOf } from './encryption-key.ts'
import { nearestName } from './nearest-name.ts'
import { proxyAddress } from './proxy-address.ts'
import { readIni } from './read-ini.ts'
import type { IniEntry } from './read-ini.ts'
import { readSecret } from './read-secret.ts'
import { SecretError } from './secret-error.ts'
import { allowedText, readValue } from './setting-kinds.ts'
import type { Setting } from './setting-kinds.ts'
import { SettingsError } from './settings-error.ts'
import type { SettingsProblem, SettingsWarning } from './settings-error.ts'
import { settingsTable } from './settings-table.ts'
import type { Settings } from './settings-table.ts'

interface Ini {
  path: string
  entries: Map<string, IniEntry>
  problems: SettingsProblem[]
  warnings: SettingsWarning[]
}

const MOST_PORT = 65_535

const rows: readonly Setting[] = settingsTable
const names = new Map(rows.map(({ name }) => [name.toLowerCase(), name]))
const secrets = new Set(
  rows.filter(({ kind }) => kind === 'secret').map(({ name }) => name),
)

/** Reads the settings from an ini's bytes; throws a SettingsError with all problems. */
export function parseSettings(
  bytes: Buffer,
  iniPath: string,
): { settings: Settings; warnings: SettingsWarning[] } {
  const ini = sortOut(readIni(bytes), iniPath)
  const { problems, warnings } = ini
  const values = rows.map(row => [row.name, settingOf(row, ini)] as const)
  checkTogether(ini)
  // The type is derived from the rows that these entries are made from.
  const settings = Object.fromEntries(values) as Settings
  if (problems.length > 0)
    throw new SettingsError(iniPath, problems, warnings, settings.LogFile || '')
  return { settings, warnings }
}

function sortOut(entries: IniEntry[], path: string): Ini {
  const ini: Ini = { path, entries: new Map(), problems: [], warnings: [] }
  for (const entry of entries) {
    const { line } = entry
    const name = names.get(entry.name.toLowerCase())
    if (entry.value === undefined || entry.name === '') {
      const message = `line ${line} is neither Name=value, [section] nor comment`
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
          message: `${name} is set in line ${before.line} and in line ${line}; the latter holds`,
        })
      ini.entries.set(name, entry)
    }
  }
  return ini
}

function unknown(entry: IniEntry): SettingsWarning {
  const { name, value, line } = entry
  // Anything else may be part of a secret that a line break or a blank tore,
  // as may a name before the padding of base64.
  const isName = /^[\w.[\]-]{1,32}$/.test(name) && !/^=*$/.test(value ?? '')
  const setting = isName ? name : ''
  const nearest = setting && nearestName(setting, [...names.values()])
  if (nearest) concealSecret(nearest, entry)
  const hint = nearest ? `; did you mean ${nearest}?` : ''
  const message = `${setting || 'a name'} (line ${line}) is not a setting and is ignored${hint}`
  return { setting, line, message }
}

// Before anything is said, and also where another line sets it anew.
function concealSecret(name: string, entry: IniEntry) {
  if (secrets.has(name)) conceal(withoutPlaceholder(entry))
}

function settingOf(row: Setting, ini: Ini) {
  const entry = ini.entries.get(row.name)
  const ignored = row.needs !== undefined && isBlank(ini, row.needs)
  if (row.required && isBlank(ini, row.name)) {
    const is = entry?.value ? 'is still CHANGE_THIS' : 'is required'
    complain(ini, row.name, `${is}: give ${allowedText(row)}`)
    return undefined
  }
  const written = ignored || !entry ? row.default : textOf(entry, row)
  if (written === '' && row.kind === 'integer') return undefined
  const text = row.kind === 'secret' ? secretOf(row, written, ini) : written
  if (text === undefined) return undefined
  const shown = row.kind === 'secret' ? undefined : shorten(text)
  if (/(?!\t)[\p{Cc}\ufffd]/u.test(text)) {
    const cure = isEncrypted(written)
      ? 'encrypt it anew'
      : 'save the file as UTF-8'
    complain(ini, row.name, `holds unreadable characters: ${cure}`, shown)
    return undefined
  }
  const value = readValue(row, text, dirname(resolve(ini.path)))
  if (value === undefined)
    complain(ini, row.name, `must be ${wanted(row, text)}`, shown)
  return value
}

function secretOf({ name }: Setting, text: string, ini: Ini) {
  const keyFile = withoutPlaceholder(ini.entries.get('KeyFile'))
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
    complain(ini, name, error.message)
    return undefined
  }
}

function textOf(entry: IniEntry, row: Setting) {
  const text = withoutPlaceholder(entry)
  // A list may be emptied on purpose, as Inclusions is to collect all files.
  return text === '' && row.kind !== 'list' ? row.default : text
}

function withoutPlaceholder(entry: IniEntry | undefined) {
  const text = entry?.value ?? ''
  return text.toUpperCase() === 'CHANGE_THIS' ? '' : text
}

function isBlank(ini: Ini, name: string) {
  return withoutPlaceholder(ini.entries.get(name)) === ''
}

function wanted(row: Setting, text: string) {
  if (row.kind === 'integer') return `a whole number, ${allowedText(row)}`
  if (row.kind !== 'choice') return allowedText(row)
  const lower = text.toLowerCase()
  const meant = row.choices.find(choice => choice.toLowerCase() === lower)
  return meant ? `${allowedText(row)}, here ${meant}` : allowedText(row)
}

function checkTogether(ini: Ini) {
  if (isBlank(ini, 'LogType'))
    warn(ini, 'LogType', 'is not set: CloudTrail is collected')
  const keys = ['AccessKeyId', 'SecretAccessKey']
  const blank = keys.filter(name => isBlank(ini, name))
  const [missing] = blank
  if (blank.length === 1 && missing !== undefined)
    complain(
      ini,
      missing,
      `is not set, but ${missing === keys[0] ? keys[1] : keys[0]} is: give both, or leave both blank for the AWS default chain`,
    )
  checkProxy(ini)
  warnOfPlain(ini, blank.length === 0 ? keys.toReversed() : [])
  if (!isBlank(ini, 'Profile') && blank.length < 2)
    warn(ini, 'Profile', 'is ignored, since AccessKeyId is set')
}

function warnOfPlain(ini: Ini, keys: readonly string[]) {
  const secrets = isBlank(ini, 'ProxyServer') ? keys : [...keys, 'Password']
  const [first, ...others] = secrets
    .filter(name => !isBlank(ini, name))
    .filter(name => !isEncrypted(ini.entries.get(name)?.value ?? ''))
    .filter(name => ini.problems.every(({ setting }) => setting !== name))
  if (first === undefined) return
  const are = others.length > 0 ? `and ${others.join(', ')} are` : 'is'
  const other =
    first === 'Password'
      ? ''
      : ', or leave both keys blank for the AWS default chain'
  warn(
    ini,
    first,
    `${are} in plain text: encrypt with \`encrypt --config ${ini.path} --set NAME\`${other}`,
  )
}

function checkProxy(ini: Ini) {
  const text = (name: string) => withoutPlaceholder(ini.entries.get(name))
  const server = text('ProxyServer')
  const isWrong = ini.problems.some(
    problem => problem.setting === 'ProxyServer',
  )
  if (server === '' || isWrong) return
  const { port } = proxyAddress(server) ?? { port: 0 }
  if (port !== undefined && (port < 1 || port > MOST_PORT))
    complain(ini, 'ProxyServer', 'is no address of a host', shorten(server))
  else if (port === undefined && text('ProxyPort') === '')
    complain(
      ini,
      'ProxyPort',
      "is not set: give the proxy's, often 8080 or 3128",
    )
  else if (port && text('ProxyPort') && Number(text('ProxyPort')) !== port)
    complain(ini, 'ProxyPort', `and the port ${port} in ProxyServer differ`)
  if (text('UserName') === '' && text('Password') !== '')
    complain(ini, 'UserName', 'is not set, but Password is: give both or none')
  else if (text('UserName') === '' && text('Domain') !== '')
    warn(ini, 'Domain', 'is ignored, since UserName is not set')
  for (const name of ['UserName', 'Domain'])
    if (text(name).includes(':'))
      complain(ini, name, 'holds a colon, which would end the user name')
}

function warn(ini: Ini, setting: string, text: string) {
  ini.warnings.push(place(ini, setting, text))
}

function complain(ini: Ini, setting: string, text: string, value?: string) {
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

// A URL may hold a password before its '@', and what is as long as a secret
// access key may be one that was put in the wrong line.
function shorten(text: string) {
  if (/^[\w/+-]{40}$/.test(text)) return '***'
  const safe = concealed(text).replace(/^.*@/s, '***@')
  return safe.length > 100 ? `${safe.slice(0, 100)}…` : safe
}

// The kinds of settings: the form of a table row, the TypeScript type of its
// value, the texts that it accepts, and a description of these texts. Blank texts
// are handled in parse-settings: only kinds that allow blank get one.
import { resolve } from 'node:path'

interface Row {
  name: string
  /** Its section in a new ini; Plugin, with this program's own, unless given. */
  section?: string
  /** The text of an absent setting, as in an ini; '' unless given. */
  default?: string
  /** Defaults for LogTypes other than the usual one, by the LogType's name. */
  defaults?: Readonly<Record<string, string>>
  description: string
  required?: true
  /** The setting that this one depends on; while that is blank, this one is ignored, valid or invalid. */
  needs?: string
}

/** Describes one row of the settings table. */
export type Setting = Row &
  (
    | { kind: 'text'; pattern?: RegExp; allowed?: string }
    | {
        kind:
          'secret' | 'boolean' | 'list' | 'path' | 'prefix' | 'url' | 'shard'
      }
    | { kind: 'integer'; range: readonly [number, number] }
    | { kind: 'choice' | 'choices'; choices: readonly string[] }
  )

/** The type of a row's value; an integer without default may be absent. */
export type SettingValue<R> = R extends { choices: readonly (infer Choice)[] }
  ? R extends { kind: 'choices' }
    ? Choice[]
    : Choice
  : R extends { kind: 'integer' }
    ? R extends { default: string }
      ? number
      : number | undefined
    : R extends { kind: 'boolean' }
      ? boolean
      : R extends { kind: 'list' }
        ? string[]
        : R extends { kind: 'shard' }
          ? Shard
          : string

/** One of `of` equal shares, counted from 1. */
export interface Shard {
  index: number
  of: number
}

// A larger number is most likely mistyped.
const MAX_SHARDS = 1000

const booleans = new Map([
  ...['true', 'yes', 'on', '1'].map(text => [text, true] as const),
  ...['false', 'no', 'off', '0'].map(text => [text, false] as const),
])

/** Turns a setting's text into its value, or undefined if it is invalid; relative paths are relative to `folder`. */
export function readValue(row: Setting, text: string, folder: string) {
  switch (row.kind) {
    case 'integer':
      return readInteger(text, row.range)
    case 'boolean':
      return booleans.get(text.toLowerCase())
    case 'choice':
      return row.choices.find(choice => choice === text)
    case 'choices':
      return readChoices(text, row.choices)
    case 'list':
      return itemsOf(text)
    case 'path':
      return text && resolve(folder, text)
    case 'prefix':
      // A URL is refused: only the folder's path is valid.
      return /^[a-z\d]+:\/\//i.test(text)
        ? undefined
        : text.replace(/^\/+/, '').replace(/[^/]$/, '$&/')
    case 'url':
      return text === '' || isHttpUrl(text) ? text : undefined
    case 'text':
      return row.pattern?.test(text) === false ? undefined : text
    case 'shard':
      return readShard(text)
    case 'secret':
      return text
  }
}

/** Gives the default text of a setting for a LogType. */
export function defaultOf(row: Setting, logType: string): string {
  return row.defaults?.[logType] ?? row.default ?? ''
}

/** Names the section of a setting in a new ini. */
export const sectionOf = ({ section = 'Plugin' }: Setting): string => section

/** Describes the texts that a setting accepts; '' if it accepts any text. */
export function allowedText(row: Setting): string {
  switch (row.kind) {
    case 'integer':
      return row.range.join('-')
    case 'boolean':
      return 'true or false'
    case 'choice':
      return row.choices.join(' or ')
    case 'choices':
      return `a comma list of ${row.choices.join(', ')}`
    case 'list':
      return 'a comma list'
    case 'path':
      return 'a path'
    case 'url':
      return 'an http or https URL without credentials'
    case 'shard':
      return `i/n, 1/1 to ${MAX_SHARDS}/${MAX_SHARDS}`
    case 'text':
      return row.allowed ?? ''
    default:
      return ''
  }
}

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

/** Splits a comma list at its commas; blank items are dropped. */
export function itemsOf(text: string): string[] {
  return text
    .split(',')
    .map(item => item.trim())
    .filter(item => item !== '')
}

// Gives each choice once, in the order of the table: order and repeats in the ini
// have no effect.
function readChoices(text: string, choices: readonly string[]) {
  const items = itemsOf(text)
  const fits = items.length > 0 && items.every(item => choices.includes(item))
  return fits ? choices.filter(choice => items.includes(choice)) : undefined
}

function readInteger(text: string, [least, most]: readonly [number, number]) {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  return value >= least && value <= most ? value : undefined
}

function readShard(text: string): Shard | undefined {
  const [, index = 0, of = 0] = /^(\d+)\/(\d+)$/.exec(text)?.map(Number) ?? []
  const fits = index >= 1 && index <= of && of <= MAX_SHARDS
  return fits ? { index, of } : undefined
}

function isHttpUrl(text: string) {
  if (!URL.canParse(text)) return false
  const { protocol, username, password } = new URL(text)
  return /^https?:$/.test(protocol) && !username && !password
}

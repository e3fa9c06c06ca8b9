// Replaces the session tokens that AWS logs in clear in the answers of
// AssumeRole and its kin: each member named sessionToken, in any case, anywhere
// within responseElements or serviceEventDetails. They are found by their place
// in the JSON, so a user agent or a request parameter can neither hide a token
// nor imitate one.

import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  BACKSLASH,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  isSpace,
} from './json-bytes.ts'
import { N } from './json-tokens.ts'

const HOLDERS = new Set(['responseElements', 'serviceEventDetails'])
const TOKEN = 'sessiontoken'
// A name may be escaped.
const HINT = /sessiontoken|\\u/i
const REDACTED = Buffer.from('"REDACTED"')
// In broken JSON places have no meaning: the text after the name is replaced.
const AFTER_NAME = new RegExp(
  `(${[...TOKEN].map(spellings).join('')}[^\\w+/]{1,99})[\\w+/=.%\\\\-]+`,
  'gi',
)

/** Replaces the tokens of the record from `from` to before `to`, in UTF-8, which is a JSON object or (isJson false) could not be read; undefined if it has none. */
export function redactTokens(
  bytes: Buffer,
  from: number,
  to: number,
  isJson: boolean,
): Buffer | undefined {
  const record = bytes.subarray(from, to)
  if (!HINT.test(record.toString('latin1'))) return undefined
  return isJson ? redactJson(record) : redactText(record.toString())
}

/** Makes the pattern of a letter of a name, as it is or escaped; case is ignored. */
function spellings(letter: string): string {
  const [small, large] = [letter, letter.toUpperCase()].map(one =>
    one.charCodeAt(0).toString(16),
  )
  return `(?:${letter}|\\\\u00(?:${small}|${large}))`
}

function redactText(text: string): Buffer | undefined {
  const redacted = text.replaceAll(AFTER_NAME, '$1REDACTED')
  return redacted === text ? undefined : Buffer.from(redacted)
}

function redactJson(record: Buffer): Buffer | undefined {
  const pieces: Buffer[] = []
  let copied = 0
  /** For each container around the current place, whether a token may be in it. */
  const open: boolean[] = []
  /** Whether a token may be in the value of the member just named. */
  let named: boolean | undefined
  let i = 0
  while (i < record.length) {
    const c = record[i]
    if (c === OPEN_BRACE || c === OPEN_BRACKET) {
      // An element of an array inherits the state of the array.
      open.push(named ?? open.at(-1) ?? false)
      named = undefined
    } else if (c === CLOSE_BRACE || c === CLOSE_BRACKET) open.pop()
    else if (c === COMMA) named = undefined
    else if (c === QUOTE) {
      const end = stringEnd(record, i)
      const colon = skipSpace(record, end)
      // A colon follows only the name of a member.
      if (record[colon] === COLON) {
        const name = nameOf(record, i, end)
        const isWithin = open.at(-1) ?? false
        const value = skipSpace(record, colon + 1)
        if (isWithin && isToken(name) && record[value] !== N) {
          pieces.push(record.subarray(copied, value), REDACTED)
          copied = valueEnd(record, value)
          i = copied
          continue
        }
        named = isWithin || (open.length === 1 && HOLDERS.has(name))
        i = value
      } else i = end
      continue
    }
    i++
  }
  if (copied === 0) return undefined
  return Buffer.concat([...pieces, record.subarray(copied)])
}

const isToken = (name: string): boolean => name.toLowerCase() === TOKEN

function nameOf(record: Buffer, from: number, to: number): string {
  const text = record.toString('utf8', from, to)
  return text.includes('\\') ? (JSON.parse(text) as string) : text.slice(1, -1)
}

/** Finds the position after a value; a container is skipped whole. */
function valueEnd(record: Buffer, from: number): number {
  let depth = 0
  let i = from
  while (i < record.length) {
    const c = record[i] as number
    if (c === QUOTE) {
      i = stringEnd(record, i)
      if (depth === 0) return i
      continue
    }
    if (c === OPEN_BRACE || c === OPEN_BRACKET) depth++
    else if (c === CLOSE_BRACE || c === CLOSE_BRACKET) {
      if (depth === 0) return i
      if (--depth === 0) return i + 1
    } else if (depth === 0 && (c === COMMA || isSpace(c))) return i
    i++
  }
  return i
}

/** Finds the position after the string whose first quote is at `from`. */
function stringEnd(record: Buffer, from: number): number {
  let i = from + 1
  while (i < record.length && record[i] !== QUOTE)
    i += record[i] === BACKSLASH ? 2 : 1
  return i + 1
}

function skipSpace(record: Buffer, from: number): number {
  let i = from
  while (i < record.length && isSpace(record[i] as number)) i++
  return i
}

// Decodes all possible meanings of a text at an offset: a character may stand
// as itself, percent-encoded, as a reference of XML or HTML, or escaped as in
// JSON, and each character of such an escape may be escaped in turn.

/** The bytes that a text may mean at an offset, and the end of their spelling. */
export interface Reading {
  /** One character for each byte. */
  bytes: string
  end: number
}

/** Gives the possible meanings at an offset, the plain character first. */
export type Readings = (at: number) => readonly Reading[]

/** Matches texts that may contain an escape. */
export const escapes = /%\s*[\da-fu]|&\s*[#a-z]|\\/i

const SPACE = /^\s$/
const STARTS = /[%&\\]/
// Limits of the meanings and of the steps at an offset, since escapes may be
// nested.
const MAX_READINGS = 16
const MAX_STEPS = 500

const BEGUN =
  /^(?:%[\da-f]?|&(?:#(?:x[\da-f]{0,6}|\d{0,7})|[a-z]{0,8})?|\\(?:x[\da-f]?|u\{[\da-f]{0,6})?|[%\\]u(?:[\da-f]{0,3}|d[89ab][\da-f]{2}(?:[%\\](?:u[\da-f]{0,3})?)?))$/i
const BY_CODE =
  /^(?:%([\da-f]{2})|\\x([\da-f]{2})|[%\\]u([\da-f]{4})|\\u\{([\da-f]{1,6})\})$/i
const BY_NUMBER = /^&#(?:x([\da-f]{1,6})|(\d{1,7}));$/i
const PAIR = /^[%\\]u(d[89ab][\da-f]{2})[%\\]u(d[c-f][\da-f]{2})$/i
const NAMED = new Map(
  (
    '\tTab \nNewLine !excl "quot "QUOT #num $dollar %percnt &amp &AMP \'apos ' +
    '(lpar )rpar *ast +plus ,comma -hyphen .period /sol :colon ;semi <lt <LT ' +
    '=equals >gt >GT ?quest @commat [lsqb [lbrack \\bsol ]rsqb ]rbrack ^Hat ' +
    '_lowbar `grave {lcub {lbrace |verbar |vert }rcub }rbrace ~tilde'
  )
    .split(' ')
    .map(text => [`&${text.slice(1)};`, text.charAt(0)]),
)
const IN_JSON = new Map([
  ['\\b', '\b'],
  ['\\f', '\f'],
  ['\\n', '\n'],
  ['\\r', '\r'],
  ['\\t', '\t'],
])

/** Reads the escapes of a text whose characters stand for bytes. */
export function readingsOf(text: string): Readings {
  const escaped = new Map<number, readonly Reading[]>()
  const readings: Readings = at =>
    escaped.get(at) ?? [{ bytes: text.charAt(at), end: at + 1 }]
  // An escape may contain the escapes behind it, so the last is read first.
  for (let at = text.length - 1; at >= 0; at--)
    if (STARTS.test(text.charAt(at)))
      escaped.set(at, readingsAt(text, at, readings))
  return readings
}

function readingsAt(text: string, at: number, readings: Readings): Reading[] {
  const found = [{ bytes: text.charAt(at), end: at + 1 }]
  let steps = 0
  const find = (meant: string | undefined, end: number): void => {
    if (meant === undefined || found.length === MAX_READINGS) return
    if (!found.some(known => known.end === end && known.bytes === meant))
      found.push({ bytes: meant, end })
  }
  const goOn = (begun: string, from: number, isBroken = false): void => {
    if (++steps > MAX_STEPS) return
    let isOver = from === text.length && !isBroken
    const digit = /^&#x/i.test(begun) ? /^[\da-f;]$/i : /^[\d;]$/
    for (const { bytes, end } of from < text.length ? readings(from) : []) {
      if (bytes.length > 1) continue
      // A line that is too long may be broken anywhere.
      if (end === from + 1 && SPACE.test(bytes)) goOn(begun, end, true)
      const escape = begun + bytes
      find(meaningOf(escape), end)
      if (BEGUN.test(escape)) goOn(escape, end)
      isOver ||= !isBroken && !digit.test(bytes)
    }
    // In HTML the semicolon is optional.
    if (isOver && begun.startsWith('&#')) find(meaningOf(`${begun};`), from)
  }
  // The list grows during the loop.
  for (const { bytes, end } of found) if (STARTS.test(bytes)) goOn(bytes, end)
  return found
}

function meaningOf(escape: string): string | undefined {
  if (escape.startsWith('&'))
    return escape.endsWith(';') ? referent(escape) : undefined
  if (escape.length === 2 && escape.startsWith('\\'))
    // Some programs escape characters without need.
    return /[\w\s]/.test(escape) ? IN_JSON.get(escape) : escape.charAt(1)
  const [, byte, two, four, some] = BY_CODE.exec(escape) ?? []
  if (byte !== undefined) return String.fromCharCode(Number.parseInt(byte, 16))
  const hex = two ?? four ?? some
  if (hex !== undefined) return utf8(Number.parseInt(hex, 16))
  const [, ...units] = PAIR.exec(escape) ?? []
  if (units.length === 0) return undefined
  return inBytes(
    String.fromCharCode(...units.map(unit => Number.parseInt(unit, 16))),
  )
}

function referent(reference: string): string | undefined {
  const [, hex, decimal] = BY_NUMBER.exec(reference) ?? []
  if (hex !== undefined) return utf8(Number.parseInt(hex, 16))
  return decimal === undefined ? NAMED.get(reference) : utf8(Number(decimal))
}

const utf8 = (code: number): string | undefined =>
  code <= 0x10ffff ? inBytes(String.fromCodePoint(code)) : undefined

/** Encodes a text in UTF-8, one character for each byte. */
export function inBytes(text: string): string {
  return Buffer.from(text).toString('latin1')
}

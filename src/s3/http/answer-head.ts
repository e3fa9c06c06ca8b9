// The head of an answer: its status line and headers, and what they say about
// the end of the body and of the connection (RFC 9112). An answer with two ends
// is an error: two readers would see two bodies.

/** Headers by their names in lower case; of one that is repeated, the first, but all of `connection`. */
export type Headers = Readonly<Record<string, string | undefined>>

/** The body's end: after so many bytes, after its last chunk, or with the connection. */
export type Framing = number | 'chunked' | 'untilClose'

export interface AnswerHead {
  status: number
  headers: Headers
  framing: Framing
  /** The connection can carry another request afterwards. */
  isKept: boolean
}

const NO_HTTP = 'NoHttp'
const LINE_END = '\r\n'
const START = 'HTTP/1.'
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: |$)/
// Characters that no line may have, also those of a line break alone.
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\0-\x08\n-\x1f\x7f]/
const HEADER =
  // oxlint-disable-next-line no-control-regex
  /([\w!#$%&'*+.^`|~-]+):[\t ]*([^\0-\x08\n-\x1f\x7f]*)(?:\r\n|$)/y
const CLOSE = /(?:^|,)[\t ]*close[\t ]*(?:,|$)/i
const KEEP_ALIVE = /(?:^|,)[\t ]*keep-alive[\t ]*(?:,|$)/i
// A second one of these would be another end of the body.
const SINGLE = new Set(['content-length', 'transfer-encoding'])

/** Reads a head without the blank line that ends it; throws an error whose code is NoHttp. */
export function readHead(text: string): AnswerHead {
  const [first = ''] = text.split(LINE_END, 1)
  const [line, minor, status] = STATUS_LINE.exec(first) ?? []
  if (line === undefined) throw noHttp('it does not begin like one')
  if (CONTROL.test(first)) throw badCharacter()
  const headers = readHeaders(text, first.length + LINE_END.length)
  return {
    status: Number(status),
    headers,
    framing: framingOf(Number(status), headers),
    isKept: isKept(minor === '1', headers['connection'] ?? ''),
  }
}

function readHeaders(text: string, from: number): Headers {
  const headers: Record<string, string | undefined> = Object.create(
    null,
  ) as Record<string, string | undefined>
  for (HEADER.lastIndex = from; HEADER.lastIndex < text.length;) {
    const [, said, padded = ''] = HEADER.exec(text) ?? []
    if (said === undefined) throw badLine(text)
    const name = said.toLowerCase()
    const value = trimmed(padded)
    if (headers[name] === undefined) headers[name] = value
    else if (SINGLE.has(name)) throw noHttp(`it has ${name} twice`)
    else if (name === 'connection') headers[name] += `,${value}`
  }
  return headers
}

// JavaScript trims more than blanks, which would make another header of it.
function trimmed(value: string): string {
  let end = value.length
  while (isBlank(value.charCodeAt(end - 1))) end--
  return value.slice(0, end)
}

const isBlank = (char: number): boolean => char === 0x20 || char === 0x09

function framingOf(status: number, headers: Headers): Framing {
  const length = headers['content-length']
  const encoding = headers['transfer-encoding']
  if (status < 200 || status === 204 || status === 304) return 0
  if (encoding !== undefined) {
    if (length !== undefined)
      throw noHttp('it has content-length beside transfer-encoding')
    if (encoding.toLowerCase() !== 'chunked')
      throw noHttp('its transfer-encoding is not chunked')
    return 'chunked'
  }
  if (length === undefined) return 'untilClose'
  if (!/^\d{1,15}$/.test(length))
    throw noHttp('its content-length is not a number of bytes')
  return Number(length)
}

// HTTP/1.0 closes unless it says otherwise, HTTP/1.1 keeps.
function isKept(isNewer: boolean, connection: string): boolean {
  return !CLOSE.test(connection) && (isNewer || KEEP_ALIVE.test(connection))
}

/** Throws an error whose code is NoHttp if the part of a head that has come cannot become one, since its rest may never come. */
export function checkStart(head: Buffer): void {
  if (!START.startsWith(head.toString('latin1', 0, START.length)))
    throw noHttp('it does not begin like one')
  if (head.includes('\n\n')) throw badCharacter()
}

// Control characters explain more than a line that is no header.
const badLine = (text: string): Error =>
  CONTROL.test(text.replaceAll(LINE_END, ''))
    ? badCharacter()
    : noHttp('a line among its headers is none')

const badCharacter = (): Error => noHttp('its headers have control characters')

/** Makes the error for an answer that is not HTTP/1.1. */
export const noHttp = (what: string): Error =>
  Object.assign(new Error(`the answer is not HTTP: ${what}`), {
    code: NO_HTTP,
  })

/** Tells whether it is that error. */
export const isNoHttp = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === NO_HTTP

// The head of an answer: its status line and headers, and what they say about
// the end of the body and of the connection (RFC 9112). An answer with two ends
// is an error: two readers would see two bodies.

/** Headers by their names in lower case; of one that is repeated, the first. */
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

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: |$)/
const NAME = /^[\w!#$%&'*+.^`|~-]+$/
const FOLD = /\r\n[\t ]+/g
// Characters that no header may have, except the line breaks between them.
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/
// A second one of these would be another end of the body.
const SINGLE = new Set(['content-length', 'transfer-encoding'])

/** Reads a head without the blank line that ends it; throws an error whose code is NoHttp. */
export function readHead(text: string): AnswerHead {
  const [first = '', ...lines] = text.replace(FOLD, ' ').split('\r\n')
  const [line, minor, status] = STATUS_LINE.exec(first) ?? []
  if (line === undefined) throw noHttp('it does not begin like one')
  if (CONTROL.test(text)) throw noHttp('its headers have control characters')
  const headers = readHeaders(lines)
  return {
    status: Number(status),
    headers,
    framing: framingOf(Number(status), headers),
    isKept: isKept(minor === '1', headers['connection'] ?? ''),
  }
}

function readHeaders(lines: readonly string[]): Headers {
  const headers: Record<string, string | undefined> = Object.create(
    null,
  ) as Record<string, string | undefined>
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(0, colon)).toLowerCase()
    if (!NAME.test(name)) throw noHttp('a line among its headers is none')
    const value = line.slice(colon + 1).trim()
    if (headers[name] === undefined) headers[name] = value
    else if (SINGLE.has(name)) throw noHttp(`it has ${name} twice`)
  }
  return headers
}

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
  const options = connection.toLowerCase().split(/[\t ]*,[\t ]*/)
  return isNewer ? !options.includes('close') : options.includes('keep-alive')
}

/** Makes the error for an answer that is not HTTP/1.1. */
export const noHttp = (what: string): Error =>
  Object.assign(new Error(`the answer is not HTTP: ${what}`), {
    code: 'NoHttp',
  })

// Reads the small part of XML that S3 uses, in one pass: elements, text, CDATA
// and references to characters. Attributes are skipped. A text that is not well
// formed, has a DOCTYPE or is deeply nested is refused: a cut page must never
// pass for a complete one.

const DEEPEST = 32
const NAME = /^[\w.:-]+$/
const NAME_IN_TAG = /^[\w.:-]+(?=\s|\/?$)/

/** Calls `onEnd` at the end of each element with the names from the root down to it and its last text; throws Error if it is not XML. */
export function readXml(
  text: string,
  onEnd: (path: readonly string[], value: string) => void,
): void {
  const path: string[] = []
  let value = ''
  let hasRoot = false
  let at = text.startsWith('\uFEFF') ? 1 : 0

  while (at < text.length) {
    const start = text.indexOf('<', at)
    if (start !== at) {
      const between = text.slice(at, start < 0 ? undefined : start)
      if (path.length > 0) value += decode(between)
      else if (between.trim() !== '') throw notXml()
      if (start < 0) break
    }
    const mark = markAt(text, start)
    const stop = text.indexOf(mark.end, start + mark.start.length)
    if (stop < 0) throw notXml()
    const content = text.slice(start + mark.start.length, stop)
    at = stop + mark.end.length
    if (mark === CDATA) value += content
    else if (mark === CLOSING) {
      if (content.trimEnd() !== path.at(-1)) throw notXml()
      onEnd(path, value)
      path.pop()
      value = ''
    } else if (mark === TAG) {
      if (hasRoot && path.length === 0) throw notXml()
      if (path.length === DEEPEST) throw notXml()
      hasRoot = true
      path.push(nameOf(content))
      value = ''
      if (!content.endsWith('/')) continue
      onEnd(path, value)
      path.pop()
    }
  }
  if (!hasRoot || path.length > 0) throw notXml()
}

function nameOf(tag: string): string {
  // Nearly all are only a name, and a test makes no array.
  const name = NAME.test(tag) ? tag : NAME_IN_TAG.exec(tag)?.[0]
  if (name === undefined) throw notXml()
  return name
}

const CLOSING = { start: '</', end: '>' }
const INSTRUCTION = { start: '<?', end: '?>' }
const COMMENT = { start: '<!--', end: '-->' }
const CDATA = { start: '<![CDATA[', end: ']]>' }
const TAG = { start: '<', end: '>' }
const LAST_SIGN = 0x3f

const MARKS = [CLOSING, INSTRUCTION, COMMENT, CDATA]

function markAt(text: string, at: number): typeof TAG {
  // Most begin with a letter.
  if (text.charCodeAt(at + 1) > LAST_SIGN) return TAG
  return MARKS.find(({ start }) => text.startsWith(start, at)) ?? TAG
}

const NAMED: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
])
const NUMBER = /^#(?:x([\da-f]{1,6})|(\d{1,7}))$/i
const MAX_REFERENCE = '&#1114111;'.length
// A key has 1024 bytes, each of which may be written as a reference.
const MAX_TEXT = 64 * 1024

function decode(text: string): string {
  let at = text.indexOf('&')
  if (at < 0) return text
  if (text.length > MAX_TEXT) throw notXml()
  let decoded = ''
  let from = 0
  for (; at >= 0; at = text.indexOf('&', from)) {
    const end = text.slice(at, at + MAX_REFERENCE).indexOf(';')
    if (end < 0) throw notXml()
    decoded += text.slice(from, at) + character(text.slice(at + 1, at + end))
    from = at + end + 1
  }
  return decoded + text.slice(from)
}

function character(reference: string): string {
  const named = NAMED.get(reference)
  if (named !== undefined) return named
  const [, hex, decimal] = NUMBER.exec(reference) ?? []
  if (hex === undefined && decimal === undefined) throw notXml()
  // An invalid code point throws as well.
  return String.fromCodePoint(
    hex === undefined ? Number(decimal) : Number(`0x${hex}`),
  )
}

const notXml = (): Error => new Error('the answer is not well-formed XML')

// Turns the bytes of an ini into its entries, each with its line number, in the
// order of the file. Every value is kept exactly as written, except for the white
// space around it: the ini package alone would cut values at ';' and '#', unquote
// them, turn 'true' into a boolean and 'a[]' into an array, and drop __proto__, so
// each line is prepared for it.
import { parse } from 'ini'

/** The placeholder for a value to fill in, in LogRhythm's ini and in a new one. */
export const PLACEHOLDER = 'CHANGE_THIS'

/** Holds one line of an ini, blank lines, comments and sections excepted; value is undefined if the line has no '='. */
export interface IniEntry {
  name: string
  value: string | undefined
  line: number
}

/** Reads the entries of an ini in UTF-8 or UTF-16, with or without BOM, with any line ends. */
export function readIni(bytes: Buffer): IniEntry[] {
  const entries: IniEntry[] = []
  // TextDecoder drops the byte order mark.
  const lines = new TextDecoder(encodingOf(bytes))
    .decode(bytes)
    .split(/\r\n|\r|\n/)
  for (const [index, untrimmed] of lines.entries()) {
    const text = untrimmed.trim()
    if (/^([;#]|\[.*\]\s*([;#].*)?$|$)/.test(text)) continue
    entries.push({ ...readLine(text), line: index + 1 })
  }
  return entries
}

/** Finds the effective entry of a setting: its last one that has a value. */
export function lastEntry(
  entries: readonly IniEntry[],
  name: string,
): IniEntry | undefined {
  const wanted = name.toLowerCase()
  return entries.findLast(
    entry => entry.name.toLowerCase() === wanted && entry.value !== undefined,
  )
}

function readLine(text: string) {
  const equals = text.indexOf('=')
  if (equals < 0) return { name: text, value: undefined }
  const prepared = `${quote(text.slice(0, equals))}=${quote(text.slice(equals + 1))}`
  const parsed: Record<string, unknown> = parse(prepared)
  const [name = '', value] = Object.entries(parsed)[0] ?? []
  return { name: name.trim(), value: String(value).trim() }
}

// The package keeps a JSON string as it is, unless its text is 'true', 'null' or
// the like, ends in '[]' or is __proto__; the added space prevents that. Its
// pattern for lines stops at U+2028 and U+2029.
function quote(text: string) {
  return JSON.stringify(`${text} `)
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029')
}

/** Gives a value, '' if it is still the placeholder. */
export const withoutPlaceholder = (value: string): string =>
  value.toUpperCase() === PLACEHOLDER ? '' : value

/** Names the encoding of an ini's bytes; without a mark, a NUL beside the first character, which is ASCII, shows UTF-16 and its byte order. */
export function encodingOf([first, second]: Buffer) {
  if ((first === 0xff && second === 0xfe) || second === 0) return 'utf-16le'
  if ((first === 0xfe && second === 0xff) || first === 0) return 'utf-16be'
  return 'utf-8'
}

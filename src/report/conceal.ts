// Replaces the secrets of this process in texts. A server or proxy may echo
// anything that was sent to it, in any form, so its texts are concealed before
// they become errors, and every text for people once more at the output.
// Records on stdout are evidence and stay as they are. The secrets are global,
// since errors are made where no report is at hand.

import { orElse } from '../files/error-code.ts'
import { escapes, inBytes, readingsOf, type Readings } from './escapes.ts'

// Shorter secrets would be found in everyday words.
const MIN_SECRET = 8
const HIDDEN = '***'
// A signature is no secret, but is made with one, and stays valid for minutes.
const SIGNATURE = /(?<=Signature=)[0-9a-f]{64}/g
const SECRET_VARIABLES = [
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'LR_S3_INPUT_KEY',
]
const URL_PASSWORD = /^\w+:\/\/([^/?#:]*):(.+)@[^@/]/
const SPACE = /^\s$/

interface Needle {
  /** One character for each byte. */
  bytes: string
  /** White space is ignored in it and in the text. */
  isLoose: boolean
  /** Maps all spellings of a byte to one. */
  same(byte: string): string
}

const known = new Set<string>()
/** Needles by their first byte, the longest first, since a needle may contain another. */
const needles = new Map<string, Needle[]>()
/** A text that contains none of these (white space and case ignored) and no escapes holds no secret. */
const marks = new Set<string>()

/** Keeps secrets out of all texts from now on: as they are, escaped in the usual ways, in hex, in base64, and broken by white space. Secrets of under 8 characters are left, since they cannot be told from other text. */
export function conceal(...secrets: readonly (string | undefined)[]): void {
  for (const secret of secrets) {
    if (secret === undefined || secret.length < MIN_SECRET) continue
    if (known.has(secret)) continue
    known.add(secret)
    // A shorter one would be found too often between spaces.
    const isLoose = secret.replace(/\s/g, '').length >= MIN_SECRET
    const text = isLoose ? secret.trim() : secret
    lookFor({ bytes: inBytes(text), isLoose, same: String })
    const hex = Buffer.from(text).toString('hex')
    lookFor({ bytes: hex, isLoose: true, same: inSmall })
    for (const base64 of inBase64(text))
      lookFor({ bytes: base64, isLoose: true, same: inOneAlphabet })
  }
}

function lookFor(needle: Needle): void {
  const { bytes } = needle
  const first = bytes.charAt(0)
  const others = needles.get(first) ?? []
  needles.set(
    first,
    [...others, needle].toSorted((a, b) => b.bytes.length - a.bytes.length),
  )
  marks.add(inSmall(longestWord(bytes)))
}

/** Keeps the secrets of the environment, and the passwords in its URLs, such as a proxy's, out of all texts. */
export function concealEnvironment(env: NodeJS.ProcessEnv): void {
  for (const name of SECRET_VARIABLES) conceal(env[name])
  for (const value of Object.values(env)) {
    const [, user = '', password] = URL_PASSWORD.exec(value ?? '') ?? []
    if (password === undefined) continue
    const plain = percentDecoded(password)
    conceal(password, plain, `${percentDecoded(user)}:${plain}`)
  }
}

/** Decodes percent-encoding, as in the user name of a URL; a text that is not validly encoded stays as it is. */
export const percentDecoded = (text: string): string =>
  orElse(text, () => decodeURIComponent(text))

/** Writes *** for each secret in a text. */
export function concealed(text: string): string {
  const rest = mayHold(text) ? withoutSecrets(text) : text
  return rest.replace(SIGNATURE, HIDDEN)
}

/** Makes JSON of a value, with *** for each secret in its texts. */
export function concealedJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'string' ? concealed(part) : part,
  )
}

const inSmall = (text: string): string => text.toLowerCase()

const inOneAlphabet = (byte: string): string =>
  byte === '-' ? '+' : byte === '_' ? '/' : byte

function mayHold(text: string): boolean {
  if (known.size === 0) return false
  if (escapes.test(text)) return true
  const bare = inSmall(text.replace(/\s+/g, ''))
  for (const mark of marks) if (bare.includes(mark)) return true
  return false
}

function withoutSecrets(text: string): string {
  const bytes = inBytes(text)
  const readings = readingsOf(bytes)
  let rest = ''
  let from = 0
  for (let at = 0; at < bytes.length; at++) {
    const end = endOfSecret(at, readings)
    if (end === 0) continue
    rest += bytes.slice(from, at) + HIDDEN
    from = end
    at = end - 1
  }
  if (from === 0) return text
  return Buffer.from(rest + bytes.slice(from), 'latin1').toString()
}

/** Gives the end of the secret that begins at an offset; 0 if none begins there. */
function endOfSecret(at: number, readings: Readings): number {
  for (const { bytes } of readings(at)) {
    const byte = bytes.charAt(0)
    for (const first of new Set([byte, inSmall(byte), inOneAlphabet(byte)]))
      for (const needle of needles.get(first) ?? []) {
        const end = endOf(needle, at, readings)
        if (end > 0) return end
      }
  }
  return 0
}

// Tries all readings of the text, each offset once.
function endOf(needle: Needle, start: number, readings: Readings): number {
  const { bytes, isLoose, same } = needle
  const seen = new Set<number>()
  const open: [at: number, done: number][] = [[start, 0]]
  let last = 0
  for (let next = open.pop(); next; next = open.pop()) {
    const [at, done] = next
    const place = at * (bytes.length + 1) + done
    if (seen.has(place)) continue
    seen.add(place)
    if (done === bytes.length) {
      last = Math.max(last, at)
      continue
    }
    const isSpace = SPACE.test(bytes.charAt(done))
    if (isSpace && isLoose) open.push([at, done + 1])
    for (const reading of readings(at)) {
      const said = reading.bytes
      if (isLoose && done > 0 && SPACE.test(said))
        open.push([reading.end, done])
      // HTML forms write a space so.
      else if (isSpace && said === '+') open.push([reading.end, done + 1])
      else if (isAt(bytes, done, said, same))
        open.push([reading.end, done + said.length])
    }
  }
  return last
}

function isAt(
  bytes: string,
  at: number,
  said: string,
  same: (byte: string) => string,
): boolean {
  for (let index = 0; index < said.length; index++)
    if (same(said.charAt(index)) !== bytes[at + index]) return false
  return said !== ''
}

const longestWord = (text: string): string =>
  text
    .split(/[^A-Za-z0-9]+/)
    .reduce((longest, word) => (word.length > longest.length ? word : longest))

/** Encodes a secret in base64 at each of the three offsets it may have in the encoded bytes; characters that also encode neighbouring bytes are left out. */
function inBase64(secret: string): string[] {
  const bytes = Buffer.from(secret)
  return [0, 1, 2].map(before =>
    Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .slice(
        Math.ceil((before * 8) / 6),
        Math.floor(((before + bytes.length) * 8) / 6),
      ),
  )
}

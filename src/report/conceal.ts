// The secrets of this process, and the way to take them out of a text. Servers
// and proxies may echo what was sent to them, in whatever form, so what they
// say passes here before it becomes an error, and all that is meant for people
// once more where it leaves. The records on stdout are evidence: they do not.
// It is the process's own, since errors are made where no report is at hand.

import { escapes, inBytes, readingsOf, type Readings } from './escapes.ts'

// What is shorter would be found in everyday words.
const SHORTEST = 8
const HIDDEN = '***'
// No secret itself, but made with one, and good for minutes.
const SIGNATURE = /(?<=Signature=)[0-9a-f]{64}/g
const SECRET_VARIABLES = [
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'LR_S3_INPUT_KEY',
]
const URL_PASSWORD = /^\w+:\/\/([^/?#:]*):(.+)@[^@/]/
const SPACE = /^\s$/

/** Bytes that are looked for. */
interface Needle {
  /** A character for each. */
  bytes: string
  /** White space counts neither in it nor in the text. */
  isLoose: boolean
  /** Makes one of the ways to write a byte. */
  same(byte: string): string
}

const known = new Set<string>()
/** By their first byte, the longest first: it may hold another. */
const needles = new Map<string, Needle[]>()
/** A text without any of these, but for white space and case, holds no secret unless there are escapes in it. */
const marks = new Set<string>()

/** Has secrets kept out of all texts from now on, as they are, escaped in any of the usual ways, in hex, in base64, or broken by white space; those of under 8 characters cannot be told from other text. */
export function conceal(...secrets: readonly (string | undefined)[]): void {
  for (const secret of secrets) {
    if (secret === undefined || secret.length < SHORTEST) continue
    if (known.has(secret)) continue
    known.add(secret)
    // With less, too much would be found between spaces.
    const isLoose = secret.replace(/\s/g, '').length >= SHORTEST
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

/** Keeps the secrets of the environment out of all texts, and the passwords of its URLs, such as a proxy's. */
export function concealEnvironment(env: NodeJS.ProcessEnv): void {
  for (const name of SECRET_VARIABLES) conceal(env[name])
  for (const value of Object.values(env)) {
    const [, user = '', password] = URL_PASSWORD.exec(value ?? '') ?? []
    if (password === undefined) continue
    const plain = percentDecoded(password)
    conceal(password, plain, `${percentDecoded(user)}:${plain}`)
  }
}

/** Decodes what is percent-encoded in a URL, as user names and passwords should be; a text that is not stays as it is. */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

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

/** Gives where the secret ends that begins at a place; 0 if none does. */
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

// Goes through all that the text may mean, each place of it once.
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
      // As forms write a space.
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

/** Encodes a secret in base64, wherever it begins in what was encoded; characters that hold bits of what stands around it are left out. */
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

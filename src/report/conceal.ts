// The secrets of this process, and the way to take them out of a text. Servers
// and proxies may echo what was sent to them, in whatever form, so what they
// say passes here before it becomes an error, and all that is meant for people
// once more where it leaves. The records on stdout are evidence: they do not.
// It is the process's own, since errors are made where no report is at hand.

// What is shorter would be found in everyday words.
const SHORTEST = 8
const HIDDEN = '***'
// No secret itself, but made with one, and good for minutes.
const SIGNATURE_MARK = 'Signature='
const SIGNATURE = `(?<=${SIGNATURE_MARK})[0-9a-f]{64}`
const SECRET_VARIABLES = [
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'LR_S3_INPUT_KEY',
]
const URL_PASSWORD = /^\w+:\/\/([^/?#:]*):(.+)@[^@/]/

const known = new Set<string>()
/** A text without any of these holds no secret, and no pattern is needed, which takes 10 ms to make. */
const marks = [SIGNATURE_MARK]
let pattern: RegExp | undefined

/** Has secrets kept out of all texts from now on, as they are, percent-encoded, escaped or in base64; those of under 8 characters cannot be told from other text. */
export function conceal(...secrets: readonly (string | undefined)[]): void {
  for (const secret of secrets) {
    if (secret === undefined || secret.length < SHORTEST) continue
    if (known.has(secret)) continue
    known.add(secret)
    marks.push(...[secret, ...inBase64(secret)].map(longestWord))
    pattern = undefined
  }
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
  if (!marks.some(mark => text.includes(mark))) return text
  pattern ??= patternOf([...known])
  return text.replace(pattern, HIDDEN)
}

/** Makes JSON of a value, with *** for each secret in its texts. */
export function concealedJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'string' ? concealed(part) : part,
  )
}

function patternOf(secrets: readonly string[]): RegExp {
  const forms = secrets
    // The longest first: it may hold another.
    .toSorted((a, b) => b.length - a.length)
    .flatMap(secret => [written(secret), ...inBase64(secret).map(anyAlphabet)])
  return new RegExp([...forms, SIGNATURE].join('|'), 'gu')
}

const longestWord = (text: string): string =>
  text
    .split(/[^A-Za-z0-9]+/)
    .reduce((longest, word) => (word.length > longest.length ? word : longest))

/** Makes the pattern of a secret in plain text, in URLs, forms and JSON. */
const written = (secret: string): string =>
  Array.from(secret, character => {
    if (/[A-Za-z0-9]/.test(character)) return character
    const ways = [
      percentEncoded(character),
      character === ' ' ? '+' : character,
      inJson(character),
      byNumber(character),
      // Some escape what need not be.
      `\\${character}`,
      character,
    ]
    // The longest first: one may begin as another.
    const patterns = [...new Set(ways)]
      .toSorted((a, b) => b.length - a.length)
      .map(anyCase)
    return `(?:${patterns.join('|')})`
  }).join('')

const inJson = (character: string): string =>
  JSON.stringify(character).slice(1, -1)

const byNumber = (character: string): string =>
  character
    .split('')
    .map(unit => `\\u${hexOf(unit, 4)}`)
    .join('')

const percentEncoded = (character: string): string =>
  Buffer.from(character)
    .toString('latin1')
    .replace(/./gs, byte => `%${hexOf(byte)}`)

const hexOf = (unit: string, digits = 2): string =>
  unit.charCodeAt(0).toString(16).padStart(digits, '0').toUpperCase()

// Digits in hex may be written in either case.
const anyCase = (text: string): string =>
  text
    .replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
    .replace(
      /(?<=(?:%|\\u[\dA-F]{0,2})[\dA-F]?)[A-F]/g,
      digit => `[${digit}${digit.toLowerCase()}]`,
    )

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

const anyAlphabet = (base64: string): string =>
  base64.replaceAll('+', '(?:[+-]|%2[Bb])').replaceAll('/', '(?:[/_]|%2[Ff])')

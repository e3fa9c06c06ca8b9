// Text that LogRhythm's lrcrypt, or Windows, may have encrypted. The form of
// lrcrypt's output is not published, only that it is AES in whole blocks of 16
// bytes: as base64 a key id of 20 characters makes 44 that end in '=', or 64
// (from UTF-16), and a secret of 40 makes 64 or 128. What may be real goes:
// AWS's own (A-Z and 0-9; 40 of base64), hex, UUIDs, words. The rest, such as a
// secret of MinIO's that `openssl rand -base64 32` drew, need only be encrypted.

// How long base64 must be to be suspect: with '=' at its end, with '+' or '/',
// or with neither. No store's key ids hold '='.
const LEAST: Readonly<Record<string, readonly [number, number, number]>> = {
  AccessKeyId: [24, 24, 64],
  SecretAccessKey: [44, 64, Infinity],
  Password: [24, 64, Infinity],
}

// What the blobs of Windows's data protection (DPAPI) start with.
const DPAPI = /^(?:AQAAANCMnd8|01000000D08C9DDF)/i

/** Tells text for a secret setting that another program has encrypted, as far as that can be seen. */
export function isForeign(name: string, text: string): boolean {
  if (DPAPI.test(text)) return true
  // Text in one case is hex, base32 or words.
  const isMixed = /[a-z]/.test(text) && /[A-Z]/.test(text)
  const isBase64 = Buffer.from(text, 'base64').toString('base64') === text
  if (!isMixed || !isBase64) return false
  const [padded, symbols, letters] = LEAST[name] ?? []
  if (text.endsWith('=')) return text.length >= (padded ?? Infinity)
  const least = /[+/]/.test(text) ? symbols : letters
  return text.length >= (least ?? Infinity)
}

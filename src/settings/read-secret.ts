// Turns the text of a secret setting into the secret: text of `encrypt` is
// decrypted, text that another program has encrypted is refused, other text is
// used as it is. The key is read only if some text must be decrypted.
import { decryptText, isEncrypted, SecretError } from './encrypted-text.ts'
import { KEY_VARIABLE, readKey } from './encryption-key.ts'

// Recognizes text that LogRhythm's lrcrypt, or Windows, may have encrypted. The
// form of lrcrypt's output is unpublished, except that it is AES in whole blocks
// of 16 bytes: as base64 a key id of 20 characters gives 44 that end in '=', or 64
// (from UTF-16), and a secret of 40 gives 64 or 128. Text that may be a real secret
// is accepted: AWS's own (A-Z and 0-9; 40 of base64), hex, UUIDs, words. A refused
// secret, such as MinIO's of `openssl rand -base64 32`, is accepted once encrypted.
//
// The least length of suspect base64: with '=' at its end, with '+' or '/', or
// without all of these. No store's key ids contain '='.
const MIN_LENGTHS: Readonly<Record<string, readonly [number, number, number]>> =
  {
    AccessKeyId: [24, 24, 64],
    SecretAccessKey: [44, 64, Infinity],
    Password: [24, 64, Infinity],
  }

// The beginning of each blob of Windows's data protection (DPAPI).
const DPAPI = /^(?:AQAAANCMnd8|01000000D08C9DDF)/i

/** Reads a secret from its text in an ini; throws SecretError, whose message continues a sentence after the setting's name. */
export function readSecret(
  name: string,
  text: string,
  iniPath: string,
  keyFile: string,
): string {
  const command = `\`encrypt --config ${iniPath} --set ${name}\``
  if (isEncrypted(text)) return decrypt(text, keyFile, command)
  if (!looksLikeLrcrypt(name, text)) return text
  throw new SecretError(
    `looks like the output of LogRhythm's lrcrypt, which only LogRhythm can read: give the secret itself to ${command}`,
  )
}

function decrypt(text: string, keyFile: string, command: string): string {
  const key = keyOf(keyFile, command)
  try {
    return decryptText(text, key)
  } catch (error) {
    if (!(error instanceof SecretError)) throw error
    throw new SecretError(
      `is encrypted, but ${error.message}: give the secret to ${command}`,
    )
  }
}

function keyOf(keyFile: string, command: string): Buffer {
  let reason = `KeyFile ${keyFile} is missing, and ${KEY_VARIABLE} is not set: restore the key, or give the secret to ${command}`
  try {
    const key = readKey(keyFile)
    if (key) return key
  } catch (error) {
    if (!(error instanceof SecretError)) throw error
    reason = error.message
  }
  throw new SecretError(`is encrypted, but ${reason}`)
}

/** Tells whether a secret setting's text looks encrypted by another program. */
export function looksLikeLrcrypt(name: string, text: string): boolean {
  if (DPAPI.test(text)) return true
  // Text in one case is hex, base32 or words.
  const isMixed = /[a-z]/.test(text) && /[A-Z]/.test(text)
  const isBase64 = Buffer.from(text, 'base64').toString('base64') === text
  if (!isMixed || !isBase64) return false
  const [padded, symbols, letters] = MIN_LENGTHS[name] ?? []
  if (text.endsWith('=')) return text.length >= (padded ?? Infinity)
  const least = /[+/]/.test(text) ? symbols : letters
  return text.length >= (least ?? Infinity)
}

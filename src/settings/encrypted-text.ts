// The encrypted form of a secret in an ini: `lrs3:1:` and base64url of nonce,
// ciphertext and tag (AES-256-GCM). Each text has a random nonce, so equal
// secrets give different texts. The prefix is authenticated too; the setting's
// name is left out, since the text may be pasted into any secret setting.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** Reports a secret or a key that cannot be used; its message continues a sentence after the setting's name and never contains the secret or the key. */
export class SecretError extends Error {
  override readonly name = 'SecretError'
  readonly code = 'SECRET'
}

/** The length of a key in bytes. */
export const KEY_BYTES = 32

const CIPHER = 'aes-256-gcm'
const PREFIX = 'lrs3:1:'
const NONCE_BYTES = 12
const TAG_BYTES = 16

// The second alternative matches a prefix in which one character was lost, doubled
// or altered, before text at least as long as a nonce and a tag.
const OURS = /^lrs3:|^(?:lrs3.{0,3}|.{0,6}:1:)[\w-]{38}/i

/** Tells whether a text was made by `encrypt`, also if it was damaged since; other text is a plain secret. */
export const isEncrypted = (text: string): boolean => OURS.test(text)

/** Encrypts a secret with a key of 32 bytes. */
export function encryptText(secret: string, key: Buffer): string {
  const nonce = randomBytes(NONCE_BYTES)
  const options = { authTagLength: TAG_BYTES }
  const cipher = createCipheriv(CIPHER, key, nonce, options)
  cipher.setAAD(Buffer.from(PREFIX))
  const parts = [nonce, cipher.update(secret, 'utf8'), cipher.final()]
  const bytes = Buffer.concat([...parts, cipher.getAuthTag()])
  return PREFIX + bytes.toString('base64url')
}

/** Decrypts a text of encryptText; throws SecretError, whose message continues "is encrypted, but". */
export function decryptText(text: string, key: Buffer): string {
  const bytes = bytesOf(text)
  const nonce = bytes.subarray(0, NONCE_BYTES)
  const options = { authTagLength: TAG_BYTES }
  const decipher = createDecipheriv(CIPHER, key, nonce, options)
  decipher.setAAD(Buffer.from(PREFIX))
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
  const start = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES))
  try {
    return Buffer.concat([start, decipher.final()]).toString()
  } catch {
    throw new SecretError('with another key, or was altered since')
  }
}

// Node skips characters outside base64url and ignores the spare bits of the last
// character, so only text that encodes back to itself is unaltered.
function bytesOf(text: string): Buffer {
  if (/^lrs3:(?!1:)\d{1,3}:/.test(text))
    throw new SecretError('in a form that this version does not know')
  const bytes = Buffer.from(text.slice(PREFIX.length), 'base64url')
  const isWhole = PREFIX + bytes.toString('base64url') === text
  if (!isWhole || bytes.length <= NONCE_BYTES + TAG_BYTES)
    throw new SecretError('was cut or altered since')
  return bytes
}

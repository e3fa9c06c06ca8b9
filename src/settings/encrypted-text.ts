// A secret as text that may stand in an ini: `lrs3:1:` and base64url of nonce,
// ciphertext and tag (AES-256-GCM). The nonce is drawn for each text, so equal
// secrets do not look equal. The prefix is authenticated along; the setting's
// name is not, since the text may be pasted into any of them.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** Reports a secret or a key that cannot be used; its message goes on after the setting's name and holds nothing of either. */
export class SecretError extends Error {
  override readonly name = 'SecretError'
  readonly code = 'SECRET'
}

/** How many bytes a key has. */
export const KEY_BYTES = 32

const CIPHER = 'aes-256-gcm'
const PREFIX = 'lrs3:1:'
const NONCE_BYTES = 12
const TAG_BYTES = 16

// The second: a prefix in which one character was lost, doubled or altered,
// before something as long as a nonce and a tag are.
const OURS = /^lrs3:|^(?:lrs3.{0,3}|.{0,6}:1:)[\w-]{38}/i

/** Tells text that `encrypt` made, also if it was damaged since, from a plain secret. */
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

/** Decrypts what encryptText made; throws SecretError, to be read after "is encrypted, but". */
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

// Node skips what is not base64url, and takes any value for the bits that the
// last character has to spare: only text that comes out the same is unaltered.
function bytesOf(text: string): Buffer {
  if (/^lrs3:(?!1:)\d{1,3}:/.test(text))
    throw new SecretError('in a form that this version does not know')
  const bytes = Buffer.from(text.slice(PREFIX.length), 'base64url')
  const isWhole = PREFIX + bytes.toString('base64url') === text
  if (!isWhole || bytes.length <= NONCE_BYTES + TAG_BYTES)
    throw new SecretError('was cut or altered since')
  return bytes
}

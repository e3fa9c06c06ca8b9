// From the text of a secret setting to the secret: what `encrypt` made is
// decrypted, what another program has encrypted is refused, the rest is taken
// as it is. The key is looked for only when there is something to decrypt.
import { decryptText, isEncrypted } from './encrypted-text.ts'
import { KEY_VARIABLE, readKey } from './encryption-key.ts'
import { isForeign } from './foreign-text.ts'
import { SecretError } from './secret-error.ts'

/** Reads a secret as it stands in an ini; throws SecretError, whose message goes on after the setting's name. */
export function readSecret(
  name: string,
  text: string,
  iniPath: string,
  keyFile: string,
): string {
  const command = `\`encrypt --config ${iniPath} --set ${name}\``
  if (isEncrypted(text)) return decrypt(text, keyFile, command)
  if (!isForeign(name, text)) return text
  throw new SecretError(
    `looks like the output of LogRhythm's lrcrypt, which LogRhythm alone can read: give the secret itself to ${command}`,
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
  let reason = `KeyFile ${keyFile} is missing, and ${KEY_VARIABLE} is not set: bring the key, or give the secret to ${command}`
  try {
    const key = readKey(keyFile)
    if (key) return key
  } catch (error) {
    if (!(error instanceof SecretError)) throw error
    reason = error.message
  }
  throw new SecretError(`is encrypted, but ${reason}`)
}

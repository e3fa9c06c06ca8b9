// The form of an encrypted secret, with WebCrypto's AES-GCM as the oracle.
import assert from 'node:assert/strict'
import { randomBytes, webcrypto } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import {
  decryptText,
  encryptText,
  isEncrypted,
} from '../../src/settings/encrypted-text.ts'

const key = randomBytes(32)
const secrets = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 200 })
  .map(text => Buffer.from(text).toString())

const oracle = async (bytes: Buffer, use: 'encrypt' | 'decrypt') => {
  const usable = await webcrypto.subtle.importKey(
    'raw',
    key,
    'AES-GCM',
    false,
    [use],
  )
  const options = {
    name: 'AES-GCM',
    iv: bytes.subarray(0, 12),
    additionalData: Buffer.from('lrs3:1:'),
  }
  return Buffer.from(
    await webcrypto.subtle[use](options, usable, bytes.subarray(12)),
  )
}

t.test('is AES-256-GCM under a prefix, as WebCrypto does it', async t => {
  const text = encryptText('hush', key)
  t.match(text, /^lrs3:1:[\w-]{43}$/)
  const bytes = Buffer.from(text.slice(7), 'base64url')
  t.equal(String(await oracle(bytes, 'decrypt')), 'hush')
  const nonce = randomBytes(12)
  const made = await oracle(
    Buffer.concat([nonce, Buffer.from('ours')]),
    'encrypt',
  )
  const other = Buffer.concat([nonce, made]).toString('base64url')
  t.equal(decryptText(`lrs3:1:${other}`, key), 'ours')
})

t.test('gives any text back, and never makes the same twice', async t => {
  const property = fc.property(secrets, secret => {
    const text = encryptText(secret, key)
    assert.ok(isEncrypted(text))
    assert.equal(decryptText(text, key), secret)
    assert.notEqual(encryptText(secret, key), text)
  })
  t.doesNotThrow(() => fc.assert(property))
})

// Whatever is done to it, it neither goes through as a plain secret nor as
// another one, and the error tells nothing of it.
const refused = (text: string, secret = 'wJalrXUtnFEMI/K7MDENG') => {
  assert.ok(isEncrypted(text), text)
  assert.throws(
    () => decryptText(text, key),
    (error: Error) => {
      assert.equal(error.name, 'SecretError')
      assert.ok(!error.message.includes(secret), error.message)
      if (text.length > 9)
        assert.ok(!error.message.includes(text.slice(7)), error.message)
      return true
    },
    text,
  )
}

t.test('any altered, lost, added or doubled character is refused', async t => {
  const text = encryptText('wJalrXUtnFEMI/K7MDENG', key)
  const printable = fc
    .integer({ min: 0x20, max: 0x7e })
    .map(code => String.fromCharCode(code))
  const alphabet = [
    ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
  ]
  t.doesNotThrow(() => {
    for (let at = 0; at < text.length; at++) {
      const [before, after] = [text.slice(0, at), text.slice(at + 1)]
      refused(before + after)
      refused(text.slice(0, at) + text.slice(at, at + 1) + text.slice(at))
    }
    // Each of the values that the spare bits of the last character may take.
    for (const last of alphabet)
      if (!text.endsWith(last)) refused(text.slice(0, -1) + last)
    for (const more of ['=', ' ', '\n', 'A', '"']) refused(text + more)
    refused(`"${text}"`)
    refused(text.toUpperCase())
  })
  const property = fc.property(
    fc.nat(text.length - 1),
    printable,
    (at, one) => {
      fc.pre(text[at] !== one)
      refused(text.slice(0, at) + one + text.slice(at + 1))
    },
  )
  t.doesNotThrow(() => fc.assert(property, { numRuns: 800 }))
})

t.test('any cut is refused', async t => {
  const text = encryptText('wJalrXUtnFEMI/K7MDENG', key)
  t.doesNotThrow(() => {
    for (let end = 5; end < text.length; end++) refused(text.slice(0, end))
  })
})

t.test(
  'another key, an empty secret and a later version are refused',
  async t => {
    refused(encryptText('wJalrXUtnFEMI/K7MDENG', randomBytes(32)))
    refused(encryptText('', key))
    const later = encryptText('hush', key).replace(':1:', ':2:')
    t.throws(() => decryptText(later, key), {
      message: /form that this version does not know/,
    })
  },
)

t.test('what is plain is not taken for encrypted', async t => {
  for (const plain of [
    '',
    'AKIAIOSFODNN7EXAMPLE',
    'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    'p@ss;w#rd:%1',
    'a:1:b',
    'lrs3',
    '0af7651916cd43dd8448eb211c80319c',
    'arn:aws:iam::111122223333:role/a-role-with-quite-a-long-name-of-its-own',
  ])
    t.notOk(isEncrypted(plain), plain)
})

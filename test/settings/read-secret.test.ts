// What may be a real key, secret or password, and what another program has
// encrypted: AES in whole blocks (ECB, PKCS7) as base64 is what LogRhythm's
// documentation lets one expect of lrcrypt.
import { createCipheriv, randomBytes } from 'node:crypto'
import t from 'tap'
import { looksLikeLrcrypt } from '../../src/settings/read-secret.ts'

const ID = 'AKIAIOSFODNN7EXAMPLE'
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
const NAMES = ['AccessKeyId', 'SecretAccessKey', 'Password']

const lrcrypt = (text: string, encoding: BufferEncoding): string => {
  const cipher = createCipheriv('aes-256-ecb', randomBytes(32), null)
  const bytes = [cipher.update(Buffer.from(text, encoding)), cipher.final()]
  return Buffer.concat(bytes).toString('base64')
}

t.test('what may be real is taken', async t => {
  const ids = [
    ID,
    'ASIAY34FZKBOKMUTVV7A',
    'A'.repeat(128),
    'minioadmin',
    'Q3AM3UQ867SPQQA43P2F',
    '0555b35654ad1656d804',
    'tenant$user',
    'svc/Backup+1',
    'a3d1f0e2b4c596877869504a3b2c1d0ea3d1f0e2',
    'GOOG1EEXAMPLEZ5Q7N3K2J4H6G8F0D1S3A5P7O9I2U4Y6T8R0E1W3Q5L7K9J1',
    'dfc12a6d-5a3c-4b1f-9a35-6f0f3a2f1b7c',
    'LTAI5tFexampleKeyId1234',
  ]
  const secrets = [
    SECRET,
    'minioadmin',
    'zuf+tfteSlswRu7BJ86wekitnifILbZam1KYY3TG',
    ...[32, 40, 48, 64].map(length => randomBytes(length / 2).toString('hex')),
    'dfc12a6d-5a3c-4b1f-9a35-6f0f3a2f1b7c',
    randomBytes(16).toString('base64'),
    'aB3'.repeat(21) + 'x',
  ]
  for (const id of ids) t.notOk(looksLikeLrcrypt('AccessKeyId', id), id)
  for (const text of secrets)
    t.notOk(looksLikeLrcrypt('SecretAccessKey', text), text)
  for (const text of ['p@ss;w#rd:%1', 'Aa=', 'Summer2026==', SECRET, ''])
    t.notOk(looksLikeLrcrypt('Password', text), text)
})

t.test('what lrcrypt is likely to make is not', async t => {
  for (let round = 0; round < 50; round++)
    for (const encoding of ['utf8', 'utf16le'] as const) {
      const id = lrcrypt(ID, encoding)
      t.ok(looksLikeLrcrypt('AccessKeyId', id), id)
      const password = lrcrypt('Summer2026', encoding)
      t.ok(looksLikeLrcrypt('Password', password), password)
      const secret = lrcrypt(SECRET, encoding)
      // One in eight has neither '+' nor '/' and could be letters drawn by lot.
      if (/[+/=]/.test(secret))
        t.ok(looksLikeLrcrypt('SecretAccessKey', secret), secret)
    }
})

t.test('nor is a blob of Windows, nor base64 with its end', async t => {
  for (const name of NAMES) {
    t.ok(
      looksLikeLrcrypt(
        name,
        `AQAAANCMnd8BFdERjHoAwE/Cl+sBAAAA${'x'.repeat(99)}`,
      ),
    )
    t.ok(looksLikeLrcrypt(name, '01000000d08c9ddf0115d1118c7a00c04fc297eb01'))
    t.ok(looksLikeLrcrypt(name, 'h7GhxuBLTrlhVUyxSPUKUV8r/2EI4ngqJxD7iBdBYLg='))
  }
})

// Which keys are signed with as they are written, without the SDK.

import t from 'tap'
import { writtenKeys } from '../../../src/s3/access/credentials.ts'
import { SETTINGS } from '../../lib/s3/access-settings.ts'

const INI = { accessKeyId: 'AKID', secretAccessKey: 'a secret' }
const KEYLESS = { ...SETTINGS, AccessKeyId: '', SecretAccessKey: '' }
const ENV = { AWS_ACCESS_KEY_ID: 'ASIA', AWS_SECRET_ACCESS_KEY: 'theirs' }

t.test('keys of the ini, or of the environment with their token', t => {
  t.strictSame(writtenKeys(SETTINGS, ENV), INI, 'the ini goes first')
  t.strictSame(writtenKeys({ ...SETTINGS, Profile: 'p' }, ENV), INI)
  t.strictSame(writtenKeys(KEYLESS, { ...ENV, AWS_SESSION_TOKEN: 'token' }), {
    accessKeyId: 'ASIA',
    secretAccessKey: 'theirs',
    sessionToken: 'token',
  })
  t.end()
})

t.test('the rest is left to the SDK', t => {
  for (const [settings, env] of [
    [{ ...SETTINGS, RoleArn: 'arn:aws:iam::1:role/r' }, ENV],
    [KEYLESS, {}],
    [KEYLESS, { ...ENV, AWS_SECRET_ACCESS_KEY: '' }],
    [KEYLESS, { ...ENV, AWS_PROFILE: 'p' }],
    [{ ...KEYLESS, Profile: 'p' }, ENV],
  ] as const)
    t.equal(writtenKeys(settings, env), undefined)
  t.end()
})

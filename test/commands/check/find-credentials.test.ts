// Where the credentials are from, told by what the SDK finds; never a secret.

import { join } from 'node:path'
import t, { type Test } from 'tap'
import { findCredentials } from '../../../src/commands/check/find-credentials.ts'
import { startSts } from '../../lib/s3/stand-in-sts.ts'
import { checking } from './checking.ts'

const ID = 'AKIAIOSFODNN7EXAMPLE'
const NAMES = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_PROFILE',
  'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_CONFIG_FILE',
  'AWS_EC2_METADATA_DISABLED',
  'AWS_ENDPOINT_URL_STS',
]

/** Finds the credentials of settings in an environment that holds nothing else of AWS. */
async function find(
  t: Test,
  env: Record<string, string>,
  settings: Record<string, string> = {},
): Promise<string> {
  const before = NAMES.map(name => [name, process.env[name]] as const)
  t.teardown(() => {
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
  })
  for (const name of NAMES) delete process.env[name]
  const nowhere = join(t.testdirName, 'none')
  Object.assign(process.env, {
    AWS_SHARED_CREDENTIALS_FILE: nowhere,
    AWS_CONFIG_FILE: nowhere,
    AWS_EC2_METADATA_DISABLED: 'true',
    ...env,
  })
  const { signal } = new AbortController()
  return (await findCredentials(checking(settings).settings, signal)).text
}

t.test('an access key id is told by its ends', async t => {
  for (const [AccessKeyId, told] of [
    [ID, 'AKIA…MPLE'],
    ['AKIDTEST', 'AKID…'],
  ] as const) {
    const text = await find(t, {}, { AccessKeyId, SecretAccessKey: 'hush' })
    t.equal(text, `${told} from the ini (AccessKeyId)`)
  }
})

t.test('the ini goes before the environment', async t => {
  const text = await find(
    t,
    { AWS_ACCESS_KEY_ID: 'OTHER', AWS_SECRET_ACCESS_KEY: 'hush' },
    { AccessKeyId: ID, SecretAccessKey: 'hush' },
  )
  t.equal(text, 'AKIA…MPLE from the ini (AccessKeyId)')
})

t.test('the environment', async t => {
  const text = await find(t, {
    AWS_ACCESS_KEY_ID: ID,
    AWS_SECRET_ACCESS_KEY: 'hush',
  })
  t.match(text, 'AKIA…MPLE from the environment (AWS_ACCESS_KEY_ID)')
})

t.test('a profile', async t => {
  const folder = t.testdir({
    credentials: `[work]\naws_access_key_id=${ID}\naws_secret_access_key=hush\n`,
  })
  const text = await find(t, {
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
    AWS_PROFILE: 'work',
  })
  t.match(text, /^AKIA…MPLE from a profile .*\(work\)/)
  t.notMatch(text, 'hush')
})

t.test('the profile that the ini names', async t => {
  const folder = t.testdir({
    credentials: `[work]\naws_access_key_id=${ID}\naws_secret_access_key=hush\n`,
  })
  const env = {
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
    AWS_ACCESS_KEY_ID: 'OTHER',
    AWS_SECRET_ACCESS_KEY: 'hush',
  }
  t.equal(
    await find(t, env, { Profile: 'work' }),
    'AKIA…MPLE from a profile of the AWS files (work)',
  )
  await t.rejects(find(t, env, { Profile: 'missing' }), {
    kind: 'access',
    message: /in profile missing of .*credentials: .*; check Profile/,
  })
})

t.test(
  'a role, by whom it is assumed, and what it says of failing',
  async t => {
    const RoleArn = 'arn:aws:iam::444455556666:role/logs'
    const sts = await startSts(t, () => {})
    sts.credentials.set(ID, { secret: 'hush' })
    sts.roles.set(RoleArn, 'theirs')
    const env = {
      AWS_ACCESS_KEY_ID: ID,
      AWS_SECRET_ACCESS_KEY: 'hush',
      AWS_ENDPOINT_URL_STS: sts.endpoint,
    }
    t.equal(
      await find(t, env, { RoleArn, ExternalId: 'theirs' }),
      `ASIA… of ${RoleArn}, assumed with its ExternalId by AKIA…MPLE from the environment (AWS_ACCESS_KEY_ID)`,
    )
    const keys = { AccessKeyId: ID, SecretAccessKey: 'wrong' }
    await t.rejects(find(t, env, { RoleArn, ...keys }), {
      message: /^assuming .* at STS .*SignatureDoesNotMatch/,
    })
    await t.rejects(find(t, env, { RoleArn }), {
      kind: 'access',
      message: /AccessDenied.*trust policy/,
    })
  },
)

t.test('none', async t => {
  await t.rejects(find(t, {}), {
    code: 'CredentialsProviderError',
    message:
      /^looking for credentials in .*AWS_ACCESS_KEY_ID is not set.*set AccessKeyId and SecretAccessKey/,
  })
  const stopped = AbortSignal.abort()
  const { settings } = checking()
  await t.rejects(findCredentials(settings, stopped), { code: 'NoCredentials' })
})

// The ways to credentials as the AWS documents describe them, each against a
// stand-in: the files, a process, a container, a web identity, a role at STS.

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { sdkSource } from '../../../src/s3/access/sdk-credentials.ts'
import type { AccessSettings } from '../../../src/s3/access/endpoint.ts'
import { SETTINGS, emptyEnv } from '../../lib/s3/access-settings.ts'
import { startServer } from '../../lib/s3/raw-server.ts'
import {
  startSts,
  type StandInSts,
  type StsFault,
} from '../../lib/s3/stand-in-sts.ts'

const ROLE = 'arn:aws:iam::444455556666:role/r'
const KEYLESS = { ...SETTINGS, AccessKeyId: '', SecretAccessKey: '' }
const FILES = {
  credentials: `[base]
aws_access_key_id=AKIDBASE
aws_secret_access_key=hush
`,
  config: `[profile role]
role_arn=${ROLE}
source_profile=base
external_id=theirs
[profile process]
credential_process=echo '{"Version":1,"AccessKeyId":"AKIDPROC","SecretAccessKey":"s","SessionToken":"t","Expiration":"2099-01-01T00:00:00Z"}'
[profile broken]
credential_process=false --password hunter2
[profile region]
region=us-east-1
[profile sso]
sso_start_url=https://example.awsapps.com/start
sso_region=us-east-1
sso_account_id=111122223333
sso_role_name=r
`,
}

/** An STS, files of AWS, and an environment that names both. */
async function start(
  t: Test,
  env: NodeJS.ProcessEnv = {},
): Promise<StandInSts> {
  const sts = await startSts(t, () => {})
  sts.region = 'eu-west-1'
  sts.roles.set(ROLE, 'theirs')
  sts.credentials.set('AKIDBASE', { secret: 'hush' })
  sts.credentials.set('AKID', { secret: 'a secret' })
  emptyEnv(t, {
    PATH: process.env['PATH'],
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL_STS: sts.endpoint,
    ...env,
  })
  process.env['HOME'] = t.testdir({ '.aws': FILES, token: 'a web token' })
  return sts
}

const stsError = (status: number, code: string, message = 'm'): StsFault => ({
  status,
  code,
  message,
})

const get = (settings: Partial<AccessSettings>) =>
  sdkSource({ ...KEYLESS, ...settings }).fetch()

t.test('a profile, by each way it may name', async t => {
  // Keys of the environment do not come before a profile that is named.
  const sts = await start(t, {
    AWS_ACCESS_KEY_ID: 'AKIDENV',
    AWS_SECRET_ACCESS_KEY: 's',
  })
  t.match(await get({ Profile: 'base' }), { accessKeyId: 'AKIDBASE' })
  t.match(await get({ Profile: 'process' }), {
    accessKeyId: 'AKIDPROC',
    sessionToken: 't',
    expiration: new Date('2099-01-01'),
  })
  t.match(await get({ Profile: 'role' }), { accessKeyId: /^ASIASESSION/ })
  t.match(sts.calls, [{ asker: 'AKIDBASE', answer: 'session' }])
  t.match(await get({}), { accessKeyId: 'AKIDENV' })
  process.env['AWS_PROFILE'] = 'base'
  t.match(await get({}), { accessKeyId: 'AKIDBASE' })
})

t.test('a profile that gives none is named, with its files', async t => {
  await start(t)
  const files = join(process.env['HOME'] ?? '', '.aws')
  for (const [Profile, text] of [
    ['missing', 'Could not resolve'],
    ['region', 'Could not resolve'],
    ['broken', 'its credential_process failed'],
    ['sso', 'aws sso login'],
  ] as const)
    await t.rejects(get({ Profile }), {
      kind: 'access',
      affectsAll: true,
      message: new RegExp(
        `^looking for credentials in profile ${Profile} of ${files}/config and ${files}/credentials: .*${text}.*; check Profile`,
      ),
    })
  const error = await get({ Profile: 'broken' }).catch(String)
  t.notMatch(error, 'hunter2', 'a command may hold a secret')
  process.env['AWS_PROFILE'] = 'broken'
  await t.rejects(get({}), { message: /its credential_process failed/ })
  process.env['AWS_PROFILE'] = 'default'
  process.env['AWS_EC2_METADATA_DISABLED'] = 'true'
  await t.rejects(get({}), { message: /Could not load credentials from any/ })
  process.env['AWS_PROFILE'] = 'missing'
  await t.rejects(get({}), {
    message: /profile missing \(AWS_PROFILE\) of .*set AccessKeyId/,
  })
})

t.test('a pipe in the place of a file is not waited for', async t => {
  await start(t)
  const pipe = join(t.testdir(), 'pipe')
  execFileSync('mkfifo', [pipe])
  process.env['AWS_CONFIG_FILE'] = pipe
  await t.rejects(get({ Profile: 'base' }), {
    kind: 'access',
    message: `reading ${pipe}: it is a pipe`,
  })
})

t.test('a container and a web identity', async t => {
  const sts = await start(t)
  const server = await startServer(t, (request, response) => {
    t.equal(request.headers.authorization, 'the pass')
    response.setHeader('Content-Type', 'application/json')
    response.end(
      '{"AccessKeyId":"ASIACONT","SecretAccessKey":"s","Token":"t","Expiration":"2099-01-01T00:00:00Z"}',
    )
  })
  process.env['AWS_CONTAINER_CREDENTIALS_FULL_URI'] =
    `http://127.0.0.1:${server.port}/`
  process.env['AWS_CONTAINER_AUTHORIZATION_TOKEN'] = 'the pass'
  t.match(await get({}), {
    accessKeyId: 'ASIACONT',
    expiration: new Date('2099-01-01'),
  })
  process.env['AWS_ROLE_ARN'] = ROLE
  const token = join(process.env['HOME'] ?? '', 'token')
  process.env['AWS_WEB_IDENTITY_TOKEN_FILE'] = token
  t.match(await get({}), { accessKeyId: /^ASIASESSION/ })
  process.env['AWS_WEB_IDENTITY_TOKEN_FILE'] = `${token}-gone`
  await t.rejects(get({}), {
    kind: 'access',
    message: /token-gone'; check that file/,
  })
  t.match(sts.calls, [
    { parameters: { Action: 'AssumeRoleWithWebIdentity', RoleArn: ROLE } },
  ])
})

t.test('single sign-on, at the region that the profile names', async t => {
  await start(t)
  const server = await startServer(t, (request, response) => {
    t.equal(request.headers['x-amz-sso_bearer_token'], 'a login')
    response.setHeader('Content-Type', 'application/json')
    response.end(
      '{"roleCredentials":{"accessKeyId":"ASIASSO","secretAccessKey":"s","sessionToken":"t","expiration":4070908800000}}',
    )
  })
  process.env['AWS_ENDPOINT_URL_SSO'] = `http://127.0.0.1:${server.port}`
  const login = { accessToken: 'a login', expiresAt: '2099-01-01T00:00:00Z' }
  const url = 'https://example.awsapps.com/start'
  const name = createHash('sha1').update(url).digest('hex')
  const cache = join(process.env['HOME'] ?? '', '.aws', 'sso', 'cache')
  mkdirSync(cache, { recursive: true })
  writeFileSync(join(cache, `${name}.json`), JSON.stringify(login))
  t.match(await get({ Profile: 'sso' }), {
    accessKeyId: 'ASIASSO',
    expiration: new Date('2099-01-01'),
  })
  process.env['AWS_ENDPOINT_URL_SSO'] = 'http://127.0.0.1:9'
  await t.rejects(get({ Profile: 'sso' }), {
    kind: 'network',
    message: /ECONNREFUSED.*; check DNS, the network and any proxy$/,
  })
})

t.test('a role is assumed with whatever comes first', async t => {
  const sts = await start(t)
  const role = { RoleArn: ROLE, ExternalId: 'theirs' }
  const keys = { AccessKeyId: 'AKID', SecretAccessKey: 'a secret' }
  const before = Date.now()
  const session = await get({ ...role, ...keys })
  t.match(session, { accessKeyId: /^ASIA/, sessionToken: /^token/ })
  t.ok(Number(session.expiration) >= before + 3_600_000 - 1000)
  await get({ ...role, Profile: 'base' })
  process.env['AWS_ACCESS_KEY_ID'] = 'AKID'
  process.env['AWS_SECRET_ACCESS_KEY'] = 'a secret'
  await get(role)
  t.strictSame(
    sts.calls.map(({ asker }) => asker),
    ['AKID', 'AKIDBASE', 'AKID'],
  )
  for (const { parameters } of sts.calls)
    t.match(parameters, {
      Version: '2011-06-15',
      RoleArn: ROLE,
      ExternalId: 'theirs',
      RoleSessionName: 'lr-s3-input',
    })
  // By STS's clock, which the SDK learns from the refusal.
  sts.clock = () => Date.now() - 5 * 3_600_000
  await get(role)
  t.strictSame(
    sts.calls.slice(3).map(({ answer }) => answer),
    ['SignatureDoesNotMatch', 'session'],
  )
})

t.test('what goes wrong at STS is called by its name', async t => {
  const sts = await start(t)
  const role = { ...SETTINGS, RoleArn: ROLE, ExternalId: 'not theirs' }
  const host = sts.endpoint.slice('http://'.length)
  const fails = async (
    fault: StsFault | undefined,
    kind: string,
    text: RegExp,
  ): Promise<void> => {
    sts.fault = () => fault
    const error = await get(role).catch((error: unknown) => error)
    t.match(error, { name: 'SourceError', kind, message: text })
    const { message } = error as Error
    t.ok(message.startsWith(`assuming ${ROLE} at STS (${host}): `), message)
    t.notMatch(message, 'not theirs')
    t.notMatch(message, 'a secret')
  }
  await fails(
    undefined,
    'access',
    /AccessDenied.*trust policy must name the caller.*ExternalId.*sts:AssumeRole/,
  )
  await fails(
    stsError(403, 'RegionDisabledException'),
    'access',
    /activate STS for this Region/,
  )
  await fails(
    stsError(
      403,
      'SignatureDoesNotMatch',
      'Signature not yet current: 20260101T000000Z is still later than 2025',
    ),
    'access',
    /set this machine's clock$/,
  )
  await fails(
    stsError(403, 'SignatureDoesNotMatch'),
    'access',
    /check AccessKeyId and SecretAccessKey$/,
  )
  await fails(
    stsError(403, 'ExpiredToken'),
    'access',
    /renew the credentials that ask for the role$/,
  )
  await fails(
    stsError(400, 'MalformedPolicyDocument'),
    'access',
    /check the role's policy$/,
  )
  await fails('cut', 'network', /ECONNRESET/)
  process.env['AWS_ENDPOINT_URL_STS'] = 'http://127.0.0.1:9'
  await t.rejects(get(role), {
    kind: 'network',
    affectsAll: true,
    message:
      /at STS \(127\.0\.0\.1:9\): ECONNREFUSED.*; check AWS_ENDPOINT_URL_STS/,
  })
})

t.test('STS is that of the region, by the variables of the SDK', async t => {
  for (const [Region, env, host] of [
    ['eu-west-1', {}, 'sts.eu-west-1.amazonaws.com'],
    ['us-gov-west-1', {}, 'sts.us-gov-west-1.amazonaws.com'],
    ['cn-north-1', {}, 'sts.cn-north-1.amazonaws.com.cn'],
    [
      'us-east-1',
      { AWS_USE_FIPS_ENDPOINT: 'true' },
      'sts-fips.us-east-1.amazonaws.com',
    ],
    ['us-east-1', { AWS_ENDPOINT_URL: 'http://any.invalid' }, 'any.invalid'],
  ] as const) {
    emptyEnv(t, env)
    const asked: string[] = []
    const handle = async ({ hostname }: { hostname: string }) => {
      asked.push(hostname)
      throw new Error('the network is none of this test')
    }
    const settings = { ...SETTINGS, Region, RoleArn: ROLE }
    const source = sdkSource(settings, { requestHandler: { handle } as never })
    await t.rejects(source.fetch(), { message: `at STS (${host}): ` })
    t.strictSame(asked, [host], 'also through a handler of requests')
  }
})

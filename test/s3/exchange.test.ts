// Every request carries its headers, and an expired session is replaced.

import { ListObjectsV2Command } from '@aws-sdk/client-s3'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { ObservedRequest } from '../../src/s3/observe.ts'
import { emptyEnv } from '../lib/s3/access-settings.ts'
import { silenceClock } from '../lib/fake-clock.ts'
import { startServer } from '../lib/s3/raw-server.ts'
import { sdkClient, startS3, type WireRequest } from '../lib/s3/sdk-client.ts'
import { startSts } from '../lib/s3/stand-in-sts.ts'
import { drain, failure, storeOn } from '../lib/s3/store-on.ts'
import { until } from '../lib/until.ts'

const ALL = { prefix: '', delimiter: false, startAfter: '' }
const A = { key: 'a', etag: undefined, from: 0 }
const ROLE = { RoleArn: 'arn:aws:iam::444455556666:role/r' }

t.test('the payer of requests is named as the SDK names it', async t => {
  const s3 = await startS3(t)
  s3.put('a', 'text')
  const { client, change } = sdkClient(t, s3)
  const wire: WireRequest[] = []
  change('deserialize', request => wire.push(request))
  await client.send(
    new ListObjectsV2Command({ Bucket: 'logs', RequestPayer: 'requester' }),
  )
  const name = 'x-amz-request-payer'
  const asked: unknown[] = []
  const server = await startServer(t, (request, response) => {
    asked.push(request.headers[name])
    response.writeHead(404).end()
  })
  const endpoint = `http://127.0.0.1:${server.port}`
  for (const RequestPayer of [true, false]) {
    const store = storeOn(s3, { RequestPayer, Endpoint: endpoint })
    await failure(store.list(ALL))
    await failure(store.get(A))
  }
  const [header] = wire.map(({ headers }) => headers[name])
  t.equal(header, 'requester')
  t.strictSame(asked, [header, header, undefined, undefined])
  // The stand-in takes no header of x-amz that is not signed.
  const store = storeOn(s3, { RequestPayer: true })
  t.equal((await store.list(ALL)).objects.length, 1)
  t.equal((await drain(await store.get(A)))[0], 'text')
})

t.test("each request is named for the bucket's access logs", async t => {
  const asked: unknown[] = []
  const server = await startServer(t, ({ headers }, response) => {
    asked.push([headers['user-agent'], headers['accept-encoding']])
    response.writeHead(404).end()
  })
  const s3 = await startS3(t)
  const store = storeOn(s3, { Endpoint: `http://127.0.0.1:${server.port}` })
  await failure(store.list(ALL))
  await failure(store.get(A))
  const name = 'lr-s3-input'
  t.strictSame(asked, [
    [name, undefined],
    [name, 'gzip'],
  ])
})

t.test('a session that S3 calls expired is replaced once for all', async t => {
  const s3 = await startS3(t)
  s3.put('a', 'text')
  const sts = await startSts(t, (id, one) => s3.credentials.set(id, one))
  sts.credentials.set('AKIDEXAMPLE', { secret: 'a secret of the stand-in' })
  sts.roles.set(ROLE.RoleArn, '')
  emptyEnv(t, { AWS_ENDPOINT_URL_STS: sts.endpoint })
  const seen: ObservedRequest[] = []
  const observer = (one: ObservedRequest): void => void seen.push(one)
  const store = storeOn(s3, ROLE, { observer })
  await store.list(ALL)
  s3.clock = () => Date.now() + 2 * 3_600_000
  s3.maxSkewMs = Infinity
  sts.clock = s3.clock
  const answers = await Promise.all(
    Array.from({ length: 12 }, () => store.list(ALL)),
  )
  t.equal(answers.length, 12)
  t.strictSame(
    sts.calls.map(({ answer }) => answer).filter(one => one === 'session'),
    ['session', 'session'],
  )
  const tries = seen.map(({ attempt }) => attempt)
  t.equal(tries.filter(attempt => attempt === 2).length, 12)
  t.ok(tries.every(attempt => attempt <= 2))
})

t.test('a session that nothing replaces is an error at once', async t => {
  const s3 = await startS3(t)
  s3.credentials.set('ASIA', { secret: 's', token: 't', expires: 1 })
  emptyEnv(t, {
    AWS_ACCESS_KEY_ID: 'ASIA',
    AWS_SECRET_ACCESS_KEY: 's',
    AWS_SESSION_TOKEN: 't',
  })
  const none = { AccessKeyId: '', SecretAccessKey: '' }
  const expired = {
    code: 'ExpiredToken',
    kind: 'access',
    message: /renew the temporary credentials$/,
  }
  t.match(await failure(storeOn(s3, none).list(ALL)), expired)
  t.equal(s3.requests.length, 1, 'no second try with the same')
})

t.test('new keys under the same token are tried', async t => {
  const s3 = await startS3(t)
  s3.credentials.set('ASIAOLD', { secret: 's', token: 't', expires: 1 })
  s3.credentials.set('ASIANEW', { secret: 's', token: 't' })
  const env = emptyEnv(t)
  const folder = env['HOME'] ?? ''
  env['AWS_CONFIG_FILE'] = join(folder, 'config')
  // The first answer names the old key, each later one the new one.
  const command = `cat ${folder}/keys && cp ${folder}/new ${folder}/keys`
  for (const [file, id] of [
    ['keys', 'ASIAOLD'],
    ['new', 'ASIANEW'],
  ] as const)
    writeFileSync(
      join(folder, file),
      JSON.stringify({
        Version: 1,
        AccessKeyId: id,
        SecretAccessKey: 's',
        SessionToken: 't',
      }),
    )
  writeFileSync(
    join(folder, 'config'),
    `[profile p]\ncredential_process = ${command}\n`,
  )
  const profile = { AccessKeyId: '', SecretAccessKey: '', Profile: 'p' }
  await storeOn(s3, profile).list(ALL)
  t.pass('the new key was asked for and used')
})

t.test('an STS that hangs is named as silent', async t => {
  const s3 = await startS3(t)
  const sts = await startSts(t, () => {})
  emptyEnv(t, { AWS_ENDPOINT_URL_STS: sts.endpoint })
  const clock = silenceClock()
  let isAsked = false
  sts.fault = () => {
    isAsked = true
    return 'hang'
  }
  const host = sts.endpoint.slice('http://'.length)
  const { signal } = new AbortController()
  const store = storeOn(s3, ROLE, { clock, silence: 5000 })
  let isOver = false
  const failed = failure(store.list({ ...ALL, signal })).finally(
    () => (isOver = true),
  )
  await until(() => isAsked)
  await until(() => {
    clock.advance(5000)
    return isOver
  })
  t.match(await failed, {
    code: 'Stalled',
    kind: 'network',
    message: `assuming ${ROLE.RoleArn} at STS (${host}): no answer came for 5 s; `,
  })
  t.equal(sts.calls.length, 1, 'one call for all tries')
  t.equal(s3.requests.length, 0)
})

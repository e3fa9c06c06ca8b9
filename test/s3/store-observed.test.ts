// What is seen of the requests: the counts of the summary, S3's clock, and the
// lines of LogApiRequests.

import t, { type Test } from 'tap'
import type { ObservedRequest } from '../../src/s3/observe.ts'
import { openBucket } from '../../src/s3/store.ts'
import { parseSettings } from '../../src/settings/parse-settings.ts'
import { FakeClock } from '../lib/fake-clock.ts'
import { startServer } from '../lib/s3/raw-server.ts'
import { startS3 } from '../lib/s3/sdk-client.ts'
import { storeAt } from '../lib/s3/store-on.ts'

const ALL = { prefix: 'a b/', delimiter: true, startAfter: '' }

async function open(t: Test, more: Record<string, string> = {}) {
  const s3 = await startS3(t)
  const [[id, { secret }] = ['', { secret: '' }]] = s3.credentials
  const all = {
    Region: s3.region,
    BucketName: s3.bucket,
    LogType: 'CloudTrail',
    AccessKeyId: id,
    SecretAccessKey: secret,
    Endpoint: s3.endpoint,
    ForcePathStyle: 'true',
    LogApiRequests: 'true',
    ...more,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}=${value}`)
  const { settings } = parseSettings(Buffer.from(lines.join('\n')), '/x.ini')
  const clock = new FakeClock(Date.now())
  const counts = { lists: 0, gets: 0, retries: 0 }
  const log: ObservedRequest[] = []
  const opened = openBucket(settings, clock, 0, counts, one => log.push(one))
  return { ...opened, s3, counts, log, clock, secret }
}

t.test('requests are counted, and tries beyond the first as such', async t => {
  const { store, s3, counts, clock, log } = await open(t)
  const { etag } = s3.put('a b/c', 'x')
  let failures = 2
  s3.fault = () =>
    failures-- > 0 ? { status: 500, code: 'InternalError' } : undefined
  await clock.run(store.list(ALL))
  await store.list(ALL)
  failures = 1
  const got = await clock.run(store.get({ key: 'a b/c', etag, from: 0 }))
  for await (const chunk of got.chunks) t.equal(String(chunk), 'x')
  await store.get({ key: 'gone', etag: undefined, from: 0 }).catch(() => {})
  t.strictSame(counts, { lists: 2, gets: 2, retries: 3 })
  t.strictSame(
    log.map(({ kind, status, attempt }) => [kind, status, attempt]),
    [
      ['LIST', 500, 1],
      ['LIST', 500, 2],
      ['LIST', 200, 3],
      ['LIST', 200, 1],
      ['GET', 500, 1],
      ['GET', 200, 2],
      ['GET', 404, 1],
    ],
  )
})

t.test('a LIST is seen with its prefix and where it starts', async t => {
  const { store, s3, log } = await open(t)
  s3.put('a b/c', 'x')
  await store.list({ ...ALL, startAfter: 'a b/b' })
  await store.get({ key: 'a b/c', etag: undefined, from: 0 })
  t.match(log, [
    { kind: 'LIST', prefix: 'a b/', startAfter: 'a b/b' },
    { kind: 'GET', prefix: undefined, startAfter: undefined },
  ])
})

t.test("the first Date is S3's clock", async t => {
  const { store, s3, s3Clock, clock } = await open(t)
  const real = s3.clock
  // A skew that the signature still bears.
  s3.clock = () => real() + 600_000
  await store.list(ALL)
  t.equal(s3Clock.source, 'response')
  const ahead = s3Clock.now() - clock.now()
  t.ok(ahead > 595_000 && ahead < 605_000, `${ahead} ms`)
})

t.test("the Date of what S3 did not say is not S3's", async t => {
  const { store, s3Clock, clock } = await open(t)
  const lie = new Date(Date.now() - 50 * 86_400_000).toUTCString()
  const { port } = await startServer(t, (_, response) => {
    response.writeHead(503, { date: lie }).end('<html>try later</html>')
  })
  const proxied = storeAt(`http://127.0.0.1:${port}`, { s3Clock, clock })
  await t.rejects(clock.run(proxied.list(ALL)))
  t.equal(s3Clock.source, 'guess')
  await store.list(ALL)
  t.equal(s3Clock.source, 'response')
  const ahead = s3Clock.now() - Date.now()
  t.ok(Math.abs(ahead) < 60_000, `${ahead} ms`)
})

t.test('an object tells the time', async t => {
  const { store, s3, s3Clock } = await open(t)
  s3.put('a b/c', 'x')
  const got = await store.get({ key: 'a b/c', etag: undefined, from: 0 })
  for await (const _ of got.chunks);
  t.equal(s3Clock.source, 'response')
})

t.test('an answer that refuses tells the time as well', async t => {
  const { store, s3, s3Clock } = await open(t)
  s3.fault = () => ({ status: 403, code: 'AccessDenied' })
  await t.rejects(store.list(ALL))
  t.equal(s3Clock.source, 'response')
})

t.test('no answer is no time, and one without Date is local time', async t => {
  const { store, s3, s3Clock, clock } = await open(t)
  s3.fault = () => ({ kind: 'reset' })
  await t.rejects(clock.run(store.list(ALL)))
  t.equal(s3Clock.source, 'guess')
  s3.fault = undefined
  s3.sendDate = false
  await store.list(ALL)
  t.equal(s3Clock.source, 'local')
  t.ok(Math.abs(s3Clock.now() - clock.now()) <= 1, 'in whole ms')
})

t.test('the log of requests says what is needed and no secret', async t => {
  const { store, s3, log, secret } = await open(t)
  s3.put('a b/c', 'x')
  await store.list(ALL)
  await store.get({ key: 'a b/c', etag: undefined, from: 0 })
  await store.get({ key: 'gone', etag: undefined, from: 0 }).catch(() => {})
  t.match(log, [
    { kind: 'LIST', method: 'GET', status: 200, attempt: 1 },
    { kind: 'GET', method: 'GET', status: 200, attempt: 1 },
    { kind: 'GET', method: 'GET', status: 404, attempt: 1 },
  ])
  t.match(log[1]?.path, /a%20b\/c/)
  for (const { requestId, milliseconds } of log) {
    t.match(requestId, /^[0-9A-F]{16}$/)
    t.ok(milliseconds >= 0)
  }
  const text = JSON.stringify(log)
  for (const part of [secret, 'AKIDEXAMPLE', 'Signature', 'uthorization'])
    t.notMatch(text, new RegExp(part), part)
})

t.test('without LogApiRequests there is no log', async t => {
  const { store, log, counts } = await open(t, { LogApiRequests: 'false' })
  await store.list(ALL)
  t.strictSame(log, [])
  t.equal(counts.lists, 1)
})

t.test("the bucket's region is seen where S3 tells it", async t => {
  const { store, s3, log } = await open(t)
  await store.list(ALL)
  s3.fault = () => ({ kind: 'redirect', region: 'eu-west-1' })
  await store.list(ALL).catch(() => {})
  t.strictSame(
    log.map(({ bucketRegion }) => bucketRegion),
    [undefined, 'eu-west-1', 'eu-west-1'],
    'also where it is asked whether all are redirected',
  )
})

t.test('a Date that a proxy alters does not go into signatures', async t => {
  const { store, s3, s3Clock, clock } = await open(t)
  s3.dateOffMs = -50 * 86_400_000
  await store.list(ALL)
  t.ok(s3Clock.offset < -40 * 86_400_000, 'the days go by it')
  await store.list(ALL)
  s3.fault = () => ({ status: 403, code: 'AccessDenied' })
  await t.rejects(clock.run(store.list(ALL)))
  s3.fault = undefined
  await clock.run(store.list(ALL))
  const [denied, skewed, granted] = s3.requests.slice(-3)
  t.equal(denied?.status, 403)
  t.equal(skewed?.status, 403, 'S3 names its own time')
  t.equal(granted?.status, 200)
})

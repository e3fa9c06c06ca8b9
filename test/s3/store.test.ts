// The bucket over real HTTP and real signatures, with everything that a
// server, a network or a user can do wrong.

import t from 'tap'
import { systemClock } from '../../src/clock.ts'
import { S3Clock } from '../../src/s3/s3-clock.ts'
import { readWhole } from '../../src/fetch/body.ts'
import { StandInS3 } from '../lib/s3/stand-in-s3.ts'
import { startS3 } from '../lib/s3/sdk-client.ts'
import {
  failure,
  listAll,
  read,
  storeOn,
  type Changes,
} from '../lib/s3/store-on.ts'

const NOW = Date.parse('2026-03-10T12:00:00Z')

const inByteOrder = (keys: readonly string[]): string[] =>
  keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))

const ODD = (
  `a b·a+b·a%20b·a%2Fb·a%zz·a&b=c?d#e·q"'<>\`·ä·😀·a\\b·line\nfeed·tab\t·\u0001·` +
  'ﬀ\u{10FFFD}·~!@$^*(){}[]|;:,·..·.·x/../y·x/./y·x//y·/leading·é\u0301·%'
).split('·')

t.test('odd keys come and go through lists and reads', async t => {
  const s3 = await startS3(t)
  const store = storeOn(s3, { MaxResultCount: 7 })
  for (const odd of ODD) s3.put(`p/${odd}`, `body of ${odd}`)
  const expected = inByteOrder(ODD.map(odd => `p/${odd}`))
  t.strictSame((await listAll(store, { prefix: 'p/' })).keys, expected)
  for (const key of expected)
    t.equal(await read(store, key), `body of ${key.slice(2)}`)
  for (const [index, key] of expected.entries())
    t.strictSame(
      (await listAll(store, { prefix: 'p/', startAfter: key })).keys,
      expected.slice(index + 1),
      `after ${JSON.stringify(key)}`,
    )
})

t.test('odd folders, one to a page', async t => {
  const s3 = await startS3(t)
  const store = storeOn(s3, { MaxResultCount: 1 })
  const names = ODD.filter(odd => !odd.includes('/'))
  for (const odd of names) s3.put(`${odd}/x/1.gz`, '')
  s3.put('object', 'x')
  const { keys, folders, pages } = await listAll(store, { delimiter: true })
  t.strictSame(keys, ['object'])
  t.strictSame(folders, inByteOrder(names.map(odd => `${odd}/`)))
  t.equal(pages, names.length + 1)
  for (const folder of folders)
    t.strictSame(
      (await listAll(store, { prefix: folder, delimiter: true })).folders,
      [`${folder}x/`],
    )
})

t.test('a listing shows size, ETag and time', async t => {
  const s3 = await startS3(t)
  const { etag } = s3.put('a', 'four', { modified: NOW })
  const page = await storeOn(s3).list({
    prefix: '',
    delimiter: false,
    startAfter: '',
  })
  t.strictSame(page, {
    objects: [{ key: 'a', size: 4, etag, modified: NOW }],
    folders: [],
    next: undefined,
  })
})

t.test('an answer that is no page is a failed page', async t => {
  const s3 = await startS3(t)
  const store = storeOn(s3)
  for (const kind of ['empty', 'html'] as const) {
    s3.fault = () => ({ kind })
    t.match(
      await failure(listAll(store, { prefix: 'p/' })),
      {
        kind: 'network',
        affectsAll: false,
        message: /^listing s3:\/\/logs\/p\//,
      },
      kind,
    )
  }
  s3.fault = undefined
  t.strictSame((await listAll(store)).keys, [])
})

t.test('refused everywhere is told from refused here', async t => {
  const s3 = await startS3(t)
  s3.put('denied/a', 'x')
  const cases: [string, Changes, object][] = [
    [
      'wrong key',
      { AccessKeyId: 'AKIDOTHER' },
      { code: 'InvalidAccessKeyId', kind: 'access', affectsAll: true },
    ],
    [
      'wrong secret',
      { SecretAccessKey: 'another secret' },
      { code: 'SignatureDoesNotMatch', kind: 'access', affectsAll: true },
    ],
    [
      'no such bucket',
      { BucketName: 'other' },
      { code: 'NoSuchBucket', kind: 'access', affectsAll: true },
    ],
    [
      'wrong region',
      { Region: 'eu-west-1' },
      { kind: 'access', affectsAll: true, message: /us-east-1/ },
    ],
    [
      'nobody listens',
      { Endpoint: 'http://127.0.0.1:1' },
      {
        code: 'ECONNREFUSED',
        kind: 'network',
        affectsAll: true,
        message: /refused by 127\.0\.0\.1:1$/,
      },
    ],
  ]
  for (const [name, changes, expected] of cases) {
    const store = storeOn(s3, changes)
    t.match(
      await failure(listAll(store, { prefix: 'p/' })),
      expected,
      `${name}: LIST`,
    )
    t.match(await failure(read(store, 'denied/a')), expected, `${name}: GET`)
    for (const call of [() => listAll(store), () => read(store, 'denied/a')])
      await call().catch((error: Error) =>
        t.notMatch(`${error.message}${error.stack}`, /another secret/),
      )
  }
  const store = storeOn(s3)
  s3.fault = ({ key, prefix }) =>
    `${key}${prefix}`.includes('denied')
      ? { status: 403, code: 'AccessDenied' }
      : undefined
  const denied = { code: 'AccessDenied', kind: 'access', affectsAll: false }
  t.match(await failure(listAll(store, { prefix: 'denied/' })), denied)
  t.match(await failure(read(store, 'denied/a')), denied)
  t.strictSame((await listAll(store, { prefix: 'other/' })).keys, [])
  s3.fault = () => ({ kind: 'redirect', region: 'eu-central-1' })
  t.match(await failure(listAll(store)), {
    kind: 'access',
    affectsAll: true,
    message: /eu-central-1/,
  })
})

t.test('a clock that is hours off does not keep anybody out', async t => {
  const s3 = await startS3(t)
  const real = s3.clock
  s3.put('a', 'x')
  const offs = [-80, -1, 0, 1, 80].map(hours => hours * 3_600_000)
  for (const off of offs) {
    s3.clock = () => real() - off
    for (const lastOff of offs) {
      const store = storeOn(
        s3,
        {},
        { s3Clock: new S3Clock(systemClock, -lastOff) },
      )
      const name = `${off / 3_600_000} h, then ${lastOff / 3_600_000} h off`
      t.strictSame((await listAll(store)).keys, ['a'], name)
      s3.resetRequests()
      t.strictSame((await listAll(store)).keys, ['a'])
      t.equal(s3.requests.length, 1, 'from then on the time is known')
    }
  }
})

t.test('a throttled request is tried again, then fails for now', async t => {
  const s3 = await startS3(t)
  const store = storeOn(s3)
  s3.put('a', 'x')
  let left = 1
  s3.fault = () => (left-- > 0 ? { status: 503, code: 'SlowDown' } : undefined)
  t.strictSame((await listAll(store)).keys, ['a'])
  left = 5
  t.match(await failure(listAll(store)), {
    code: 'SlowDown',
    kind: 'network',
    affectsAll: false,
  })
})

t.test('a listing and a read end when the signal says so', async t => {
  const s3 = await startS3(t)
  s3.put('a', 'x'.repeat(100_000))
  const store = storeOn(s3)
  s3.fault = ({ kind }) =>
    kind === 'LIST' ? { kind: 'stall' } : { kind: 'stall-body', after: 10 }
  const controller = new AbortController()
  const { signal } = controller
  const list = store.list({
    prefix: '',
    delimiter: false,
    startAfter: '',
    signal,
  })
  const { chunks } = await store.get({
    key: 'a',
    etag: undefined,
    from: 0,
    signal,
  })
  const whole = readWhole({ etag: '', size: 0, chunks })
  setImmediate(() => controller.abort())
  t.match(await failure(list), { kind: 'network' })
  t.match(await failure(whole), { kind: 'network' })
  const late = { prefix: '', delimiter: false, startAfter: '', signal }
  t.match(await failure(store.list(late)), { kind: 'network' })
  const none = { key: 'a', etag: undefined, from: 5, signal }
  t.match(await failure(store.get(none)), { kind: 'network' })
  await new Promise(setImmediate)
})

t.test('an empty object is read', async t => {
  const s3 = await startS3(t)
  s3.put('a', '')
  t.equal(await read(storeOn(s3), 'a'), '')
})

t.test('a session token is signed, whoever finds it', async t => {
  const s3 = await startS3(t)
  s3.credentials.set('ASIA', { secret: 'theirs', token: 'a/token+of=theirs' })
  for (const odd of ODD) s3.put(odd, odd)
  const before = process.env
  t.teardown(() => {
    process.env = before
  })
  const keyless = { AccessKeyId: '', SecretAccessKey: '' }
  // Any variable that it does not know makes the store ask the SDK.
  for (const more of [{}, { AWS_UNHEARD_OF: '1' }]) {
    process.env = {
      HOME: t.testdir(),
      AWS_ACCESS_KEY_ID: 'ASIA',
      AWS_SECRET_ACCESS_KEY: 'theirs',
      AWS_SESSION_TOKEN: 'a/token+of=theirs',
      ...more,
    }
    const store = storeOn(s3, keyless)
    t.strictSame((await listAll(store)).keys, inByteOrder(ODD))
    for (const odd of ODD) t.equal(await read(store, odd), odd)
    process.env['AWS_SESSION_TOKEN'] = 'another'
    t.match(await failure(listAll(storeOn(s3, keyless))), {
      code: 'InvalidToken',
    })
  }
})

t.test("a tenant's bucket is asked for and signed as Ceph has it", async t => {
  const s3 = await StandInS3.start({
    accessKeyId: 'AKIDTEST',
    secretAccessKey: 'a test secret',
    bucket: 'acme:logs',
    region: 'us-east-1',
  })
  t.teardown(() => s3.close())
  const { size, etag } = s3.put('a b/c', 'x')
  const store = storeOn(s3, { ForcePathStyle: false })
  t.strictSame((await listAll(store)).keys, ['a b/c'])
  t.equal(await read(store, 'a b/c', { size, etag }), 'x')
})

// A bucket behind a proxy, over the wire: one tunnel for many requests, and
// every fault of a proxy told as its own.

import t, { type Test } from 'tap'
import type { SourceError } from '../../../src/s3/errors/source-error.ts'
import { isRetryable } from '../../../src/s3/errors/source-error.ts'
import { emptyEnv } from '../../lib/s3/access-settings.ts'
import { startProxy, type ProxyFault } from '../../lib/s3/proxy-double.ts'
import { refuse, startServer } from '../../lib/s3/raw-server.ts'
import { StandInS3 } from '../../lib/s3/stand-in-s3.ts'
import {
  failure,
  listAll,
  read,
  storeOn,
  type Changes,
} from '../../lib/s3/store-on.ts'

const LOGIN = 'CORP\\svc:p@ss;w#rd:%1 "ä€'
const USER = { Domain: 'CORP', UserName: 'svc', Password: 'p@ss;w#rd:%1 "ä€' }

async function startWorld(t: Test, login?: string) {
  emptyEnv(t)
  const s3 = await StandInS3.start({
    accessKeyId: 'AKID',
    secretAccessKey: 's',
    bucket: 'logs',
    region: 'us-east-1',
  })
  t.teardown(() => s3.close())
  const proxy = await startProxy(t, login === undefined ? {} : { login })
  const store = (changes: Changes = {}, silence = 5000) =>
    storeOn(
      s3,
      { ProxyServer: '127.0.0.1', ProxyPort: proxy.port, ...changes },
      { silence },
    )
  return { s3, proxy, store }
}

t.test('one tunnel carries one request after the other', async t => {
  const { s3, proxy, store } = await startWorld(t, LOGIN)
  s3.put('a', Buffer.from('abc'))
  const bucket = store(USER)
  for (let time = 0; time < 20; time++)
    t.strictSame((await listAll(bucket)).keys, ['a'])
  t.equal(await read(bucket, 'a', { size: 3 }), 'abc')
  const target = new URL(s3.endpoint).host
  t.strictSame(proxy.asked, [{ target, login: LOGIN }])
})

t.test('tunnels that break are opened anew', async t => {
  const { s3, proxy, store } = await startWorld(t)
  s3.put('a', Buffer.from('abc'))
  const bucket = store()
  await listAll(bucket)
  proxy.cut()
  t.strictSame((await listAll(bucket)).keys, ['a'])
  t.equal(proxy.asked.length, 2)
})

t.test('a variable of the environment does the same', async t => {
  const { s3, proxy, store } = await startWorld(t, LOGIN)
  const url = `http://${encodeURIComponent('CORP\\svc')}:${encodeURIComponent(USER.Password)}@127.0.0.1:${proxy.port}`
  emptyEnv(t, { HTTP_PROXY: url })
  await listAll(store({ ProxyServer: '' }))
  t.equal(proxy.asked.length, 1)
  emptyEnv(t, { HTTP_PROXY: url, NO_PROXY: '127.0.0.0/8' })
  await listAll(store({ ProxyServer: '' }))
  t.equal(proxy.asked.length, 1, 'NO_PROXY')
  t.equal(s3.requests.length, 2)
})

t.test('a refused login is tried once, by all requests together', async t => {
  const { proxy, store } = await startWorld(t, LOGIN)
  const bucket = store({ ...USER, Password: 'wr@ng %41' })
  const many = Array.from({ length: 20 }, () => failure(listAll(bucket)))
  const faults = (await Promise.all(many)) as SourceError[]
  t.equal(proxy.asked.length, 1)
  for (const { kind, message } of faults) {
    t.equal(kind, 'access')
    t.match(
      message,
      /^listing s3:\/\/logs\/: ProxyAuthenticationRequired: the proxy 127.0.0.1:\d+ \(ProxyServer\) answers 407: .*; check UserName, Password and Domain$/,
    )
    t.notMatch(message, /svc|wr@ng|wr%40ng|d3JAbmcg/)
  }
  await failure(listAll(store({ ...USER, Password: 'wr@ng %41' })))
  t.equal(proxy.asked.length, 1, 'another store neither')
  t.strictSame((await listAll(store(USER))).keys, [], 'the right one is taken')
  const expiring = store({ ...USER, Password: 'expires' })
  proxy.login = 'CORP\\svc:expires'
  await listAll(expiring)
  proxy.login = LOGIN
  proxy.cut()
  proxy.asked.length = 0
  for (let time = 0; time < 3; time++)
    t.match(await failure(listAll(expiring)), { message: /407/ })
  t.equal(proxy.asked.length, 1, 'nor one that was taken before')
  const none = (await failure(listAll(store()))) as SourceError
  t.match(none.message, /407.* wants a user name.*; set UserName and Password/)
})

for (const [name, fault, kind, tries, pattern] of [
  [
    'NTLM alone',
    { status: 407, schemes: ['NTLM', 'Negotiate abc='] },
    'access',
    1,
    /407.*NTLM or Negotiate alone.*cntlm or px/,
  ],
  [
    '401, as Tinyproxy says it',
    { status: 401 },
    'access',
    1,
    /answers 401: it refuses the user name or the password/,
  ],
  ['403', { status: 403 }, 'access', 1, /answers 403 .*allow CONNECT to 127/],
  ['404', { status: 404 }, 'access', 1, /answers 404 .*ProxyServer/],
  ['502', { status: 502 }, 'network', 5, /answers 502 .*Region and Endpoint/],
  ['504', { status: 504 }, 'network', 5, /answers 504 /],
  ['no answer', 'hang', 'network', 5, /did not answer within 0.08 s; check/],
  ['an answer without end', 'endless', 'network', 5, /did not answer within/],
  ['no HTTP', 'garbage', 'network', 5, /not answer like a proxy.*HPE_/],
  ['hung up', 'close', 'network', 5, /hung up \(ECONNRESET\).*ProxyPort/],
] as const)
  t.test(`a proxy's fault: ${name}`, async t => {
    const { s3, proxy, store } = await startWorld(t)
    proxy.fault = structuredClone(fault) as ProxyFault
    const error = (await failure(listAll(store(USER, 100)))) as SourceError
    t.match(error, { kind, affectsAll: true, message: pattern })
    t.match(error.message, `the proxy 127.0.0.1:${proxy.port} (ProxyServer)`)
    t.equal(isRetryable(error), kind === 'network')
    t.equal(proxy.asked.length, tries)
    t.equal(s3.requests.length, 0)
  })

t.test('a proxy that is not there', async t => {
  const { store } = await startWorld(t)
  const gone = { ProxyServer: 'proxy.invalid', ProxyPort: 3128 }
  t.match(await failure(listAll(store(gone))), {
    kind: 'network',
    message:
      /: ProxyUnreachable: the proxy proxy.invalid:3128 \(ProxyServer\) is not reached \(E\w+\); check ProxyServer and ProxyPort, DNS/,
  })
  t.match(
    await failure(
      listAll(store({ ...gone, ProxyServer: '::1', ProxyPort: 9 })),
    ),
    {
      message: /the proxy \[::1\]:9 \(ProxyServer\) is not reached/,
    },
  )
})

t.test('the target behind the proxy is not there', async t => {
  const { proxy, store } = await startWorld(t)
  t.match(await failure(listAll(store({ Endpoint: 'http://127.0.0.1:9' }))), {
    kind: 'network',
    message: /answers 502 when asked for 127.0.0.1:9/,
  })
  t.equal(proxy.asked.length, 5)
})

t.test("S3's own refusals come through as they are", async t => {
  const { store } = await startWorld(t)
  const { port } = await startServer(t, (_, response) =>
    refuse(response, 403, 'AccessDenied', 'no'),
  )
  const Endpoint = `http://127.0.0.1:${port}`
  t.match(await failure(listAll(store({ Endpoint }))), { code: 'AccessDenied' })
})

// Which proxy a URL is reached through, and with which login.

import t from 'tap'
import type { Proxy, ProxySettings } from '../../../src/s3/proxy/proxy.ts'
import { mayUseProxy, proxyFor } from '../../../src/s3/proxy/route.ts'

const NONE: ProxySettings = {
  ProxyServer: '',
  ProxyPort: undefined,
  UserName: '',
  Password: '',
  Domain: '',
}
const S3 = 'https://logs.s3.eu-west-1.amazonaws.com/'

const route = (
  env: NodeJS.ProcessEnv,
  settings: Partial<ProxySettings> = {},
  url = S3,
): Proxy | undefined => proxyFor(new URL(url), { ...NONE, ...settings }, env)

const placed = (proxy: Proxy | undefined): string =>
  proxy
    ? `${proxy.secure ? 'tls ' : ''}${proxy.host} ${proxy.port} of ${proxy.source}`
    : 'none'

const login = (proxy: Proxy | undefined): string =>
  Buffer.from(
    proxy?.authorization?.replace(/^Basic /, '') ?? '',
    'base64',
  ).toString()

t.test(
  'ProxyServer is for every host, whatever the environment says',
  async t => {
    const env = { NO_PROXY: '*', HTTPS_PROXY: 'http://other:1' }
    for (const [ProxyServer, ProxyPort, place] of [
      ['proxy.corp', 3128, 'proxy.corp 3128'],
      ['proxy.corp:3128', undefined, 'proxy.corp 3128'],
      ['http://proxy.corp:80/', undefined, 'proxy.corp 80'],
      ['https://proxy.corp', 8443, 'tls proxy.corp 8443'],
      ['10.1.2.3', 8080, '10.1.2.3 8080'],
      ['::1', 8080, '::1 8080'],
      ['[::1]:8080', undefined, '::1 8080'],
    ] as const) {
      const proxy = route(env, { ProxyServer, ProxyPort })
      t.equal(placed(proxy), `${place} of ProxyServer`)
      t.equal(proxy?.authorization, undefined)
    }
    const settings = { ProxyServer: 'p', ProxyPort: 1 }
    t.equal(
      placed(route({}, settings, 'http://127.0.0.1/')),
      'p 1 of ProxyServer',
    )
  },
)

t.test('the login as the browser would send it', async t => {
  const Password = 'p@ss;w#rd:%1 "ä€'
  const settings = { ProxyServer: 'p', ProxyPort: 1, UserName: 'svc', Password }
  t.equal(login(route({}, settings)), `svc:${Password}`)
  t.equal(
    login(route({}, { ...settings, Domain: 'CORP' })),
    `CORP\\svc:${Password}`,
  )
  // From RFC 7617, section 2.1: test:123£.
  const known = { ...settings, UserName: 'test', Password: '123£' }
  t.equal(route({}, known)?.authorization, 'Basic dGVzdDoxMjPCow==')
})

t.test("never for the machine's own metadata", async t => {
  const settings = { ProxyServer: 'p', ProxyPort: 1 }
  for (const host of [
    '169.254.169.254',
    '169.254.170.2',
    '169.254.170.23',
    '[fd00:ec2::254]',
  ]) {
    t.equal(route({}, settings, `http://${host}/latest/`), undefined)
    t.equal(route({ http_proxy: 'p' }, {}, `http://${host}/`), undefined)
  }
})

t.test('the environment, lower case first, the own scheme first', async t => {
  const http = 'http://minio:9000/'
  for (const [env, url, place] of [
    [{}, S3, 'none'],
    [{ HTTPS_PROXY: 'http://p:1' }, S3, 'p 1 of HTTPS_PROXY'],
    [{ HTTPS_PROXY: 'http://p:1' }, http, 'none'],
    [
      { HTTPS_PROXY: 'http://p:1', https_proxy: 'http://q:2' },
      S3,
      'q 2 of https_proxy',
    ],
    [{ HTTP_PROXY: 'p:1' }, http, 'p 1 of HTTP_PROXY'],
    [{ HTTP_PROXY: 'p:1' }, S3, 'none'],
    [{ ALL_PROXY: 'p:1' }, S3, 'p 1 of ALL_PROXY'],
    [{ ALL_PROXY: 'p:1', http_proxy: 'q:2' }, http, 'q 2 of http_proxy'],
    [{ HTTPS_PROXY: ' ' }, S3, 'none'],
    [{ HTTPS_PROXY: 'p' }, S3, 'p 80 of HTTPS_PROXY'],
    [{ HTTPS_PROXY: 'https://p' }, S3, 'tls p 443 of HTTPS_PROXY'],
    [{ HTTPS_PROXY: 'http://[::1]:1/' }, S3, '::1 1 of HTTPS_PROXY'],
    [{ HTTPS_PROXY: 'p:1', NO_PROXY: 'amazonaws.com' }, S3, 'none'],
    [
      { HTTPS_PROXY: 'p:1', NO_PROXY: '*', no_proxy: 'x' },
      S3,
      'p 1 of HTTPS_PROXY',
    ],
    [{ HTTPS_PROXY: 'not a URL', NO_PROXY: '*' }, S3, 'none'],
  ] as const)
    t.equal(placed(route(env, {}, url)), place, JSON.stringify(env))
  t.equal(mayUseProxy(NONE, {}), false)
  t.equal(mayUseProxy(NONE, { all_proxy: 'p' }), true)
  t.equal(mayUseProxy({ ...NONE, ProxyServer: 'p' }, {}), true)
})

t.test('a login in a variable is percent-encoded', async t => {
  for (const [userinfo, text] of [
    ['svc:hush', 'svc:hush'],
    ['CORP%5Csvc:p%40ss%3Bw%23rd%3A%251', 'CORP\\svc:p@ss;w#rd:%1'],
    ['CORP\\svc:p@ss', 'CORP\\svc:p@ss'],
    ['svc:%E2%82%AC', 'svc:€'],
    ['svc:100%', 'svc:100%'],
    ['svc', 'svc:'],
  ])
    t.equal(login(route({ https_proxy: `http://${userinfo}@p:1` })), text)
})

t.test('a variable that names no proxy is named, its text is not', async t => {
  for (const value of [
    'http://svc:hush#1@p:1',
    'http://svc:1/hush@p:1',
    'http://hush?x@p:1',
    'http://svc:hush@p:99999',
    'ftp://svc:hush@p:1',
    'http://',
    'hush hush',
  ])
    t.throws(
      () => route({ HTTPS_PROXY: value }),
      {
        code: 'ProxyUnusable',
        message: /^HTTPS_PROXY is not a proxy's URL$/,
      },
      value,
    )
  t.throws(() => route({ ALL_PROXY: 'socks5h://svc:hush@p:1' }), {
    message: /^ALL_PROXY names a SOCKS proxy, which cannot be used$/,
  })
})

// The built program behind a proxy: a login with every awkward character, TLS
// with a private certificate authority, a role assumed through the same proxy,
// and faults with the exit code of the contract and no secret in any output.

import { mkdirSync, writeFileSync } from 'node:fs'
import { connect, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import t, { type Test } from 'tap'
import { putToday, startCollector } from '../lib/hosts/collector.ts'
import { interruptedRun, SOON_MS } from '../lib/hosts/interrupted-run.ts'
import { startProxy } from '../lib/s3/proxy-double.ts'
import { startServer } from '../lib/s3/raw-server.ts'
import { selfSigned } from '../lib/s3/self-signed.ts'

const PASSWORD = 'p@ss;w#rd:%1'
const USER = { Domain: 'CORP', UserName: 'svc', Password: PASSWORD }
const LOGIN = `CORP\\svc:${PASSWORD}`
const TRACES = [
  PASSWORD,
  encodeURIComponent(PASSWORD),
  Buffer.from(LOGIN).toString('base64').slice(4, -4),
]
const S3_HOST = 's3.us-east-1.amazonaws.com'
const STS_HOST = 'sts.us-east-1.amazonaws.com'

/** Starts a bucket with one object of three records behind a proxy with a login. */
async function startWorld(t: Test) {
  const proxy = await startProxy(t, { login: LOGIN })
  const collector = await startCollector(t, {
    ProxyServer: '127.0.0.1',
    ProxyPort: proxy.port,
    ...USER,
  })
  putToday(collector.s3, 'a', 3)
  return { proxy, ...collector }
}

/** Puts TLS before a port; gives its own port. */
async function startTls(
  t: Test,
  tls: { key: string; cert: string },
  port: number,
): Promise<number> {
  const server = createServer(tls, client => {
    const upstream = connect(port, '127.0.0.1')
    client.pipe(upstream).pipe(client)
    client.on('error', () => upstream.destroy())
    upstream.on('error', () => client.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return (server.address() as AddressInfo).port
}

t.test('http, with the login of a domain', async t => {
  const { proxy, s3, run } = await startWorld(t)
  const cycle = await run()
  t.equal(cycle.code, 0)
  t.equal(cycle.records.length, 3)
  t.ok(proxy.asked.length > 0)
  const target = new URL(s3.endpoint).host
  for (const asked of proxy.asked) t.strictSame(asked, { target, login: LOGIN })
  t.ok(proxy.asked.length <= 3, `${proxy.asked.length} tunnels`)
  const check = await run(['check'], { NO_PROXY: '*' })
  t.equal(check.code, 0)
  t.match(
    check.stdout,
    `ok   proxy: the proxy 127.0.0.1:${proxy.port} (ProxyServer) lets the user of UserName through to 127.0.0.1\n`,
  )
  for (const trace of TRACES) t.notMatch(check.stdout + cycle.stderr, trace)
})

t.test('https and a role, by a private certificate authority', async t => {
  const tls = selfSigned(t, [S3_HOST, STS_HOST])
  if (tls === undefined) return t.comment('no openssl here')
  const { proxy, s3, run, folder, configure } = await startWorld(t)
  const roleKey = { secret: 'role secret', token: 'role token' }
  s3.credentials.set('ASIAROLE', roleKey)
  let assumed = ''
  const sts = await startServer(
    t,
    async (request, response) => {
      for await (const chunk of request) assumed += String(chunk)
      response.end(`<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
        <AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>${roleKey.secret}</SecretAccessKey><SessionToken>${roleKey.token}</SessionToken>
        <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`)
    },
    tls,
  )
  const s3Port = Number(new URL(s3.endpoint).port)
  proxy.routes.set(`${S3_HOST}:443`, await startTls(t, tls, s3Port))
  proxy.routes.set(`${STS_HOST}:443`, sts.port)
  configure({ Endpoint: '' })
  const untrusted = await run()
  t.equal(untrusted.code, 4)
  t.match(untrusted.stderr, /DEPTH_ZERO_SELF_SIGNED_CERT.*NODE_EXTRA_CA_CERTS/)
  const env = { NODE_EXTRA_CA_CERTS: tls.certFile }
  t.match(await run(['collect'], env), { code: 0, records: { length: 3 } })

  mkdirSync(join(folder, '.aws'))
  writeFileSync(
    join(folder, '.aws', 'config'),
    '[default]\nrole_arn = arn:aws:iam::111122223333:role/logs\nexternal_id = ext\nsource_profile = base\n' +
      '[profile base]\naws_access_key_id = AKIDTEST\naws_secret_access_key = a test secret\n',
  )
  const noKeys = {
    ...env,
    HOME: folder,
    AWS_ACCESS_KEY_ID: undefined,
    AWS_SECRET_ACCESS_KEY: undefined,
  }
  proxy.asked.length = 0
  putToday(s3, 'b', 4)
  const asRole = await run(['collect'], noKeys)
  t.match(asRole, { code: 0, records: { length: 4 } }, asRole.stderr)
  t.match(assumed, /Action=AssumeRole.*ExternalId=ext/)
  t.equal(proxy.asked[0]?.target, `${STS_HOST}:443`)
  t.ok(proxy.asked.every(({ login }) => login === LOGIN))

  proxy.fault = { status: 407, schemes: ['Basic realm=x'] }
  proxy.asked.length = 0
  const refused = await run(['collect'], noKeys)
  t.equal(refused.code, 3)
  t.match(refused.stderr, /answers 407/)
  t.equal(proxy.asked.length, 1, 'one try')
})

t.test('refused and not reached, from outside', async t => {
  const { proxy, s3, run, configure } = await startWorld(t)
  const outcome = async (command: string, code: number, pattern: RegExp) => {
    proxy.asked.length = 0
    const { code: actual, stderr, stdout } = await run([command])
    t.equal(actual, code, String(pattern))
    t.match(stderr + stdout, pattern)
    for (const trace of [...TRACES, 'other;word', 'other%3Bword'])
      t.notMatch(stderr + stdout, trace)
    t.notMatch(stdout, /(ok {2}|fail) endpoint/)
  }
  configure({ Password: 'other;word' })
  const refused = /proxy.*answers 407: .*check UserName, Password and Domain/
  await outcome('collect', 3, refused)
  t.equal(proxy.asked.length, 1, 'one try')
  await outcome('check', 3, refused)
  configure({})
  proxy.fault = { status: 407, schemes: ['NTLM', 'Negotiate'] }
  await outcome('collect', 3, /407.*NTLM.*cntlm or px/)
  proxy.fault = { status: 503 }
  await outcome('collect', 4, /proxy.*answers 503/)
  configure({ ProxyPort: 9 })
  await outcome('check', 4, /fail proxy: .*:9 .*not reached \(ECONNREFUSED\)/)
  t.equal(s3.requests.length, 0)
})

t.test('the environment names the proxy', async t => {
  const { proxy, run, configure } = await startWorld(t)
  configure({ ProxyServer: '' })
  const user = encodeURIComponent('CORP\\svc')
  const http_proxy = `http://${user}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${proxy.port}`
  t.equal((await run(['collect'], { http_proxy })).records.length, 3)
  const { length } = proxy.asked
  t.ok(length > 0)
  const direct = { http_proxy, no_proxy: 'localhost,127.0.0.0/8' }
  t.equal((await run(['collect'], direct)).code, 0)
  t.equal(proxy.asked.length, length)
  const bad = await run(['check'], { http_proxy: `x://${PASSWORD}@y` })
  t.equal(bad.code, 3)
  t.match(bad.stdout, /^fail proxy: .*http_proxy is not a proxy's URL/m)
  for (const trace of TRACES) t.notMatch(bad.stdout + bad.stderr, trace)
})

t.test('a signal ends the wait for a proxy that hangs', async t => {
  const world = await startWorld(t)
  world.proxy.fault = 'hang'
  const stopped = await interruptedRun(world, 'TERM', kill => {
    const timer = setInterval(() => {
      if (world.proxy.asked.length === 0) return
      clearInterval(timer)
      kill()
    }, 10)
  })
  t.equal(stopped.code, 0)
  t.ok((stopped.goneMs ?? Infinity) < SOON_MS, `${stopped.goneMs} ms`)
})

// The built program through Squid, the proxy that most companies run. Skipped
// where it is not installed; .ci/run installs it where it can.

import { spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { putToday, startCollector } from '../lib/hosts/collector.ts'

const PATH = `${process.env['PATH']}:/usr/sbin:/usr/local/sbin`
const SQUID = spawnSync('squid', ['-v'], { env: { PATH } }).error === undefined

const LOGIN = 'CORP\\svc p@ss;w#rd:%1'

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

/** Starts Squid with one login; gives its port and its log of requests. */
async function startSquid(
  t: Test,
): Promise<{ port: number; log: () => string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'squid-'))
  // Started by root it becomes another user, who is to write its logs.
  chmodSync(folder, 0o777)
  const at = (name: string): string => join(folder, name)
  const port = await freePort()
  // Squid gives a helper the login with its odd characters percent-encoded.
  writeFileSync(
    at('login.cjs'),
    `require('node:readline').createInterface(process.stdin).on('line', line =>
      console.log(decodeURIComponent(line) === ${JSON.stringify(LOGIN)} ? 'OK' : 'ERR'))`,
  )
  writeFileSync(
    at('squid.conf'),
    `http_port 127.0.0.1:${port}
auth_param basic program ${process.execPath} ${at('login.cjs')}
auth_param basic realm company
auth_param basic casesensitive on
acl known proxy_auth REQUIRED
http_access allow known
http_access deny all
cache deny all
pid_filename none
access_log stdio:${at('access.log')}
cache_log ${at('cache.log')}
coredump_dir ${folder}
shutdown_lifetime 0 seconds
`,
  )
  const squid = spawn('squid', ['-N', '-f', at('squid.conf')], {
    env: { PATH },
    stdio: 'ignore',
  })
  const ended = once(squid, 'close')
  t.teardown(async () => {
    squid.kill()
    await ended
    rmSync(folder, { recursive: true })
  })
  for (let tries = 0; tries < 200; tries++) {
    const socket = connect(port, '127.0.0.1')
    const [event] = await Promise.race([
      once(socket, 'connect').then(() => ['open']),
      once(socket, 'close').then(() => ['closed']),
    ]).catch(() => ['closed'])
    socket.destroy()
    if (event === 'open') break
    await sleep(50)
  }
  const log = (): string[] =>
    readFileSync(at('access.log'), 'utf8').split('\n').filter(Boolean)
  return { port, log }
}

t.test(
  'Squid with a login',
  { skip: SQUID ? false : 'squid is not installed' },
  async t => {
    const { port, log } = await startSquid(t)
    const settings = {
      ProxyServer: 'localhost',
      ProxyPort: port,
      Domain: 'CORP',
      UserName: 'svc',
      Password: 'p@ss;w#rd:%1',
    }
    const { s3, run, configure } = await startCollector(t, settings)
    for (let index = 0; index < 30; index++) putToday(s3, `n-${index}`, 10)
    t.match(await run(), { code: 0, records: { length: 300 } })
    t.match(await run(['check']), { code: 0, stdout: /^ok {3}proxy: /m })
    configure({ Password: 'p@ss;w#rd:%2' })
    const { code, stderr } = await run()
    t.equal(code, 3)
    t.match(stderr, /answers 407: it refuses the user name or the password/)
    configure({ Endpoint: 'http://127.0.0.1:9' })
    t.match(await run(), { code: 4, stderr: /answers 503 when asked for/ })
    // The wait for Squid left connections without a request there.
    const requests = log().filter(line => !line.includes(' error:'))
    t.ok(requests.length > 0)
    for (const line of requests) t.match(line, / CONNECT 127\.0\.0\.1:/)
    t.equal(requests.filter(line => line.includes('/407 ')).length, 1)
  },
)

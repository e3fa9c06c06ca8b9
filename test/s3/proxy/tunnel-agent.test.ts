// Which way the agent that the SDK's clients get takes to each host.

import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { get, type Agent, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import t from 'tap'
import { sdkSource } from '../../../src/s3/access/sdk-credentials.ts'
import { proxyHandler, tunnelAgent } from '../../../src/s3/proxy/tunnel.ts'
import { emptyEnv, SETTINGS } from '../../lib/s3/access-settings.ts'
import { startProxy } from '../../lib/s3/proxy-double.ts'
import { startServer } from '../../lib/s3/raw-server.ts'

async function status(port: number, agent: Agent): Promise<number> {
  const request = get({ host: '127.0.0.1', port, agent })
  const [answer] = (await once(request, 'response')) as [IncomingMessage]
  answer.resume()
  await once(answer, 'end')
  return answer.statusCode ?? 0
}

t.test('through the proxy, or direct where NO_PROXY has the host', async t => {
  const { port } = await startServer(t, (_, response) => response.end())
  const proxy = await startProxy(t)
  const http_proxy = `http://127.0.0.1:${proxy.port}`
  for (const [no_proxy, tunnels] of [
    ['', 1],
    ['127.0.0.1', 1],
    ['127.0.0.1:9', 2],
  ] as const) {
    emptyEnv(t, { http_proxy, no_proxy })
    const agent = tunnelAgent('http:', SETTINGS, 1000)
    t.equal(await status(port, agent), 200)
    t.equal(await status(port, agent), 200)
    t.equal(proxy.asked.length, tunnels, no_proxy)
    agent.destroy()
  }
  emptyEnv(t, { no_proxy: '*', http_proxy })
  const settings = {
    ...SETTINGS,
    ProxyServer: `127.0.0.1:${proxy.port}`,
  }
  const agent = proxyHandler(settings)?.httpAgent
  t.equal(agent && (await status(port, agent)), 200)
  t.equal(proxy.asked.length, 3, 'ProxyServer is for every host')
  agent?.destroy()
})

t.test("the SDK's own agents where no proxy is", async t => {
  emptyEnv(t, { NO_PROXY: 'x' })
  t.equal(proxyHandler(SETTINGS), undefined)
})

t.test('each of the services that give credentials', async t => {
  emptyEnv(t)
  const proxy = await startProxy(t)
  proxy.fault = { status: 403 }
  const home = t.testdir({
    token: 'a token',
    '.aws': {
      config: `[profile role]
role_arn = arn:aws:iam::111122223333:role/logs
source_profile = base
[profile base]
aws_access_key_id = AKID
aws_secret_access_key = secret
[profile identity]
role_arn = arn:aws:iam::111122223333:role/logs
web_identity_token_file = TOKEN
[profile sso]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 111122223333
sso_role_name = logs
`,
      // The name that the AWS CLI gives it: the SHA-1 of the start URL.
      sso: {
        cache: {
          [`${createHash('sha1').update('https://corp.awsapps.com/start').digest('hex')}.json`]:
            JSON.stringify({
              accessToken: 'x',
              expiresAt: '2099-01-01T00:00:00Z',
            }),
        },
      },
    },
  })
  const config = join(home, '.aws', 'config')
  writeFileSync(
    config,
    readFileSync(config, 'utf8').replace('TOKEN', join(home, 'token')),
  )
  const settings = {
    ...SETTINGS,
    AccessKeyId: '',
    SecretAccessKey: '',
    ProxyServer: `127.0.0.1:${proxy.port}`,
  }
  const sts = 'sts.eu-west-1.amazonaws.com:443'
  const role = 'arn:aws:iam::111122223333:role/x'
  for (const [env, changes, target] of [
    [{}, { Profile: 'role' }, sts],
    [{}, { Profile: 'identity' }, sts],
    [{}, { Profile: 'sso' }, 'portal.sso.eu-west-1.amazonaws.com:443'],
    [{ AWS_PROFILE: 'role' }, {}, sts],
    [{}, { Profile: 'base', RoleArn: role }, sts],
    [{}, { AccessKeyId: 'A', SecretAccessKey: 'b', RoleArn: role }, sts],
    [
      {
        AWS_WEB_IDENTITY_TOKEN_FILE: join(home, 'token'),
        AWS_ROLE_ARN: role,
      },
      {},
      sts,
    ],
  ] as const) {
    process.env = { HOME: home, ...env }
    proxy.asked.length = 0
    const source = sdkSource({ ...settings, ...changes })
    await t.rejects(source.fetch(), {
      kind: 'access',
      message: /answers 403 when/,
    })
    t.match(proxy.asked, [{ target }], JSON.stringify([env, changes]))
    t.equal(proxy.asked.length, 1)
  }
})

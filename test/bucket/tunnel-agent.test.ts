// Which way the agent that the SDK's clients get takes to each host.

import { once } from 'node:events'
import { get, type Agent, type IncomingMessage } from 'node:http'
import t from 'tap'
import { proxyHandler, tunnelAgent } from '../../src/bucket/tunnel-agent.ts'
import { emptyEnv, SETTINGS } from '../lib/access-settings.ts'
import { startProxy } from '../lib/proxy-double.ts'
import { startServer } from '../lib/raw-server.ts'

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

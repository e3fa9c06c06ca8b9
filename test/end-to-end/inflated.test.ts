// Gateways and stores that inflate what is stored as gzip: asked for as stored,
// and taken whole where they inflate it all the same.

import { randomBytes } from 'node:crypto'
import {
  createServer,
  request as send,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { gunzipSync, gzipSync } from 'node:zlib'
import {
  cloudTrailObject,
  daysAgo,
  startCollector,
  trailKey,
} from '../lib/hosts/collector.ts'
import { differences, stockOf } from '../lib/cycle/exactly-once.ts'

type Send = (
  body: Buffer,
  answer: IncomingMessage,
  response: ServerResponse,
) => void

/** Starts a gateway to an endpoint, which has every object sent in its own way. */
async function startGateway(
  t: Test,
  endpoint: string,
  sendObject: Send,
  isDue: (request: IncomingMessage) => boolean = () => true,
): Promise<string> {
  const { port } = new URL(endpoint)
  const gateway = createServer((request, response) => {
    const { url: path, headers } = request
    const onward = { host: '127.0.0.1', port, path, headers, agent: false }
    const onAnswer = async (answer: IncomingMessage): Promise<void> => {
      const body = await buffer(answer)
      const isObject = path?.includes('.gz') && !path.includes('list-type')
      if (isObject && answer.statusCode === 200 && isDue(request))
        return sendObject(body, answer, response)
      response.writeHead(answer.statusCode ?? 500, answer.headers)
      response.end(body)
    }
    send(onward, answer => void onAnswer(answer)).end()
  })
  await new Promise<void>(resolve => gateway.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    gateway.closeAllConnections()
    gateway.close()
  })
  return `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`
}

const withLength: Send = (body, { headers }, response) => {
  const plain = gunzipSync(body)
  response.writeHead(200, { ...headers, 'content-length': plain.length })
  response.end(plain)
}

const inChunks: Send = (body, answer, response) => {
  const { 'content-length': _, ...headers } = answer.headers
  response.writeHead(200, { ...headers, etag: `W/${headers.etag}` })
  response.write(gunzipSync(body))
  response.end()
}

const cutShort: Send = (body, answer, response) => {
  const { 'content-length': _, ...headers } = answer.headers
  response.writeHead(200, { ...headers })
  response.write(gunzipSync(body).subarray(0, -5))
  setImmediate(() => response.destroy())
}

const page: Send = (_, { headers: { etag } }, response) => {
  const html = `<html>${'x'.repeat(5000)}</html>`
  response.writeHead(200, { etag, 'content-length': html.length })
  response.end(html)
}

async function start(
  t: Test,
  sendObject: Send,
  isDue?: (request: IncomingMessage) => boolean,
) {
  const collector = await startCollector(t)
  const { s3, configure } = collector
  for (let index = 0; index < 12; index++)
    s3.put(trailKey(daysAgo(0), `n-${index}`), cloudTrailObject(index + 1))
  s3.put(trailKey(daysAgo(0), 'empty'), gzipSync('{"Records":[]}'))
  configure({
    Endpoint: await startGateway(t, s3.endpoint, sendObject, isDue),
    MaxCycleSeconds: 60,
  })
  return collector
}

for (const [name, way] of [
  ['with its length', withLength],
  ['in chunks', inChunks],
] as const)
  t.test(`objects that come inflated, ${name}, are all taken`, async t => {
    const { s3, runHere } = await start(t, way)
    // Large enough for the spool.
    const noise = Array.from({ length: 100 }, (_, index) => ({
      eventID: `noise-${index}`,
      text: randomBytes(80_000).toString('base64'),
    }))
    const large = JSON.stringify({ Records: noise })
    s3.put(trailKey(daysAgo(0), 'large'), gzipSync(large, { level: 1 }))
    const run = await runHere()
    t.equal(run.outcome, 'done')
    t.strictSame(differences(stockOf(s3), [run]), [])
    t.equal((await runHere()).stdout, '', 'they are known')
  })

t.test('they are asked for as they are stored', async t => {
  const asked: unknown[] = []
  const { s3, runHere } = await start(t, withLength, ({ headers }) => {
    asked.push(headers['accept-encoding'])
    t.notMatch(headers.authorization, 'accept-encoding', 'gateways change it')
    return headers['accept-encoding'] !== 'gzip'
  })
  const run = await runHere()
  t.strictSame(differences(stockOf(s3), [run]), [])
  t.strictSame(new Set(asked), new Set(['gzip']))
})

t.test('neither a part of an object is taken nor a page', async t => {
  for (const way of [cutShort, page]) {
    const { runHere } = await start(t, way)
    t.equal((await runHere()).stdout, '')
  }
})

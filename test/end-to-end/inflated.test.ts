// Gateways and stores that inflate what is stored as gzip, or wrap it in gzip
// once more: asked for as stored, and taken whole where they do it all the same.

import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import t, { type Test } from 'tap'
import { gunzipSync, gzipSync } from 'node:zlib'
import {
  cloudTrailObject,
  daysAgo,
  putToday,
  startCollector,
  trailKey,
} from '../lib/hosts/collector.ts'
import { isList, startGateway, type Send } from '../lib/s3/gateway.ts'
import { differences, stockOf } from '../lib/cycle/exactly-once.ts'

const withLength: Send = (body, { headers }, response) => {
  const plain = gunzipSync(body)
  response.writeHead(200, { ...headers, 'content-length': plain.length })
  response.end(plain)
  return true
}

const inChunks: Send = (body, answer, response) => {
  const { 'content-length': _, ...headers } = answer.headers
  response.writeHead(200, { ...headers, etag: `W/${headers.etag}` })
  response.write(gunzipSync(body))
  response.end()
  return true
}

const wrappedAs =
  (wrap: (body: Buffer) => Buffer): Send =>
  (body, { headers }, response) => {
    const more = wrap(body)
    response.writeHead(200, {
      ...headers,
      'content-encoding': 'gzip',
      'content-length': more.length,
    })
    response.end(more)
    return true
  }

const wrapped = wrappedAs(gzipSync)

const wrappedInChunks: Send = (body, answer, response) => {
  const { 'content-length': _, ...headers } = answer.headers
  response.writeHead(200, {
    ...headers,
    etag: `W/${headers.etag}`,
    'content-encoding': 'gzip',
  })
  const more = gzipSync(body)
  response.write(more.subarray(0, 5))
  setImmediate(() => response.end(more.subarray(5)))
  return true
}

const storedEncoded: Send = (body, { headers }, response) => {
  const { 'content-length': _, ...rest } = headers
  response.writeHead(200, { ...rest, 'content-encoding': 'gzip' })
  response.write(body.subarray(0, 20))
  setImmediate(() => response.end(body.subarray(20)))
  return true
}

const wrappedWrongly = (change: (body: Buffer) => Buffer): Send =>
  wrappedAs(body => gzipSync(change(body)))

const wrappedAndCut = wrappedAs(body => gzipSync(body).subarray(0, -3))

const cutShort: Send = (body, answer, response) => {
  const { 'content-length': _, ...headers } = answer.headers
  response.writeHead(200, { ...headers })
  response.write(gunzipSync(body).subarray(0, -5))
  setImmediate(() => response.destroy())
  return true
}

const page: Send = (_, { headers: { etag } }, response) => {
  const html = `<html>${'x'.repeat(5000)}</html>`
  response.writeHead(200, { etag, 'content-length': html.length })
  response.end(html)
  return true
}

async function start(
  t: Test,
  sendObject: Send,
  isDue: (request: IncomingMessage) => boolean = () => true,
) {
  const collector = await startCollector(t)
  const { s3, configure } = collector
  for (let index = 0; index < 12; index++) putToday(s3, `n-${index}`, index + 1)
  s3.put(trailKey(daysAgo(0), 'empty'), gzipSync('{"Records":[]}'))
  configure({
    Endpoint: await startGateway(t, s3.endpoint, (...asked) => {
      const [, { status }, , request] = asked
      const isObject = status === 200 && !isList(request)
      return isObject && isDue(request) && sendObject(...asked)
    }),
    MaxCycleSeconds: 60,
    Inclusions: '',
  })
  return collector
}

for (const [name, way] of [
  ['inflated with its length', withLength],
  ['inflated in chunks', inChunks],
  ['wrapped with its length', wrapped],
  ['wrapped in chunks', wrappedInChunks],
  ['stored with an encoding', storedEncoded],
] as const)
  t.test(`objects that come otherwise, ${name}, are all taken`, async t => {
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

t.test(
  'objects stored plain under names of gzip are taken, in chunks too',
  async t => {
    const { s3, runHere } = await start(t, (body, answer, response) => {
      const { 'content-length': _, ...headers } = answer.headers
      response.writeHead(200, headers)
      response.write(body.subarray(0, 20))
      setImmediate(() => response.end(body.subarray(20)))
      return true
    })
    for (let index = 0; index < 3; index++)
      s3.put(
        trailKey(daysAgo(0), `plain-${index}`),
        gunzipSync(cloudTrailObject(2 + 10 * index)),
      )
    const run = await runHere()
    t.equal(run.outcome, 'done')
    t.strictSame(differences(stockOf(s3), [run]), [])
  },
)

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

t.test(
  'lines, and a document, that are shorter than listed are not',
  async t => {
    const { s3, runHere } = await start(t, (body, { headers }, response) => {
      const half = gunzipSync(body)
      const sent = half.subarray(0, half.length / 2)
      response.writeHead(200, { ...headers, 'content-length': sent.length })
      response.end(sent)
      return true
    })
    for (const [name, text] of [
      ['lines', '{"eventID":"1"}\n{"eventID":"2"}\n'],
      ['flow', 'version account-id\n2 1\n'],
      ['document', '{"Records":[{"eventID":"1"}]}'],
    ] as const)
      s3.put(trailKey(daysAgo(0), name), gzipSync(text))
    t.notMatch((await runHere()).stdout, /lines|flow|document/)
  },
)

t.test('neither a part of an object is taken nor a page', async t => {
  for (const way of [
    cutShort,
    page,
    wrappedAndCut,
    wrappedWrongly(body => body.subarray(0, -1)),
    wrappedWrongly(body => Buffer.concat([body, body])),
  ]) {
    const { runHere } = await start(t, way)
    t.equal((await runHere()).stdout, '')
  }
})

t.test('what is wrapped and no gzip by its name says how it came', async t => {
  const { s3, runHere } = await start(t, wrapped)
  s3.put(trailKey(daysAgo(0), 'plain').replace(/\.gz$/, ''), '{"Records":[]}')
  const { events } = await runHere()
  t.match(
    JSON.stringify(events),
    /plain.*it came with Content-Encoding: gzip: make any proxy/,
  )
})

// Stores that name versions in their own ways, or not at all: every object in
// the first cycle, once, and nothing in the next, also where bodies break off
// and are continued.

import t from 'tap'
import {
  cloudTrailObject,
  daysAgo,
  startCollector,
  trailKey,
} from '../lib/hosts/collector.ts'
import { differences, stockOf } from '../lib/cycle/exactly-once.ts'
import { isList, startGateway, type Send } from '../lib/s3/gateway.ts'

const ETAG = /<ETag>[^<]*<\/ETag>/g
const bare = (text: string): string => text.replaceAll(/"|&quot;|&#34;/g, '')

/** Changes the text of a page and the ETag of an object. */
const changing =
  (
    page: (text: string) => string,
    etag: (etag: string) => string | undefined,
    isBroken: (key: string) => boolean,
  ): Send =>
  (body, { status, headers }, response, request) => {
    if (request.headers['if-match'] !== undefined) {
      response.writeHead(501).end()
      return true
    }
    const sent = isList(request) ? Buffer.from(page(String(body))) : body
    const { etag: told, ...others } = headers
    const changed = told && etag(told)
    response.writeHead(status, {
      ...others,
      ...(changed && { etag: changed }),
      'content-length': sent.length,
    })
    if (isList(request) || !isBroken(request.url ?? '')) response.end(sent)
    else response.write(sent.subarray(0, 100), () => response.destroy())
    return true
  }

const same = (text: string): string => text
const none = (): undefined => undefined
const withoutEtag = (text: string): string => text.replaceAll(ETAG, '')
const withoutCount = (text: string): string =>
  text.replace(/<KeyCount>\d+<\/KeyCount>/, '')

for (const [name, page, etag] of [
  ['without ETags in its pages', withoutEtag, same],
  ['without ETags in its answers', same, none],
  ['without any ETag', withoutEtag, none],
  [
    'with bare ETags in its pages',
    (text: string) => text.replaceAll(ETAG, bare),
    same,
  ],
  ['with bare ETags in its answers', same, bare],
  ['with weak ETags in its answers', same, (told: string) => `W/${told}`],
  ['without KeyCount', withoutCount, same],
] as const)
  t.test(`a store ${name}, whose bodies break off`, async t => {
    const { s3, runHere, configure } = await startCollector(t)
    for (let index = 0; index < 6; index++)
      s3.put(trailKey(daysAgo(index % 2), `n-${index}`), cloudTrailObject(40))
    const asked = new Set<string>()
    const isBroken = (key: string): boolean => {
      const isFirst = !asked.has(key)
      asked.add(key)
      return isFirst
    }
    configure({
      Endpoint: await startGateway(
        t,
        s3.endpoint,
        changing(page, etag, isBroken),
      ),
    })
    const first = await runHere()
    t.equal(first.outcome, 'done')
    t.match(first.summary, { objects_done: 6, objects_failed: 0 })
    t.strictSame(differences(stockOf(s3), [first]), [])
    const second = await runHere()
    t.strictSame([second.outcome, second.stdout], ['done', ''])
  })

// Stores that list as no S3 does: a cycle collects all, or says what the store
// did; and every command comes to its end.

import t, { type Test } from 'tap'
import {
  cloudTrailObject,
  daysAgo,
  emitted,
  startCollector,
  trailKey,
  type Collector,
} from '../lib/hosts/collector.ts'
import { isList, startGateway } from '../lib/s3/gateway.ts'
import { listOddly, type OddListing } from '../lib/s3/odd-listing.ts'

const NAMES = [...'abcdefgh', '\u{1F600}', '\uFB01']

async function start(
  t: Test,
  odd: OddListing,
): Promise<Collector & { expected: string[] }> {
  const collector = await startCollector(t, { MaxCycleSeconds: 30 })
  const keys = [0, 1].flatMap(days =>
    NAMES.map(name => trailKey(daysAgo(days), name)),
  )
  const body = cloudTrailObject(1)
  for (const key of keys) collector.s3.put(key, body)
  listOddly(collector.s3, odd)
  const expected = keys.map(key => `s3://logs/${key}#1`).toSorted()
  return { ...collector, expected }
}

/** Checks that the commands that list come to their end. */
async function endAll(
  t: Test,
  { run }: Collector,
  codes: readonly number[],
): Promise<void> {
  const day = daysAgo(0)
  for (const args of [['plan'], ['replay', '--day', day], ['skip']]) {
    const { code, stderr } = await run(args)
    t.ok(codes.includes(code), `${args[0]} ends with ${code}: ${stderr}`)
  }
}

for (const [name, odd] of [
  ['ignores StartAfter', { ignoresStartAfter: true }],
  ['gives the key of StartAfter, too', { includesStartAfter: true }],
  ['gives empty pages', { empty: 2 }],
  ['gives overlapping pages', { overlap: 1 }],
  ['lists in no order', { order: 'mixed' }],
  ['lists in reverse', { order: 'reversed' }],
  ['says no KeyCount and no ETag', { lacks: ['KeyCount', 'ETag'] }],
  ['gives tokens though nothing is said to follow', { isCalledLast: true }],
] satisfies [string, OddListing][])
  t.test(`a store that ${name}: all, and once`, async t => {
    const collector = await start(t, odd)
    const { run, expected } = collector
    await endAll(t, collector, [0])
    collector.configure({ StateFile: 'other.cursor' })
    const first = await run()
    t.equal(first.code, 0, first.stderr)
    t.strictSame(emitted([first]), expected)
    t.equal((await run()).stdout, '', 'nothing comes again')
    const check = await run(['check'])
    t.equal(check.code, 0, check.stdout)
  })

for (const [name, odd, code, says] of [
  [
    'gives one token again and again',
    { tokens: 'circle' },
    1,
    /gives back the token/,
  ],
  ['gives two tokens by turns', { tokens: 'alternate' }, 1, /circle \(a token/],
  [
    'gives the same page behind ever new tokens',
    { tokens: 'fresh' },
    1,
    /same names came again and again, each time with a new token/,
  ],
  [
    'gives no token though more follows',
    { lacks: ['NextContinuationToken'] },
    1,
    /says that more follows .*gives no token/,
  ],
  [
    'does not mind the prefix',
    { isPrefixDeaf: true },
    4,
    /ignore the requested prefix/,
  ],
] satisfies [string, OddListing, number, RegExp][])
  t.test(`a store that ${name}: named, and ended`, async t => {
    const collector = await start(t, odd)
    const run = await collector.run()
    t.equal(run.code, code, run.stderr)
    t.match(run.stderr, says)
    t.match(run.stderr, /tell the operator of the store behind Endpoint/)
    const { expected } = collector
    t.ok(emitted([run]).every(record => expected.includes(record)))
    await endAll(t, collector, [1, 4])
    const check = await collector.run(['check'])
    t.ok([1, 4].includes(check.code), check.stdout)
  })

t.test(
  'a store that encodes names and does not say so: named, and the others collected',
  async t => {
    const collector = await start(t, { lacks: ['EncodingType'] })
    const { s3, run, expected } = collector
    const key = trailKey(daysAgo(0), 'a').replace('AWSLogs/', 'AWSLogs/a=b/')
    s3.put(key, cloudTrailObject(1))
    const cycle = await run()
    t.equal(cycle.code, 1)
    t.match(cycle.stderr, /listing AWSLogs\/a%3Db\/: .*EncodingType/)
    const plain = expected.filter(record => !/[^ -~]/.test(record))
    t.strictSame(emitted([cycle]), plain)
  },
)

t.test(
  'a cache that answers with the page of another day: named, and all in the end',
  async t => {
    const collector = await startCollector(t, { NoOfBackDaysData: 1 })
    const { s3, run, configure } = collector
    for (const days of [0, 1])
      s3.put(trailKey(daysAgo(days), 'a'), cloudTrailObject(1))
    const today = daysAgo(0).replaceAll('-', '/')
    const yesterday = daysAgo(1).replaceAll('-', '/')
    let isStale = true
    const Endpoint = await startGateway(
      t,
      s3.endpoint,
      (body, { status, headers }, response, request) => {
        const url = decodeURIComponent(request.url ?? '')
        if (!isStale || !isList(request) || !url.includes(`${today}/`))
          return false
        const page = String(body)
          .replace(/<Contents>.*<\/Contents>/s, '')
          .replace(/<KeyCount>1</, '<KeyCount>0<')
          .replaceAll(today, yesterday)
        response.writeHead(status, {
          ...headers,
          'content-length': page.length,
        })
        response.end(page)
        return true
      },
    )
    configure({ Endpoint })
    const stale = await run()
    t.equal(stale.code, 1, stale.stderr)
    t.match(stale.stderr, /answers another request.*it says Prefix/)
    t.match(stale.stderr, /tell the operator of the store behind Endpoint/)
    isStale = false
    const fresh = await run()
    t.equal(fresh.code, 0, fresh.stderr)
    t.equal(emitted([stale, fresh]).length, 2)
  },
)

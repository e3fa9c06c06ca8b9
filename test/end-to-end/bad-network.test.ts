// A network that is bad throughout: faults on every request, throttling that
// only fewer requests at once can answer, pages cut at any byte, answers that
// look like short objects, names and certificates that do not hold.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { storeOn } from '../lib/s3/store-on.ts'
import {
  cloudTrailObject,
  daysAgo,
  putToday,
  startCollector,
  trailKey,
} from '../lib/hosts/collector.ts'
import { differences, stockOf } from '../lib/cycle/exactly-once.ts'
import type { Fault } from '../lib/s3/faults.ts'
import type { LoggedRequest } from '../lib/s3/logged-request.ts'
import { startS3 } from '../lib/s3/sdk-client.ts'

const DAY = 86_400_000
const NOON = Date.parse('2026-03-10T12:00:00Z')

t.test('two faults on every request of a cycle', async t => {
  const faults: Fault[] = [
    { status: 503, code: 'SlowDown' },
    { status: 500, code: 'InternalError' },
    { kind: 'reset' },
    { kind: 'cut', after: 150 },
  ]
  const { s3, run } = await startCollector(t, {
    MaxResultCount: 10,
    MaxCycleSeconds: 40,
  })
  for (let index = 0; index < 60; index++)
    s3.put(
      trailKey(daysAgo(index % 2), `n-${index}`, { region: `r-${index % 3}` }),
      cloudTrailObject(20),
    )
  const met = new Map<string, number>()
  let which = 0
  s3.fault = ({ kind, key = '', prefix = '', token = '' }) => {
    const name = [kind, key, prefix, token].join(' ')
    const times = met.get(name) ?? 0
    met.set(name, times + 1)
    return times < 2 ? faults[which++ % faults.length] : undefined
  }
  const first = await run()
  t.equal(first.code, 0)
  t.match(first.summary, { objects_done: 60, objects_failed: 0 })
  t.ok(Number(first.summary['duration_ms']) < 40_000, 'within the time')
  t.ok(Number(first.summary['retries']) >= 60, 'counted')
  t.strictSame(differences(stockOf(s3), [first]), [])
  t.strictSame((await run()).stdout, '')
})

t.test('SlowDown is answered with fewer requests at once', async t => {
  const { s3, runHere } = await startCollector(t, { MaxCycleSeconds: 60 })
  for (let index = 0; index < 200; index++) putToday(s3, `n-${index}`, 1)
  s3.latencyMs = 20
  const throttled: boolean[] = []
  s3.fault = () => {
    const atOnce = s3.requests.slice(-60).filter(({ status }) => status === 0)
    throttled.push(atOnce.length > 4)
    return atOnce.length > 4 ? { status: 503, code: 'SlowDown' } : undefined
  }
  const runs = [await runHere()]
  // Five tries can go wrong by chance, but not often.
  t.ok(Number(runs[0]?.summary['objects_failed']) <= 10)
  t.ok(throttled.includes(true))
  const later = throttled.slice(throttled.length >> 1)
  const refused = later.filter(Boolean).length / later.length
  t.ok(refused < 1 / 3, `${refused} of the later half`)
  s3.fault = undefined
  runs.push(await runHere(), await runHere())
  t.strictSame(differences(stockOf(s3), runs), [])
})

t.test('a page that is cut at any byte is a failed page', async t => {
  const s3 = await startS3(t)
  for (const name of ['a', 'b', 'c']) s3.put(`x/${name}`, 'x')
  const listing = { prefix: 'x/', delimiter: false, startAfter: '' }
  const whole = await storeOn(s3).list({ ...listing, token: undefined })
  t.equal(whole.objects.length, 3)
  let length = 0
  let lists = 0
  // The next try gets the whole page, so a cut that is taken for a page shows
  // by its keys or by there being no other request.
  s3.fault = () => (lists++ === 0 ? { kind: 'short', length } : undefined)
  const taken: number[] = []
  for (; length < 1200; length += 23) {
    lists = 0
    const page = await storeOn(s3)
      .list({ ...listing, token: undefined })
      .catch(() => undefined)
    if (page && lists === 1 && page.objects.length < 3) taken.push(length)
  }
  t.strictSame(taken, [])
})

/** Has an object fail until its day has left the window, then be answered wrongly once. */
async function retriedLate(
  t: Test,
  key: string,
  body: Buffer | string,
  fault: Fault,
): Promise<string[]> {
  let now = NOON
  const { s3, runHere } = await startCollector(t, { Inclusions: '' }, () => now)
  s3.put(key, body)
  const stock = new Map([[key, ['{"eventID":"1"}', '{"eventID":"2"}']]])
  const isIt = (request: Readonly<LoggedRequest>) => request.key === key
  s3.fault = request =>
    isIt(request) ? { status: 403, code: 'AccessDenied' } : undefined
  const runs = [await runHere()]
  now += 4 * DAY
  runs.push(await runHere(), await runHere())
  s3.resetRequests()
  s3.fault = request => (isIt(request) ? fault : undefined)
  runs.push(await runHere())
  t.ok(s3.count('GET') > 0, 'it was tried again')
  s3.fault = undefined
  for (let cycle = 0; cycle < 5; cycle++) runs.push(await runHere())
  return differences(stock, runs)
}

t.test('a short answer to a late retry does not settle it', async t => {
  const events = '{"eventID":"1"}\n{"eventID":"2"}\n'
  for (const fault of [
    { kind: 'empty' },
    { kind: 'html' },
    { kind: 'short', length: 0 },
    { kind: 'short', length: events.length / 2 },
  ] as const)
    await t.test(JSON.stringify(fault), async t => {
      const key = trailKey('2026-03-10', 'a')
      t.strictSame(await retriedLate(t, key, events, fault), [])
    })
})

t.test('a name or a certificate that does not hold', async t => {
  const { s3, run, configure } = await startCollector(t)
  putToday(s3, 'a', 1)
  for (const Endpoint of [
    'http://no-such-host.invalid',
    s3.endpoint.replace('http:', 'https:'),
  ]) {
    configure({ Endpoint })
    const { code, stdout, events } = await run()
    t.equal(code, 4, Endpoint)
    t.equal(stdout, '')
    const errors = events.filter(({ level }) => level === 'error')
    t.equal(errors.length, 1, 'one clear line')
    t.match(errors[0]?.['message'], /check |Endpoint|next cycle/)
  }
  configure({})
  t.equal((await run()).records.length, 1, 'and nothing of this did harm')
})

t.test('an address has seconds to answer before the next is tried', async t => {
  const { folder, run } = await startCollector(t)
  const hook = join(folder, 'hook.cjs')
  writeFileSync(
    hook,
    `const net = require('node:net')
    process.on('exit', () => require('node:fs').writeFileSync(
      ${JSON.stringify(join(folder, 'limit'))},
      String(net.getDefaultAutoSelectFamilyAttemptTimeout()),
    ))`,
  )
  await run(['collect'], { NODE_OPTIONS: `--require=${hook}` })
  t.equal(readFileSync(join(folder, 'limit'), 'utf8'), '2500')
})

t.test('a host that refuses at both of its addresses', async t => {
  const { folder, run, configure } = await startCollector(t)
  const hook = join(folder, 'hook.cjs')
  writeFileSync(
    hook,
    `const dns = require('node:dns')
    const addresses = [
      { address: '127.0.0.1', family: 4 },
      { address: '127.0.0.2', family: 4 },
    ]
    dns.lookup = (host, options, done) => process.nextTick(done, null, addresses)`,
  )
  configure({ Endpoint: 'http://both.example:9' })
  const { code, events } = await run(['collect'], {
    NODE_OPTIONS: `--require=${hook}`,
  })
  t.equal(code, 4)
  const { message } = events.find(({ level }) => level === 'error') ?? {}
  t.match(
    message,
    /: ECONNREFUSED: connect .*127.0.0.1:9, .*127.0.0.2:9; check/,
  )
  t.notMatch(message, 'AggregateError')
})

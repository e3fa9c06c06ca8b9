// The digests of a folder are read as events, several chains at once.

import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'
import t from 'tap'
import { SourceError } from '../../../src/s3/errors/source-error.ts'
import { systemClock } from '../../../src/clock.ts'
import { digestEvents } from '../../../src/verify/digests/digest-events.ts'
import { keysOfFile } from '../../../src/verify/keys/public-keys.ts'
import { storeOn } from '../../lib/s3/store-on.ts'
import { StandInS3 } from '../../lib/s3/stand-in-s3.ts'
import {
  digestKey,
  HOUR,
  makeChain,
  objectsOf,
  signedDigest,
  signingKey,
  type ChainPlan,
  type MadeDigest,
  type MadeObject,
} from '../../lib/verify/chain-maker.ts'
import {
  eventsOf,
  FOLDER,
  knownKeys,
  logsTold,
  shortly,
  storeOf,
} from '../../lib/verify/read-events.ts'

const key = signingKey()
const good = { keys: knownKeys(key) }
const START = Date.parse('2026-11-27T18:01:31Z')
const HOURS = 30
const range = { from: START + 4 * HOUR, to: START + 26 * HOUR }
const plan: ChainPlan = {
  key,
  start: START,
  hours: HOURS,
  logsIn: hour => hour % 3,
}
// The names begin alike, and one contains a text like a region.
const trails = ['audit', 'audit2', 'audit_us-east-1'].map(trail =>
  makeChain({ ...plan, trail }),
)
const backfills = makeChain({ ...plan, hours: 9, backfilledAfter: 30 * HOUR })
const all = [...trails, backfills].flat()
const inRange = all.filter(
  ({ start, end }) => end > range.from && start < range.to,
)
const [audit = []] = trails
const at = (index: number): MadeDigest => {
  const digest = audit.at(index)
  if (digest === undefined) throw new Error(`there is no digest ${index}`)
  return digest
}
const hourText = (time: number): string =>
  new Date(time).toISOString().replace('.000', '')
const without = (...gone: MadeObject[]): MadeDigest[] =>
  all.filter(digest => !gone.includes(digest))
const changed = (
  digest: MadeDigest,
  change: Partial<MadeObject>,
): MadeObject[] => [...without(digest), { ...digest, ...change }]

t.test('several chains of one folder name each of their logs once', async t => {
  const events = await eventsOf(storeOf(objectsOf(all)), range, good)
  t.strictSame(shortly(events, 'fault'), [])
  t.strictSame(shortly(events, 'warning'), [])
  const due = inRange.flatMap(({ logs }) => logs.map(log => log.key))
  t.strictSame(logsTold(events).toSorted(), due.toSorted())
  const digests = events.flatMap(event =>
    event.kind === 'digest' ? [event.key] : [],
  )
  t.strictSame(digests.toSorted(), inRange.map(({ key }) => key).toSorted())
  t.ok(events.every(event => event.kind !== 'log' || event.isHere))
})

t.test('the fault of a digest is named, and no other', async t => {
  const kinds = [
    'delete',
    'byte',
    'plain',
    'behind',
    'signature',
    'move',
    'day',
  ]
  const drawn = fc.record({
    kind: fc.constantFrom(...kinds),
    chain: fc.nat(2),
    index: fc.integer({ min: 5, max: 24 }),
    count: fc.integer({ min: 1, max: 5 }),
    byte: fc.nat(10_000),
  })
  await fc.assert(
    fc.asyncProperty(drawn, async ({ kind, chain, index, count, byte }) => {
      const digests = trails[chain] ?? []
      const digest = digests[index]
      if (digest === undefined) throw new Error('none')
      let objects: MadeObject[]
      let due = [digest.key]
      const codes = new Set<string>()
      if (kind === 'delete') {
        const gone = digests.slice(index, index + count)
        objects = without(...gone)
        const last = gone.at(-1)
        due = gone
          .filter(({ start }) => start < range.to)
          .map(one =>
            one === last ? `missing ${one.key}` : `gap ${hourText(one.start)}`,
          )
      } else if (kind === 'byte') {
        const body = Buffer.from(digest.body)
        // From the tenth byte on it is data and trailer.
        const place = 10 + (byte % (body.length - 10))
        body[place] = (body[place] as number) ^ 0x55
        objects = changed(digest, { body })
      } else if (kind === 'plain') {
        const plain = gunzipSync(digest.body)
        plain[byte % plain.length] = 0x20
        const same = plain.equals(gunzipSync(digest.body))
        if (same) return
        objects = changed(digest, { body: gzipSync(plain) })
      } else if (kind === 'behind') {
        const more = byte % 2 === 0 ? Buffer.from('\n') : gzipSync('more')
        objects = changed(digest, { body: Buffer.concat([digest.body, more]) })
      } else if (kind === 'signature') {
        const signature = digest.signature.replace(/^../, two =>
          two === 'aa' ? 'bb' : 'aa',
        )
        objects = changed(digest, {
          metadata: { 'x-amz-meta-signature': signature },
        })
      } else {
        const trail = digest.key.split('_').slice(3, -2).join('_')
        const to =
          kind === 'move'
            ? digestKey({ ...plan, trail }, digest.end + 60_000 * count)
            : digest.key.replace(/\/2026\/11\/\d\d\//, '/2026/11/29/')
        objects = changed(digest, { key: to })
        codes.add(`moved ${to}`)
        due = [`missing ${digest.key}`, `moved ${to}`]
      }
      const events = await eventsOf(storeOf(objects), range, good)
      const faults = shortly(events, 'fault')
      const found =
        kind === 'delete' || codes.size > 0
          ? faults
          : faults.map(fault => fault.split(' ')[1] ?? '')
      if (found.join() !== due.toSorted().join())
        throw new Error(`${kind}: ${faults.join('; ')}`)
      if (shortly(events, 'warning').length > 0)
        throw new Error(shortly(events, 'warning').join())
    }),
    { numRuns: 75 },
  )
  t.pass('any fault')
})

t.test('the logs of a copied digest count as those of this bucket', async t => {
  for (const isBare of [false, true]) {
    const objects = isBare ? all.map(one => ({ ...one, metadata: {} })) : all
    const copy = { ...good, bucket: 'copies' }
    const events = await eventsOf(storeOf(objects), range, copy)
    t.strictSame(shortly(events, 'fault'), [])
    const warnings = shortly(events, 'warning')
    t.equal(warnings.filter(one => one === 'copy').length, 4)
    t.ok(events.every(event => event.kind !== 'log' || event.isHere))
    const newest = isBare ? [`not-provable ${backfills.at(-1)?.key}`] : []
    t.strictSame(
      warnings.filter(one => one !== 'copy'),
      newest,
    )
  }
})

t.test('a trail that ended the day before is missed', async t => {
  const ended = audit.filter(({ end }) => end <= range.from)
  const events = await eventsOf(storeOf(ended), range, good)
  t.strictSame(
    shortly(events, 'fault'),
    audit
      .filter(({ start, end }) => end > range.from && start < range.to)
      .map(({ start }) => `gap ${hourText(start)}`),
  )
  const none = await eventsOf(storeOf([]), range, good)
  t.strictSame(shortly(none, 'warning'), ['no-digests'])
})

t.test('a digest that came during the reading is not missing', async t => {
  const late = at(9)
  const store = storeOf(without(late))
  store.onList = ({ prefix }) => {
    if (prefix === late.key) store.put(late.key, late.modified, late.body)
  }
  const events = await eventsOf(store, range, good)
  t.strictSame(shortly(events, 'fault'), [`listing ${late.key}`])
  t.strictSame(shortly(events, 'warning'), [])
})

t.test('digests that were swapped do not count as new', async t => {
  const [one, two] = [at(10), at(11)]
  const swapped = audit.map(digest =>
    digest === one
      ? { ...two, key: one.key }
      : digest === two
        ? { ...one, key: two.key }
        : digest,
  )
  const events = await eventsOf(storeOf(objectsOf(swapped)), range, good)
  const faults = shortly(events, 'fault')
  t.ok(faults.includes(`moved ${one.key}`), faults.join('\n'))
  t.ok(faults.includes(`moved ${two.key}`))
  t.strictSame(shortly(events, 'warning'), [])
})

t.test('a backfill digest may name a predecessor that ends later', async t => {
  const backfill = { ...plan, hours: 1, backfilledAfter: 40 * HOUR }
  const [first] = makeChain({ ...backfill, start: START + 12 * HOUR })
  if (first === undefined) throw new Error('none')
  const [second] = makeChain({
    ...backfill,
    start: START + 8 * HOUR,
    previous: first,
  })
  if (second === undefined) throw new Error('none')
  const both = await eventsOf(storeOf([first, second]), range, good)
  t.strictSame(shortly(both, 'fault'), [])
  const one = await eventsOf(storeOf([second]), range, good)
  t.strictSame(shortly(one, 'fault'), [`missing ${first.key}`])
})

t.test('objects that are not digests are reported once a day', async t => {
  const folder = `${FOLDER}2026/11/28/`
  const store = storeOf(all)
  for (const name of ['a.txt', 'b.txt', 'c/d.json.gz'])
    store.put(`${folder}${name}`, START, 'x')
  store.put(folder, START, '')
  const events = await eventsOf(store, range, good)
  t.strictSame(shortly(events, 'warning'), [`not-a-digest ${folder}a.txt`])
  t.strictSame(shortly(events, 'fault'), [])
})

t.test('a digest of another region or deeper down is moved', async t => {
  const [strange] = makeChain({ ...plan, hours: 1, region: 'eu-west-1' })
  if (strange === undefined) throw new Error('none')
  const name = strange.key.split('/').at(-1) ?? ''
  const places = [
    `${FOLDER}2026/11/27/${name}`,
    `${FOLDER}2026/11/27/deeper/${at(8).key.split('/').at(-1)}`,
  ]
  const [first = '', second = ''] = places
  const objects = [
    ...all,
    { ...strange, key: first },
    { ...at(8), key: second },
    {
      ...at(9),
      key: `${FOLDER}2026/11/27/deeper/${name}`,
      body: gzipSync('x'),
    },
  ]
  const events = await eventsOf(storeOf(objects), range, good)
  t.strictSame(
    shortly(events, 'fault'),
    [
      `malformed ${FOLDER}2026/11/27/deeper/${name}`,
      `moved ${first}`,
      `moved ${second}`,
    ].toSorted(),
  )
})

t.test('a digest that cannot be read is named, and ends nothing', async t => {
  const store = storeOf(all)
  const refused = at(10)
  store.onGet = ({ key }) => {
    if (key === refused.key)
      throw new SourceError(`reading ${key}: AccessDenied`, {
        code: 'AccessDenied',
        kind: 'access',
      })
  }
  const events = await eventsOf(store, range, good)
  t.strictSame(shortly(events, 'fault'), [`unreadable ${refused.key}`])
  const total = inRange.flatMap(({ logs }) => logs).length
  t.equal(logsTold(events).length, total - refused.logs.length)
})

t.test('a day that cannot be listed is named, and ends its folder', async t => {
  const store = storeOf(all)
  store.onList = ({ prefix }) => {
    if (prefix.endsWith('/28/'))
      throw new SourceError(`listing ${prefix}: AccessDenied`, {
        code: 'AccessDenied',
        kind: 'access',
      })
  }
  const events = await eventsOf(store, range, good)
  t.strictSame(shortly(events, 'fault'), [`listing ${FOLDER}`])
  t.ok(logsTold(events).length > 0)
})

t.test('an error that affects all requests is thrown', async t => {
  const error = new SourceError('reading: ExpiredToken', {
    code: 'ExpiredToken',
    kind: 'access',
    affectsAll: true,
  })
  for (const what of ['onGet', 'onList'] as const) {
    const store = storeOf(all)
    store[what] = () => {
      throw error
    }
    await t.rejects(eventsOf(store, range, good), error)
  }
  const store = storeOf(all)
  const ended = new AbortController()
  store.onGet = () => ended.abort(new Error('stopped'))
  await t.rejects(eventsOf(store, range, { ...good, signal: ended.signal }), {
    message: 'stopped',
  })
})

t.test('a reader that stops early causes few further reads', async t => {
  const store = storeOf(all)
  const source = {
    store,
    bucket: 'logs',
    signal: new AbortController().signal,
    clock: systemClock,
  }
  const now = range.to + 4 * HOUR
  const keys = knownKeys(key)
  for await (const event of digestEvents(FOLDER, range, now, keys, source))
    if (event.kind === 'digest') break
  t.ok(store.gets.length <= 8, `${store.gets.length} digests were read`)
})

t.test('a digest that is too large is malformed', async t => {
  const zeros = gzipSync(Buffer.alloc(33 * 1024 * 1024))
  const events = await eventsOf(
    storeOf(changed(at(8), { body: zeros })),
    range,
    good,
  )
  t.strictSame(shortly(events, 'fault'), [`malformed ${at(8).key}`])
  const store = storeOf(all)
  store.put(at(8).key, START, 'x', 17 * 1024 * 1024)
  const huge = await eventsOf(store, range, good)
  t.strictSame(shortly(huge, 'fault'), [`malformed ${at(8).key}`])
})

t.test('any lie of a digest is reported, and the reading ends', async t => {
  const keysOf = audit.map(({ key }) => key)
  const lie = fc.oneof(
    fc.constantFrom<unknown>(null, 0, '', [], {}, true, 'x'.repeat(2000)),
    fc.constantFrom(...keysOf),
    fc.constantFrom(...backfills.map(({ key }) => key)),
    fc.constantFrom('1970-01-01T00:00:00Z', '9999-12-31T23:59:59Z'),
    fc.constantFrom('logs', 'other', '999999999999', 'a'.repeat(64)),
  )
  const drawn = fc.array(
    fc.record({
      index: fc.integer({ min: 5, max: 24 }),
      field: fc.constantFrom(...Object.keys(at(0).fields)),
      lie,
      isSigned: fc.boolean(),
      isBare: fc.boolean(),
    }),
    { minLength: 1, maxLength: 6 },
  )
  const quiet = new Set(['newestEventTime', 'oldestEventTime'])
  await fc.assert(
    fc.asyncProperty(drawn, async lies => {
      const objects = new Map<string, MadeObject>(
        audit.map(digest => [digest.key, digest]),
      )
      let isTrue = true
      for (const { index, field, lie, isSigned, isBare } of lies) {
        const digest = at(index)
        const fields = { ...digest.fields, [field]: lie }
        isTrue &&=
          JSON.stringify(digest.fields[field]) === JSON.stringify(lie) ||
          (quiet.has(field) && isSigned)
        const signed = signedDigest(plan, fields)
        const metadata = isBare
          ? {}
          : isSigned
            ? signed.metadata
            : digest.metadata
        objects.set(digest.key, { ...digest, body: signed.body, metadata })
      }
      const events = await eventsOf(storeOf([...objects.values()]), range, good)
      const faults = shortly(events, 'fault')
      if (!isTrue && faults.length === 0) throw new Error('nothing was told')
      if (events.length > 1000) throw new Error('too much was told')
    }),
    { numRuns: 100 },
  )
  t.pass('any of them')
})

t.test('the number of trails kept in memory is limited', async t => {
  const { body } = at(8)
  const forged = Array.from({ length: 1500 }, (_, number) => ({
    key: digestKey({ ...plan, trail: `x${number}` }, at(8).end),
    modified: START,
    body,
    metadata: {},
  }))
  const events = await eventsOf(storeOf([...all, ...forged]), range, good)
  const ends = events.filter(({ kind }) => kind === 'end')
  t.equal(ends.length, 1000)
  const faults = shortly(events, 'fault')
  t.equal(faults.filter(one => one === `listing ${FOLDER}`).length, 1)
})

t.test('signatures come as metadata over HTTP', async t => {
  const s3 = await StandInS3.start({
    bucket: 'logs',
    region: 'us-east-1',
    accessKeyId: 'AKID',
    secretAccessKey: 's',
  })
  t.teardown(() => s3.close())
  for (const { key, body, metadata } of all) s3.put(key, body, { metadata })
  const events = await eventsOf(storeOn(s3), range, good)
  t.strictSame(shortly(events, 'fault'), [])
  t.strictSame(shortly(events, 'warning'), [])
})

t.test('the sample chain has no finding', async t => {
  const folder = 'test/fixtures/made/made-digest-chain'
  const listed = JSON.parse(readFileSync(`${folder}/objects.json`, 'utf8')) as {
    key: string
    meta: Record<string, string>
  }[]
  const objects = listed.map(({ key, meta }) => ({
    key,
    metadata: meta,
    body: readFileSync(`${folder}/${key}`),
    modified: Date.parse('2026-11-29T00:00:00Z'),
  }))
  const keys = await keysOfFile(`${folder}/public-keys.json`)
  const from = Date.parse('2026-11-28T00:01:31Z')
  const whole = { from, to: from + 3 * HOUR }
  const events = await eventsOf(storeOf(objects), whole, { keys })
  t.strictSame(shortly(events, 'fault'), [])
  t.strictSame(shortly(events, 'warning'), [])
  t.equal(logsTold(events).length, 4)
  const earlier = { from: from - HOUR, to: from + 4 * HOUR }
  const more = await eventsOf(storeOf(objects), earlier, { keys })
  t.strictSame(shortly(more, 'fault'), ['gap 2026-11-28T03:01:31Z'])
  t.match(shortly(more, 'warning'), [/^not-recorded .*T010131Z/])
})

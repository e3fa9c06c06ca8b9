// What is on stdout, rule by rule of the contract with the hosts, under a
// double of Fluent Bit's exec input, through a real pipe. A name begins with
// the number of its rule. A line over Buf_Size is cut here too.

import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { gzipSync } from 'node:zlib'
import { cloudTrailObject, trailKey } from '../lib/hosts/collector.ts'
import { hostWorld, recordsOf, TODAY } from '../lib/hosts/host-world.ts'

const KIB = 1024

t.jobs = 2

let deep: unknown = 'x'
for (let level = 0; level < 300; level++) deep = { deep }

// Texts of events that a host would lose, or would spoil, if they went out as
// they are.
const hostile = [
  '{"eventID":"nul","eventName":"a\\u0000b","errorMessage":"\\ud800 \\u0001"}',
  '{"eventID":"big","requestParameters":{"n":123456789012345678901234567890}}',
  '{"eventID":"twice","eventName":"a","eventName":"b","time":"x","pid":1}',
  '{"eventID":"float","recipientAccountId":1e400,"awsRegion":-0.0}',
  `{"eventID":"deep","requestParameters":${JSON.stringify(deep)}}`,
  `{"eventID":"long","errorMessage":"${'€"\\"'.slice(0, 1).repeat(80_000)}"}`,
  '{\r\n"eventID":"lines",\r\n\t"eventName":"a"\r\n}',
  '{"eventID":"no time","eventTime":"yesterday"}',
  '{"eventID":"1969","eventTime":"1969-12-31T23:59:59Z"}',
  '{"eventID":"2038","eventTime":"2038-01-19T00:00:00Z"}',
  '{"eventID":"zone","eventTime":"2026-01-02T05:04:05+02:00"}',
  '{"eventID":"micro","eventTime":"2026-01-02T03:04:05.123456Z"}',
]

t.test('stdout holds records alone', async t => {
  const { s3, tick } = await hostWorld(t, { MaxRecordBytes: 64 * KIB })
  const bytes = Buffer.concat([
    Buffer.from(`{"Records":[${hostile.join(',')},{"eventID":"`),
    Buffer.from([0xff, 0xc3]),
    Buffer.from('"}]}'),
  ])
  s3.put(trailKey(TODAY, 'hostile'), gzipSync(bytes))
  // One byte more than the longest line, and no more.
  const run = await tick({ bufSize: 64 * KIB + 1 })
  const lines = run.stdout.split('\n').slice(0, -1)
  const records = recordsOf(run)

  t.test('1: each line is one JSON object, and none is lost', async t => {
    t.strictSame(run.lost, [])
    t.equal(records.length, hostile.length + 1)
    t.notMatch(run.stdout, /[\r\0\ufeff]/)
    const ids = records.map(({ serialnumber }) => serialnumber)
    t.strictSame(ids.slice(0, 3), ['nul', 'big', 'twice'])
  })
  t.test('2: lines are as JSON.stringify writes them', async t => {
    for (const line of lines)
      t.equal(JSON.stringify(JSON.parse(line)), line, 'also: unique keys')
    for (const value of records.flatMap(record => Object.values(record)))
      t.ok(typeof value !== 'number' || Number.isSafeInteger(value))
  })
  t.test('3: a long line is cut, marked, and keeps its name', async t => {
    const long = records.find(({ serialnumber }) => serialnumber === 'long')
    t.match(long, { truncated: true, s3_record: 6, s3_object: /hostile/ })
    t.ok(Number(long?.['original_bytes']) > 160_000)
    const longest = Math.max(...lines.map(line => Buffer.byteLength(line) + 1))
    t.ok(longest <= 64 * KIB && longest > 63 * KIB)
  })
  t.test('4: records are flat', async t => {
    for (const value of records.flatMap(record => Object.values(record)))
      t.not(typeof value, 'object')
  })
  t.test('5: a record has a time that the host takes, or none', async t => {
    const ids = records.map(({ serialnumber }) => serialnumber)
    const at = (name: string): number | undefined =>
      run.times[ids.indexOf(name)]
    t.strictSame(at('zone'), Date.UTC(2026, 0, 2, 3, 4, 5))
    t.strictSame(at('micro'), Date.UTC(2026, 0, 2, 3, 4, 5, 123))
    for (const name of ['no time', '1969', '2038']) t.strictSame(at(name), NaN)
    const taken = /^(time|timestamp|stream|pid|host|command|source_type|exec)$/
    for (const name of records.flatMap(record => Object.keys(record)))
      t.notMatch(name, taken)
  })
})

t.test('3: a Buf_Size that is no more than the line loses it', async t => {
  const { s3, tick } = await hostWorld(t, { MaxRecordBytes: 4096 })
  s3.put(trailKey(TODAY, 'long'), cloudTrailObject(1, 9000))
  const run = await tick({ bufSize: 4096 })
  t.ok(run.lost.length > 0, 'the double cuts as Fluent Bit does')
})

t.test('6, 20: all that was written arrives', async t => {
  const { fill, tick, wrong } = await hostWorld(t)
  fill(4, 500, 20_000)
  const run = await tick()
  t.strictSame(wrong([run]), [])
  t.ok(Buffer.byteLength(run.stdout) > 40_000_000)
})

t.test('7: a host that stands still is waited for', async t => {
  const { s3, fill, tick, wrong } = await hostWorld(t)
  fill(250, 8, 2000)
  let fetched = 0
  const run = await tick({
    pace: async bytes => {
      if (bytes <= 200_000 || fetched > 0) return
      // Nothing but real time shows that no further request comes.
      while (fetched < s3.count('GET')) {
        fetched = s3.count('GET')
        await sleep(200)
      }
    },
  })
  t.ok(fetched > 0 && fetched < 200, 'no more is fetched than may wait')
  t.strictSame(wrong([run]), [])
})

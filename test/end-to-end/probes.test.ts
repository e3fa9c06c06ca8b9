// What the closest relatives of this collector get wrong, as probes with the
// right answer: late objects, bad objects, kills, headers, odd regions.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { gzipSync } from 'node:zlib'
import {
  cloudTrailObject,
  daysAgo,
  emitted,
  putToday,
  startCollector,
  trailKey,
} from '../lib/hosts/collector.ts'
import { differences, stockOf } from '../lib/cycle/exactly-once.ts'
import type { Run } from '../lib/hosts/run-program.ts'

t.test('late objects of today, and of two days ago', async t => {
  const { s3, run } = await startCollector(t, { NoOfBackDaysData: 2 })
  putToday(s3, 'm', 10)
  t.equal((await run()).records.length, 10)
  putToday(s3, 'a', 10)
  putToday(s3, 'b', 10)
  t.equal((await run()).records.length, 20)
  s3.put(trailKey(daysAgo(2), 'm'), cloudTrailObject(10))
  t.equal((await run()).records.length, 10)
})

t.test('six hundred objects over two days, three cycles', async t => {
  const { s3, run } = await startCollector(t)
  for (let index = 0; index < 600; index++)
    s3.put(trailKey(daysAgo(index % 2), `n-${index}`), cloudTrailObject(2))
  const counts = []
  for (let cycle = 0; cycle < 3; cycle++)
    counts.push((await run()).records.length)
  t.strictSame(counts, [1200, 0, 0])
})

t.test('a truncated gzip among six gives what is whole, once', async t => {
  const { s3, run } = await startCollector(t)
  for (let index = 0; index < 5; index++) putToday(s3, `good-${index}`, 10)
  const events = Array.from({ length: 200 }, (_, index) => ({
    eventID: `e-${index}`,
    noise: Math.sin(index).toString(36).repeat(5),
  }))
  const whole = gzipSync(JSON.stringify({ Records: events }))
  const bad = trailKey(daysAgo(0), 'bad')
  s3.put(bad, whole.subarray(0, whole.length / 2))
  const first = await run()
  t.equal(first.code, 1)
  const salvaged = first.records.length - 50
  t.ok(salvaged > 0 && salvaged < 200, 'the whole records before the cut')
  t.match(
    first.events.find(({ event }) => event === 'object_failed'),
    { key: bad, code: 'gzip' },
  )
  t.match(first.summary, { objects_done: 5, objects_failed: 1 })
  const runs: Run[] = [first]
  for (let cycle = 0; cycle < 4; cycle++) runs.push(await run())
  t.equal(runs.flatMap(run => run.records).length, 50 + salvaged)

  s3.put(bad, whole)
  for (let cycle = 0; cycle < 8; cycle++) runs.push(await run())
  const all = emitted(runs).filter(id => id.includes('/bad.'))
  t.equal(
    new Set(all).size,
    200,
    'repaired, it is read whole: another ETag, so from its start',
  )
})

t.test('a kill repeats a few records and loses none', async t => {
  const { s3, script, folder, run } = await startCollector(t)
  for (let index = 0; index < 40; index++) putToday(s3, `n-${index}`, 500, 300)
  // The reader kills the program when it has taken a part.
  await script(`
    { "$@" & echo $! >pid; wait $!; } |
    { head -c 9000000; kill -9 $(cat pid); } >killed`)
  const killed = readFileSync(join(folder, 'killed'), 'utf8')
  t.ok(killed.split('\n').length > 1000)
  const runs = [{ stdout: killed, cut: true }, await run()]
  const few = { repeatBytes: 3.5 * 1024 * 1024 }
  t.strictSame(differences(stockOf(s3), runs, few), [], 'repeats are few')
})

t.test('two accounts with different regions, GovCloud and China', async t => {
  const { s3, run } = await startCollector(t, {
    RegionFolders: 'us-gov-west-1,cn-north-1',
  })
  s3.put(
    trailKey(daysAgo(0), 'a', { region: 'us-gov-west-1' }),
    cloudTrailObject(1),
  )
  s3.put(
    trailKey(daysAgo(0), 'a', {
      region: 'cn-north-1',
      account: '444455556666',
    }),
    cloudTrailObject(1),
  )
  t.equal((await run()).records.length, 2)
})

t.test('flow logs: the header is no record, columns come by name', async t => {
  const { s3, run } = await startCollector(t, { LogType: 'VPCFlowLogs' })
  const folder = `AWSLogs/111122223333/vpcflowlogs/us-east-1/${daysAgo(0).replaceAll('-', '/')}`
  s3.put(
    `${folder}/default.log.gz`,
    gzipSync(
      'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status\n' +
        '2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK\n' +
        '2 123456789010 eni-1235b8ca123456789 - - - - - - - 1431280876 1431280934 - NODATA\n',
    ),
  )
  s3.put(
    `${folder}/custom.log.gz`,
    gzipSync(
      'action bytes dstaddr  end srcaddr\r\nREJECT 40 2001:db8::1 1418530070 10.0.0.1\r\n',
    ),
  )
  const { records } = await run()
  t.equal(records.length, 3)
  const find = (name: string, record: number) =>
    records.find(
      ({ s3_object, s3_record }) =>
        String(s3_object).includes(name) && s3_record === record,
    )
  t.match(find('default', 1), {
    action: 'ACCEPT',
    tag1: 'ACCEPT',
    account: '123456789010',
    bytes: 4249,
    dip: '172.31.16.21',
    dport: 22,
    dinterface: 'eni-1235b8ca123456789',
    status: 'OK',
    tag2: 'OK',
    packets: 20,
    protnum: 6,
    sip: '172.31.16.139',
    sport: 20641,
    version: '2',
    timestart: '2014-12-14T04:06:50.000Z',
    timeend: '2014-12-14T04:07:50.000Z',
    normal_msg_date: '2014-12-14T04:07:50.000Z',
    protname: 'TCP',
    device_type: 'AWSVPCFlowLogs',
  })
  const noData = find('default', 2)
  t.match(noData, { status: 'NODATA', dinterface: 'eni-1235b8ca123456789' })
  for (const name of ['sip', 'dip', 'sport', 'bytes', 'action', 'protnum'])
    t.notOk(noData && name in noData, name)
  t.match(find('custom', 1), {
    action: 'REJECT',
    bytes: 40,
    dip: '2001:db8::1',
    sip: '10.0.0.1',
  })
})

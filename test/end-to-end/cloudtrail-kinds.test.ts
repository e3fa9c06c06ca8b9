// All four folders of CloudTrail in one bucket, with two accounts and what lies
// beside them: each record once, by what CloudTrailFolders names.

import { readFileSync } from 'node:fs'
import t from 'tap'
import { gunzipSync, gzipSync } from 'node:zlib'
import {
  cloudTrailObject,
  daysAgo,
  emitted,
  startCollector,
  type Collector,
} from '../lib/hosts/collector.ts'

const FIXTURES = 'test/fixtures/cloudtrail/'
const ALL =
  'CloudTrail,CloudTrail-Insight,CloudTrail-NetworkActivity,CloudTrail-Aggregated'
const PLACES = ['AWSLogs/111122223333/', 'x/AWSLogs/o-abc/444455556666/']
const slashed = (days: number): string => daysAgo(days).replaceAll('-', '/')

const [insight] = (
  JSON.parse(
    readFileSync(`${FIXTURES}streamalert/cloudtrail_insights.json`, 'utf8'),
  ) as { data: unknown }[]
).map(({ data }) => data as { Records?: unknown[] })
const network = (
  JSON.parse(
    gunzipSync(
      readFileSync(`${FIXTURES}panther/panther-tests-selected.json.gz`),
    ).toString(),
  ) as { Records: { eventType?: string }[] }
).Records.filter(({ eventType = '' }) => eventType.startsWith('AwsVpceEvent'))

/** An object of each kind, and how many records are in it. */
const OBJECTS: Record<string, readonly [body: Buffer, records: number]> = {
  CloudTrail: [cloudTrailObject(3), 3],
  'CloudTrail-Insight': [
    gzipSync(JSON.stringify({ Records: insight?.Records ?? [insight] })),
    1,
  ],
  'CloudTrail-NetworkActivity': [
    gzipSync(JSON.stringify({ Records: network })),
    network.length,
  ],
  'CloudTrail-Aggregated': [
    gzipSync(readFileSync(`${FIXTURES}made-kinds/aggregated-list.json`)),
    3,
  ],
}
const beside = (place: string): string[] => [
  `${place}CloudTrail-Digest/us-east-1/${slashed(0)}/a.json.gz`,
  `${place}CloudTrail-Lake/Query/${slashed(0)}/q/a.gz`,
  `${place}Config/us-east-1/${slashed(0)}/a.json.gz`,
]

/** Stores an object of each kind in both accounts, some days old; gives the records of each kind. */
function putKinds({ s3 }: Collector, days: number, name: string) {
  const ids = new Map<string, string[]>()
  for (const [kind, [body, records]] of Object.entries(OBJECTS))
    for (const place of PLACES) {
      const key = `${place}${kind}/us-east-1/${slashed(days)}/${name}.json.gz`
      s3.put(key, body)
      const known = ids.get(kind) ?? []
      for (let i = 1; i <= records; i++) known.push(`s3://logs/${key}#${i}`)
      ids.set(kind, known)
    }
  return (...kinds: string[]): string[] =>
    (kinds.length > 0 ? kinds : [...ids.keys()])
      .flatMap(kind => ids.get(kind) ?? [])
      .toSorted()
}

t.test('four folders, two accounts', async t => {
  t.equal(network.length, 8)
  const collector = await startCollector(t, { FilePath: '' })
  const { s3, run, configure } = collector
  const today = putKinds(collector, 0, 'a')
  putKinds(collector, 4, 'a')
  for (const place of PLACES)
    for (const key of beside(place)) s3.put(key, cloudTrailObject(1))

  const first = await run()
  t.equal(first.code, 0)
  t.strictSame(emitted([first]), today('CloudTrail'), 'as by default')
  t.equal((await run()).stdout, '')

  configure({ CloudTrailFolders: ALL })
  const added = await run()
  t.equal(added.code, 0)
  const others = ALL.split(',').slice(1)
  t.strictSame(emitted([added]), today(...others), 'no history')
  for (const record of added.records) {
    t.type(record['normal_msg_date'], 'string')
    t.equal(record['device_type'], 'AWSCloudTrail')
  }
  t.equal((await run()).stdout, '')

  configure({ CloudTrailFolders: 'CloudTrail-Aggregated' })
  const more = putKinds(collector, 1, 'b')
  t.strictSame(emitted([await run()]), more('CloudTrail-Aggregated'))
  configure({ CloudTrailFolders: ALL })
  const rest = Object.keys(OBJECTS).filter(kind => !/Aggreg/.test(kind))
  t.strictSame(emitted([await run()]), more(...rest))
  t.equal((await run()).stdout, '')
})

t.test('all at once, in shards and with other settings', async t => {
  const collector = await startCollector(t, {
    FilePath: '',
    CloudTrailFolders: ALL,
  })
  const { run, configure } = collector
  const today = putKinds(collector, 0, 'a')
  const runs = []
  for (const shard of ['1/2', '2/2']) {
    configure({ Shard: shard, StateFile: `${shard[0]}.cursor` })
    runs.push(await run())
  }
  t.strictSame(emitted(runs), today())
  for (const [settings, kinds] of [
    [{ ExclusionDirectories: 'Insight,-Agg,444455' }, ['CloudTrail', 'Netw']],
    [{ FilePath: 'AWSLogs', DepthToRecurse: 3 }, ['']],
    [{ FilePath: 'AWSLogs', RegionFolders: 'us-east-1' }, ['']],
    [
      {
        FilePath: `AWSLogs/111122223333/CloudTrail-Insight/us-east-1/${slashed(0)}`,
      },
      ['Insight'],
    ],
  ] as const) {
    configure({ ...settings, StateFile: `${JSON.stringify(settings).length}` })
    const wanted = today()
      .filter(id => id.startsWith('s3://logs/AWSLogs/'))
      .filter(id =>
        kinds.some(kind =>
          kind === 'CloudTrail'
            ? id.includes('/CloudTrail/')
            : id.includes(kind),
        ),
      )
    t.strictSame(emitted([await run()]), wanted, JSON.stringify(settings))
  }
})

t.test('what is not collected is said, by each command', async t => {
  const collector = await startCollector(t)
  const { s3, run, configure } = collector
  s3.put(
    `AWSLogs/111122223333/CloudTrail-Insight/us-east-1/${slashed(0)}/a.json.gz`,
    OBJECTS['CloudTrail-Insight']?.[0] ?? '',
  )
  const silent = await run()
  t.equal(silent.code, 1)
  t.match(silent.stderr, 'CloudTrailFolders is CloudTrail, but the folders')
  t.match(
    silent.stderr,
    'CloudTrailFolders=CloudTrail,CloudTrail-Insight',
    'and how to collect it',
  )
  t.match((await run(['status'])).stdout, 'CloudTrailFolders')

  for (const wrong of [
    'CloudTrail-Insights',
    'cloudtrail',
    'CloudTrail-Digest',
  ]) {
    configure({ CloudTrailFolders: wrong })
    const refused = await run()
    t.equal(refused.code, 2)
    t.match(refused.stderr, wrong)
    t.match(refused.stderr, ALL.replaceAll(',', ', '))
  }

  configure({})
  putKinds(collector, 0, 'b')
  const checked = await run(['check'])
  t.equal(checked.code, 0)
  t.match(checked.stdout, /^warn kinds: CloudTrail-Insight, .* not collected/m)
  const { findings } = JSON.parse((await run(['check', '--json'])).stdout) as {
    findings: { name: string; ok: boolean; level: string }[]
  }
  t.match(
    findings.find(({ name }) => name === 'kinds'),
    { ok: true, level: 'warn' },
  )

  configure({ CloudTrailFolders: 'CloudTrail-NetworkActivity' })
  t.match(JSON.parse((await run(['plan', '--json'])).stdout), {
    leaves: 1,
    objects: 1,
  })
  const replayed = await run(['replay', '--day', daysAgo(0)])
  t.equal(replayed.stdout.split('\n').length - 1, network.length)
  t.equal((await run(['skip'])).code, 0)
  t.equal((await run()).stdout, '')
  t.match(
    (await run(['status'])).stdout,
    'CloudTrail-NetworkActivity/us-east-1',
  )
  t.match((await run(['init'])).stdout, '\nCloudTrailFolders=CloudTrail\n')
})

// Where logs can lie: every layout AWS writes and people make of it, with the
// neighbours that must stay out.

import t from 'tap'
import { gzipSync } from 'node:zlib'
import {
  cloudTrailObject,
  daysAgo,
  emitted,
  startCollector,
} from '../lib/hosts/collector.ts'

const day = daysAgo(0)
const slashed = day.replaceAll('-', '/')
const [year, month, date] = day.split('-')
const hive = `year=${year}/month=${month}/day=${date}`
const flow = gzipSync(
  'version account-id action\n2 111122223333 ACCEPT\n2 111122223333 REJECT\n',
)

const REGION = 'AWSLogs/111122223333/CloudTrail/us-east-1/'

interface Layout {
  name: string
  settings: Record<string, string | number>
  in: string[]
  out?: string[]
}

const layouts: Layout[] = [
  {
    name: 'plain, without digests, insights and other services',
    settings: { FilePath: 'AWSLogs' },
    in: [
      `AWSLogs/111122223333/CloudTrail/us-east-1/${slashed}/a.json.gz`,
      `AWSLogs/111122223333/CloudTrail/us-gov-west-1/${slashed}/a.json.gz`,
      `AWSLogs/111122223333/CloudTrail/cn-north-1/${slashed}/a.json.gz`,
    ],
    out: [
      `AWSLogs/111122223333/CloudTrail-Digest/us-east-1/${slashed}/a.json.gz`,
      `AWSLogs/111122223333/CloudTrail-Insight/us-east-1/${slashed}/a.json.gz`,
      `AWSLogs/111122223333/CloudTrail-NetworkActivity/us-east-1/${slashed}/a.json.gz`,
      `AWSLogs/111122223333/CloudTrail-Aggregated/us-east-1/${slashed}/a.json.gz`,
      `AWSLogs/111122223333/vpcflowlogs/us-east-1/${slashed}/a.log.gz`,
      `AWSLogs/111122223333/CloudTrail/us-east-1/${daysAgo(9).replaceAll('-', '/')}/a.json.gz`,
      `AWSLogs/111122223333/CloudTrail/us-east-1/${slashed}/a.txt`,
    ],
  },
  {
    name: 'copies that are filed by date above the account or the service',
    settings: { FilePath: 'AWSLogs' },
    in: [
      `AWSLogs/${slashed}/111122223333/CloudTrail/us-east-1/a.json.gz`,
      `AWSLogs/111122223333/${slashed}/CloudTrail/us-east-1/a.json.gz`,
    ],
    out: [
      `AWSLogs/${slashed}/111122223333/CloudTrail-Digest/us-east-1/a.json.gz`,
      'AWSLogs/2019/05/07/111122223333/CloudTrail/us-east-1/a.json.gz',
    ],
  },
  {
    name: "folders in AWS's own that are no dates as AWS writes them",
    settings: { FilePath: 'AWSLogs', Inclusions: '*.json.gz' },
    in: [
      `${REGION}${Number(year)}/${Number(month)}/${Number(date)}/b.json.gz`,
      `${REGION}${year}/weekly/a.json.gz`,
      `${REGION}${year}/a.json.gz`,
      `${REGION}${year}/${month}/a.json.gz`,
      `${REGION}${slashed}/a.json.gz`,
    ],
    out: [`${REGION}2019/5/7/a.json.gz`],
  },
  {
    name: 'an organization trail below a prefix of several levels',
    settings: { FilePath: '/teams/security/' },
    in: [
      `teams/security/2024/AWSLogs/o-ab12cd34ef/111122223333/CloudTrail/eu-west-1/${slashed}/a.json.gz`,
      `teams/security/AWSLogs/o-ab12cd34ef/444455556666/CloudTrail/eu-west-1/${slashed}/a.json.gz`,
    ],
    out: [
      `teams/other/AWSLogs/111122223333/CloudTrail/eu-west-1/${slashed}/a.json.gz`,
    ],
  },
  {
    name: 'the whole bucket',
    settings: { FilePath: 'CHANGE_THIS' },
    in: [
      `AWSLogs/111122223333/CloudTrail/us-east-1/${slashed}/a.json.gz`,
      `a/b/c/AWSLogs/111122223333/CloudTrail/us-east-1/${slashed}/a.json.gz`,
    ],
    out: [`exports/${slashed}/a.json.gz`, 'loose.json.gz'],
  },
  {
    name: 'a FilePath into another service, taken at its word',
    settings: { FilePath: 'AWSLogs/111122223333/CloudTrail-Insight/' },
    in: [
      `AWSLogs/111122223333/CloudTrail-Insight/us-east-1/${slashed}/a.json.gz`,
    ],
    out: [`AWSLogs/111122223333/CloudTrail/us-east-1/${slashed}/a.json.gz`],
  },
  {
    name: 'region folders and excluded directories',
    settings: {
      RegionFolders: 'eu-west-1,eu-west-2',
      ExclusionDirectories: '444455',
    },
    in: [`AWSLogs/111122223333/CloudTrail/eu-west-1/${slashed}/a.json.gz`],
    out: [
      `AWSLogs/111122223333/CloudTrail/eu-west-11/${slashed}/a.json.gz`,
      `AWSLogs/111122223333/CloudTrail/us-east-1/${slashed}/a.json.gz`,
      `AWSLogs/444455556666/CloudTrail/eu-west-1/${slashed}/a.json.gz`,
      `AWSLogs/111122223333/CloudTrail/${slashed}/a.json.gz`,
    ],
  },
  {
    name: 'exactly DepthToRecurse levels',
    settings: { FilePath: 'logs', DepthToRecurse: 2 },
    in: [`logs/one/two/${slashed}/a.json.gz`, 'logs/one/flat/a.json.gz'],
    out: [
      `logs/one/${slashed}/a.json.gz`,
      `logs/one/two/three/${slashed}/a.json.gz`,
      'logs/a.json.gz',
    ],
  },
  {
    name: 'flat folders, dated folders and both in one',
    settings: { FilePath: 'logs', Inclusions: '' },
    in: [
      'logs/a.json',
      `logs/${slashed}/a.json`,
      `logs/${slashed}/07/a.json`,
      'logs/sub/deeper/a.json',
      'logs/sub/2024/notes/a.json',
    ],
    out: ['logs/empty/'],
  },
  {
    name: 'odd keys',
    settings: { FilePath: 'odd', Inclusions: '' },
    in: [
      'odd/a b.json',
      'odd/a+b.json',
      'odd/a%2Fb%.json',
      'odd/a&b<c>"d\'.json',
      'odd/ärger-日本-😀-\uffff.json',
      'odd/line\nbreak\u0001.json',
      'odd//double//slash.json',
      'odd/per cent+plus/x=1&y.json',
    ],
  },
  {
    name: 'flow logs: Hive-style, hourly, both, plain, in any case',
    settings: { LogType: 'VPCFlowLogs', FilePath: 'AWSLogs' },
    in: [
      `AWSLogs/111122223333/vpcflowlogs/us-east-1/${slashed}/a.log.gz`,
      `AWSLogs/111122223333/VPCFlowLogs/us-east-2/${slashed}/a.log.gz`,
      `AWSLogs/111122223333/vpcflowlogs/us-west-1/${slashed}/05/a.log.gz`,
      `AWSLogs/aws-account-id=111122223333/aws-service=vpcflowlogs/aws-region=us-east-1/${hive}/a.log.gz`,
      `AWSLogs/aws-account-id=111122223333/aws-service=vpcflowlogs/aws-region=us-west-2/${hive}/hour=05/a.log.gz`,
    ],
    out: [
      `AWSLogs/111122223333/CloudTrail/us-east-1/${slashed}/a.json.gz`,
      `AWSLogs/aws-account-id=111122223333/aws-service=other/aws-region=us-east-1/${hive}/a.log.gz`,
    ],
  },
  {
    name: 'Hive-style regions by name',
    settings: {
      LogType: 'VPCFlowLogs',
      FilePath: 'AWSLogs',
      RegionFolders: 'us-east-1',
    },
    in: [
      `AWSLogs/aws-account-id=111122223333/aws-service=vpcflowlogs/aws-region=us-east-1/${hive}/a.log.gz`,
    ],
    out: [
      `AWSLogs/aws-account-id=111122223333/aws-service=vpcflowlogs/aws-region=us-west-2/${hive}/a.log.gz`,
    ],
  },
]

for (const { name, settings, in: wanted, out = [] } of layouts)
  t.test(name, async t => {
    const { s3, run } = await startCollector(t, settings)
    for (const key of [...wanted, ...out])
      s3.put(
        key,
        key.endsWith('/')
          ? ''
          : key.endsWith('.log.gz')
            ? flow
            : cloudTrailObject(2),
      )
    const expected = wanted
      .flatMap(key => [`s3://logs/${key}#1`, `s3://logs/${key}#2`])
      .toSorted()
    const first = await run()
    t.equal(first.code, 0)
    t.strictSame(emitted([first]), expected)
    t.equal((await run()).stdout, '')
  })

t.test('more than a thousand accounts', async t => {
  const { s3, run } = await startCollector(t, { MaxCycleSeconds: 1200 })
  const body = cloudTrailObject(1)
  for (let account = 0; account < 1100; account++)
    s3.put(
      `AWSLogs/${String(account).padStart(12, '0')}/CloudTrail/us-east-1/${slashed}/a.json.gz`,
      body,
    )
  const first = await run()
  t.equal(new Set(emitted([first])).size, 1100)
  t.equal(first.records.length, 1100)
})

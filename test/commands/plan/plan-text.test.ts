// The plan as a person reads it.
import t from 'tap'
import { planText } from '../../../src/commands/plan/plan-text.ts'
import { parseSettings } from '../../../src/settings/parse-settings.ts'

const ini =
  'Region=us-east-1\nBucketName=logs\nLogType=CloudTrail\nFilePath=AWSLogs/\n'
const { settings } = parseSettings(Buffer.from(ini), '/aws.ini')
const plan = {
  leaves: 2,
  partitions: 4,
  objects: 1234,
  bytes: 5_600_000,
  lists: 11,
  gets: 1234,
  cycles: 1,
  retries: 3,
  output_bytes: 112_000_000,
  every_seconds: 60,
  lists_per_day: 3394,
  gets_per_day: 987,
  dollars_per_day: 0.0174,
}

t.test('says all there is to say', async t => {
  t.equal(
    planText(plan, settings),
    `Folders        2 with CloudTrail logs below s3://logs/AWSLogs/
To be listed   4 (a day of a folder each)
New objects    1,234 (3 tried before), 5.3 MiB; printed some 107 MiB
Requests       11 LIST, 1,234 GET
Cycles needed  1, each within 20 s and 128 MiB of output
A day          3,394 LIST, 987 GET, with a cycle every 60 s
Costs a day    $0.02 (S3 Standard in us-east-1: $0.005 per 1,000 LIST, $0.0004 per 1,000 GET)
`,
  )
})

t.test('and of nothing new only that', async t => {
  const idle = { ...plan, objects: 0, bytes: 0, output_bytes: 0, retries: 0 }
  t.match(planText(idle, settings), '\nNew objects    0\n')
})

t.test('sizes in a unit that fits', async t => {
  for (const [bytes, text] of [
    [0, ' 0 bytes;'],
    [1023, ' 1,023 bytes;'],
    [1024, ' 1.0 KiB;'],
    [10 * 1024, ' 10 KiB;'],
    [3.26 * 1024 ** 3, ' 3.3 GiB;'],
    [5000 * 1024 ** 4, ' 5,000 TiB;'],
  ] as const)
    t.match(planText({ ...plan, retries: 0, bytes }, settings), text)
})

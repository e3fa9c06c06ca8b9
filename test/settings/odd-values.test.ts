// Values as people write them: what is taken amiss is told with the cure.

import t from 'tap'
import { parseSettings } from '../../src/settings/parse-settings.ts'
import { SettingsError } from '../../src/settings/settings-error.ts'

/** Gives what is said of settings, problems first; BucketName and the like are there unless given. */
function saidOf(settings: Readonly<Record<string, string>>): string[] {
  const all = { Region: 'r-1', BucketName: 'b', LogType: 'CloudTrail' }
  const text = Object.entries({ ...all, ...settings })
    .map(pair => pair.join('='))
    .join('\n')
  try {
    const { warnings } = parseSettings(Buffer.from(text), 'x.ini')
    return warnings.map(({ message }) => `warn ${message}`)
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    const { problems, warnings } = error
    return [
      ...problems.map(({ message }) => `fail ${message}`),
      ...warnings.map(({ message }) => `warn ${message}`),
    ]
  }
}

const QUOTES = 'in quotes, which count as part of the value: remove them'
const COMMENT = 'a comment, which counts as part of the value: give the comment'

t.test('quotes and comments that became part of a value', t => {
  for (const [name, value, text] of [
    [
      'Region',
      '"us-east-1"',
      `fail Region (line 1) is "\\"us-east-1\\"": must`,
    ],
    ['Region', '"us-east-1"', QUOTES],
    ['NoOfBackDaysData', '7 ; days', COMMENT],
    ['ForcePathStyle', "'true'", QUOTES],
    ['CloudTrailFolders', '"CloudTrail"', QUOTES],
    ['FilePath', '"AWSLogs/"', `warn FilePath (line 4) is ${QUOTES}`],
    ['FilePath', 'AWSLogs/ # all', `warn FilePath (line 4) holds ${COMMENT}`],
    ['Inclusions', '"*.gz"', QUOTES],
    ['LogFile', 'log ; a copy', COMMENT],
  ] as const) {
    const said = saidOf({ [name]: value })
    t.equal(said.length, 1, name)
    t.ok(said[0]?.includes(text), String(said[0]))
  }
  for (const value of ['a;b#c', 'it\'s"', '"a', '# a'])
    t.strictSame(saidOf({ Exclusions: value }), [], 'taken as it is')
  t.end()
})

t.test('URLs and folders in the place of names', t => {
  for (const [name, value, cure] of [
    ['BucketName', 's3://logs', 'give the name alone: BucketName=logs'],
    [
      'BucketName',
      's3://logs/AWSLogs/',
      'BucketName=logs, and the folder as FilePath=AWSLogs/',
    ],
    ['BucketName', 'logs/a', 'BucketName=logs, and the folder as FilePath=a'],
    ['BucketName', 'https://logs.s3.eu-west-1.amazonaws.com', '=logs'],
    ['BucketName', 'https://minio:9000/logs', 'as Endpoint'],
    ['FilePath', 's3://b/AWSLogs/', 'give the folder alone: FilePath=AWSLogs/'],
    ['FilePath', 's3://b', 'give the folder alone: FilePath='],
    ['Endpoint', 'minio:9000', 'begin it with https:// or http://'],
  ] as const) {
    const said = saidOf({ [name]: value })
    t.equal(said.length, 1, name)
    t.match(said[0], /^fail /)
    t.ok(said[0]?.endsWith(cure), String(said[0]))
  }
  t.end()
})

t.test('mistyped values', t => {
  for (const [name, value, meant] of [
    ['ForcePathStyle', 'ture', 'true'],
    ['LogType', 'CloudTrial', 'CloudTrail'],
    ['LogType', 'VPCFlow', 'VPCFlowLogs'],
    ['Region', 'US-EAST-1', 'us-east-1'],
  ] as const)
    t.match(saidOf({ [name]: value }), [`; did you mean ${meant}?`])
  t.notMatch(saidOf({ EmitHeartbeat: 'enabled' }), [/did you mean/])
  t.end()
})

t.test('keys in each other’s place are one problem', t => {
  const swapped = {
    AccessKeyId: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    SecretAccessKey: 'AKIAIOSFODNN7EXAMPLE',
  }
  const [said, ...more] = saidOf({ ...swapped, Region: 'r-1' })
  t.match(said, /looks like a secret, and SecretAccessKey .*: exchange the two/)
  t.strictSame(
    more.filter(text => text.startsWith('fail')),
    [],
  )
  t.notMatch(said, 'wJalr')
  t.end()
})

t.test('a FilePath that is the folder of a date', t => {
  for (const [path, what, above] of [
    ['/a/2026/11/30/', 'day', 'a/'],
    ['a/2026/11/30/07', 'hour', 'a/'],
    ['a/2026/11', 'month', 'a/'],
    ['a/2026/', 'year', 'a/'],
    ['a/year=2026/month=11/day=30/', 'day', 'a/'],
  ] as const)
    t.match(saidOf({ FilePath: path }), [
      `one ${what}, so no other ${what} is ever collected: set it to ${path.startsWith('/') ? '/' : ''}${above}`,
    ])
  t.match(saidOf({ FilePath: '2026/11' }), [/leave it blank$/])
  for (const path of ['a/2026/x', 'a2026/', 'a/1234', 'a/2026/13'])
    t.strictSame(saidOf({ FilePath: path }), [], path)
  t.end()
})

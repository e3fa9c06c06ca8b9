// From the ini's bytes to the settings, or to all problems at once. The
// compiler checks the derived types where values are assigned.
import { chmodSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import t, { type Test } from 'tap'
import { encryptText } from '../../src/settings/encrypted-text.ts'
import { parseSettings } from '../../src/settings/parse-settings.ts'
import { SettingsError } from '../../src/settings/settings-error.ts'
import type { Settings } from '../../src/settings/settings-table.ts'

const iniPath = resolve('conf', 'aws.ini')
const least = 'Region=us-east-1\nBucketName=b\nLogType=CloudTrail\n'

function parse(text: string) {
  return parseSettings(Buffer.from(text), iniPath)
}

function settingsOf(...lines: string[]) {
  return parse(least + lines.join('\n')).settings
}

function warningsOf(...lines: string[]) {
  return parse(least + lines.join('\n')).warnings
}

function failure(ini: string | Buffer) {
  try {
    parseSettings(Buffer.from(ini), iniPath)
  } catch (error) {
    if (error instanceof SettingsError) return error
    throw error
  }
  throw new Error('the settings were accepted')
}

function problemsOf(...lines: string[]) {
  return failure(least + lines.join('\n')).problems
}

t.test('gives every absent setting its default', t => {
  const { settings, warnings } = parse(least)
  const depth: number | undefined = settings.DepthToRecurse
  const seconds: number = settings.MaxCycleSeconds
  const type: 'CloudTrail' | 'VPCFlowLogs' = settings.LogType
  const patterns: string[] = settings.Inclusions
  t.same([depth, seconds, type, patterns], [undefined, 20, type, ['*.gz']])
  const expected: Settings = {
    Region: 'us-east-1',
    AccessKeyId: '',
    SecretAccessKey: '',
    BucketName: 'b',
    LogType: 'CloudTrail',
    FilePath: '',
    DepthToRecurse: undefined,
    NoOfBackDaysData: 1,
    ExclusionDirectories: [],
    DataFolderFilesCount: 100,
    MaxQueueCount: 50000,
    Inclusions: ['*.gz'],
    Exclusions: [],
    MaxResultCount: 100,
    StartupDelayInSeconds: 30,
    LogApiRequests: false,
    RegionFolders: [],
    ProxyServer: '',
    ProxyPort: undefined,
    UserName: '',
    Password: '',
    Domain: '',
    SignatureVersion: '4',
    StateFile: '',
    KeyFile: '',
    LogFile: '',
    Endpoint: '',
    ForcePathStyle: false,
    Profile: '',
    RoleArn: '',
    ExternalId: '',
    RequestPayer: false,
    OriginalMessage: true,
    RedactSessionTokens: false,
    EmitHeartbeat: false,
    MaxRecordBytes: 1048576,
    MaxCycleSeconds: 20,
    MaxCycleMegabytes: 128,
    SweepMinutes: 15,
    DiscoveryMinutes: 60,
    VerifyMinutes: 0,
    CloudTrailFolders: ['CloudTrail'],
    LateArrivalDays: 30,
    HostQueueRecords: 1100,
    MaxObjectAttempts: 5,
    Shard: { index: 1, of: 1 },
  }
  t.strictSame(settings, expected)
  t.same(warnings, [])
  t.end()
})

t.test('reads what is given, whatever the case of the name', t => {
  const given = settingsOf(
    'filepath=/AWSLogs/123456789012/CloudTrail',
    'DEPTHTORECURSE=3',
    'RegionFolders= us-east-1 , eu-west-1,',
    'logApiRequests=Yes',
    'StateFile=state/x.cursor',
    'Endpoint=http://127.0.0.1:9000',
    'signatureVERSION=4',
    'MaxResultCount=1000',
  )
  t.equal(given.FilePath, 'AWSLogs/123456789012/CloudTrail/')
  t.equal(given.DepthToRecurse, 3)
  t.same(given.RegionFolders, ['us-east-1', 'eu-west-1'])
  t.equal(given.LogApiRequests, true)
  t.equal(given.StateFile, resolve('conf', 'state', 'x.cursor'))
  t.equal(given.Endpoint, 'http://127.0.0.1:9000')
  t.equal(given.MaxResultCount, 1000)
  t.end()
})

t.test('takes CHANGE_THIS and blank for not given', t => {
  const names = `
    FilePath AccessKeyId SecretAccessKey DepthToRecurse NoOfBackDaysData
    ForcePathStyle StateFile SignatureVersion ProxyServer Inclusions Exclusions
  `
    .trim()
    .split(/\s+/)
  for (const blank of ['CHANGE_THIS', 'change_this', '']) {
    const given = settingsOf(...names.map(name => `${name}=${blank}`))
    t.same(given, { ...settingsOf(), Inclusions: [] }, blank)
  }
  t.end()
})

t.test('a depth beside a blank FilePath is ignored, with a warning', t => {
  for (const blank of ['', 'FilePath=', 'FilePath=CHANGE_THIS', 'FilePath=/']) {
    const text = `Region=r\nBucketName=b\nLogType=CloudTrail\n${blank}\nDepthToRecurse=1`
    const { settings, warnings } = parseSettings(Buffer.from(text), 'x.ini')
    t.equal(settings.DepthToRecurse, undefined, blank)
    t.match(warnings, [
      { setting: 'DepthToRecurse', line: 5, message: /is ignored.*blank/ },
    ])
  }
  t.equal(settingsOf('FilePath=a', 'DepthToRecurse=1').DepthToRecurse, 1)
  t.end()
})

t.test('refuses the required settings when absent, blank or CHANGE_THIS', t => {
  const absent = failure('LogType=CloudTrail').problems
  t.same(
    absent.map(({ setting }) => setting),
    ['Region', 'BucketName'],
  )
  t.match(absent[0]?.message, /^Region is required/)
  t.match(failure('Region=\nBucketName=b').problems, [
    { setting: 'Region', line: 1, message: /is required/ },
  ])
  t.match(failure('Region=r\nBucketName=CHANGE_THIS').problems, [
    { setting: 'BucketName', line: 2, message: /is still CHANGE_THIS/ },
  ])
  t.end()
})

t.test('reports all problems at once, each with line, value and range', t => {
  const error = failure(
    [
      'Region=US East',
      'BucketName=s3://b/c',
      'LogType=VPC',
      'NoOfBackDaysData=8',
      'DepthToRecurse=0',
      'ForcePathStyle=maybe',
      'Endpoint=localhost',
      'SignatureVersion=2',
      'MaxCycleSeconds=1.5',
    ].join('\n'),
  )
  t.equal(error.code, 'SETTINGS')
  t.match(error.problems, [
    { setting: 'Region', line: 1, value: 'US East', message: /us-east-1/ },
    { setting: 'BucketName', line: 2, value: 's3://b/c' },
    { setting: 'LogType', line: 3, message: /CloudTrail or VPCFlowLogs/ },
    { setting: 'DepthToRecurse', line: 5, value: '0', message: /1-10/ },
    { setting: 'NoOfBackDaysData', line: 4, value: '8', message: /1-7/ },
    { setting: 'SignatureVersion', line: 8, value: '2', message: /be 4$/ },
    { setting: 'Endpoint', line: 7, value: 'localhost', message: /https/ },
    { setting: 'ForcePathStyle', line: 6, message: /true or false/ },
    { setting: 'MaxCycleSeconds', line: 9, value: '1.5', message: /5-3600/ },
  ])
  const lines = error.message.split('\n')
  t.equal(lines.length, 1 + error.problems.length)
  t.match(lines[0], iniPath)
  for (const { setting, line, value } of error.problems)
    t.match(
      lines.find(text => text.includes(setting)),
      `(line ${line}) is "${value}"`,
    )
  t.end()
})

t.test('takes the folders of CloudTrail by their names', t => {
  const all = `CloudTrail, CloudTrail-Insight, CloudTrail-NetworkActivity, CloudTrail-Aggregated`
  for (const [text, folders] of [
    ['', ['CloudTrail']],
    ['CHANGE_THIS', ['CloudTrail']],
    ['CloudTrail-Insight', ['CloudTrail-Insight']],
    [
      'CloudTrail-Insight,,CloudTrail ,CloudTrail-Insight',
      ['CloudTrail', 'CloudTrail-Insight'],
    ],
    [all, all.split(', ')],
  ] as const) {
    const { CloudTrailFolders } = settingsOf(`CloudTrailFolders=${text}`)
    t.strictSame(CloudTrailFolders, folders, text)
  }
  for (const [text, hint] of [
    ['CloudTrail,CloudTrail-Insights', '; did you mean CloudTrail-Insight?'],
    ['cloudtrail', '; did you mean CloudTrail?'],
    ['CloudTrail-networkactivity', 'mean CloudTrail-NetworkActivity?'],
    ['Aggregate,CloudTrail-Agregated', 'mean CloudTrail-Aggregated?'],
    ['vpcflowlogs', all],
    [',', all],
    ['CloudTrail;CloudTrail-Insight', all],
    ['CloudTrail/', all],
    ['CloudTrail,CloudTrail-Digest', all],
  ] as const) {
    const [problem, ...others] = problemsOf(`CloudTrailFolders=${text}`)
    t.match(problem?.message, `CloudTrailFolders (line 4) is "${text}": must`)
    t.match(problem?.message, `a comma list of ${all}`)
    t.match(problem?.message, hint)
    t.same(others, [])
  }
  t.end()
})

t.test('warns of folders that are never looked into', t => {
  const both = 'CloudTrailFolders=CloudTrail,CloudTrail-Insight'
  for (const path of ['CloudTrail', 'CloudTrail-Insight/us-east-1']) {
    const [into = ''] = path.split('/')
    const other = into === 'CloudTrail' ? 'CloudTrail-Insight' : 'CloudTrail'
    t.match(warningsOf(`FilePath=/AWSLogs/o-a/1/${path}`, both), [
      {
        setting: 'CloudTrailFolders',
        message: `CloudTrailFolders (line 5) names ${other}, but FilePath leads into ${into}, so no other folder is searched: set FilePath to AWSLogs/o-a/1/`,
      },
    ])
    t.same(warningsOf(`FilePath=AWSLogs/1/${path}`), [])
    t.same(
      warningsOf(`FilePath=AWSLogs/1/${path}`, `CloudTrailFolders=${into}`),
      [],
    )
  }
  for (const path of ['', 'AWSLogs/', 'CloudTrail/AWSLogs/', 'x/CloudTrail/'])
    t.same(warningsOf(`FilePath=${path}`, both), [], path)
  t.match(parse(`${least}LogType=VPCFlowLogs\n${both}`).warnings, [
    { setting: 'LogType' },
    {
      setting: 'CloudTrailFolders',
      message: /is ignored, since LogType is VPCFlowLogs/,
    },
  ])
  t.end()
})

t.test('names the right case of a log type', t => {
  t.match(failure('Region=r\nBucketName=b\nLogType=cloudtrail').problems, [
    { setting: 'LogType', line: 3, message: /VPCFlowLogs, here CloudTrail$/ },
  ])
  t.equal(settingsOf('LogType=VPCFlowLogs').LogType, 'VPCFlowLogs')
  t.end()
})

t.test('takes CloudTrail with a warning when the log type is not set', t => {
  for (const line of ['', 'LogType=', 'LogType=CHANGE_THIS']) {
    const { settings, warnings } = parse(`Region=r\nBucketName=b\n${line}`)
    t.equal(settings.LogType, 'CloudTrail')
    t.match(warnings, [{ setting: 'LogType', message: /CloudTrail/ }])
  }
  t.end()
})

t.test('takes bucket names and ARNs, and nothing else, for a bucket', t => {
  const good = [
    'b',
    'my-logs.example',
    'Old_Bucket',
    'ap-x1y2-s3alias',
    'arn:aws:s3:us-east-1:123456789012:accesspoint/logs',
    'arn:aws-us-gov:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap',
  ]
  for (const name of good)
    t.equal(settingsOf(`BucketName=${name}`).BucketName, name)
  for (const name of ['a b', 'a/b', 's3://a', '"a"', 'arn:a b', 'a\tb'])
    t.match(problemsOf(`BucketName=${name}`), [{ setting: 'BucketName' }], name)
  t.end()
})

t.test('wants both keys or neither, and warns of plain ones', t => {
  t.match(problemsOf('AccessKeyId=AKIAEXAMPLE'), [
    { setting: 'SecretAccessKey', line: undefined, message: /give both/ },
  ])
  t.match(problemsOf('AccessKeyId=CHANGE_THIS', 'SecretAccessKey=hush'), [
    { setting: 'AccessKeyId', line: 4, message: /give both/ },
  ])
  const keys = ['AccessKeyId=AKIAEXAMPLE', 'SecretAccessKey=a/b+c;d#e"f\\']
  t.equal(settingsOf(...keys).SecretAccessKey, 'a/b+c;d#e"f\\')
  t.match(warningsOf(...keys), [
    { setting: 'SecretAccessKey', line: 5, message: /in plain text/ },
  ])
  t.end()
})

// An ini in a folder of its own, with a key file beside it.
const key = Buffer.alloc(32, 7)
const encrypted = (secret: string) => encryptText(secret, key)
function withKey(t: Test, ...lines: string[]) {
  const folder = t.testdir({ 'a.ini.key': key.toString('base64') })
  const keyFile = join(folder, 'a.ini.key')
  chmodSync(keyFile, 0o600)
  const path = join(folder, 'a.ini')
  const text = Buffer.from(least + lines.join('\n'))
  const problems = () => {
    try {
      parseSettings(text, path)
      return []
    } catch (error) {
      if (error instanceof SettingsError) return error.problems
      throw error
    }
  }
  return { keyFile, path, problems, parse: () => parseSettings(text, path) }
}

t.test('decrypts what encrypt made, without a warning', async t => {
  const { parse } = withKey(
    t,
    `AccessKeyId=${encrypted('AKIAEXAMPLE')}`,
    `SecretAccessKey=${encrypted(' a/b+c;d ')}`,
    'ProxyServer=p:8080',
    'UserName=u',
    `Password=${encrypted('p@ss;w#rd:%1')}`,
  )
  const { settings, warnings } = parse()
  t.equal(settings.AccessKeyId, 'AKIAEXAMPLE')
  t.equal(settings.SecretAccessKey, ' a/b+c;d ')
  t.equal(settings.Password, 'p@ss;w#rd:%1')
  t.strictSame(warnings, [])
})

t.test('takes the key from KeyFile, or from the environment', async t => {
  const lines = [
    `AccessKeyId=${encrypted('AKIAEXAMPLE')}`,
    `SecretAccessKey=${encrypted('hush')}`,
  ]
  const there = withKey(t).keyFile
  const { parse, problems } = withKey(t, ...lines, 'KeyFile=no/such')
  t.match(problems(), [
    { setting: 'AccessKeyId' },
    { setting: 'SecretAccessKey' },
  ])
  t.equal(
    withKey(t, ...lines, `KeyFile=${there}`).parse().settings.AccessKeyId,
    'AKIAEXAMPLE',
  )
  process.env['LR_S3_INPUT_KEY'] = key.toString('base64')
  t.teardown(() => delete process.env['LR_S3_INPUT_KEY'])
  t.equal(parse().settings.SecretAccessKey, 'hush')
})

const where = (line: number, name: string, reason: string) => ({
  setting: name,
  line,
  message: `${name} (line ${line}) ${reason}`,
})

t.test('what cannot be decrypted is a problem among the others', async t => {
  const good = encrypted('hush')
  const { keyFile, path, problems } = withKey(
    t,
    `AccessKeyId=${good.slice(0, 20)}`,
    `SecretAccessKey=${encryptText('hush', Buffer.alloc(32, 8))}`,
    'ProxyServer=p:8080',
    'UserName=u',
    `Password=${encrypted('a\nb')}`,
    'MaxCycleSeconds=x',
  )
  const cure = (name: string) =>
    `: give the secret to \`encrypt --config ${path} --set ${name}\``
  t.strictSame(problems().slice(0, 3), [
    where(
      4,
      'AccessKeyId',
      `is encrypted, but was cut or altered since${cure('AccessKeyId')}`,
    ),
    where(
      5,
      'SecretAccessKey',
      `is encrypted, but with another key, or was altered since${cure('SecretAccessKey')}`,
    ),
    where(8, 'Password', 'holds unreadable characters: encrypt it anew'),
  ])
  t.match(problems()[3], { setting: 'MaxCycleSeconds' })
  const reasons = () =>
    problems()
      .map(({ message }) => message)
      .join('\n')
  for (const [prepare, reason] of [
    [
      () => writeFileSync(keyFile, 'hush'),
      `is encrypted, but KeyFile ${keyFile} holds no key`,
    ],
    [
      () => chmodSync(keyFile, 0o644),
      `is encrypted, but KeyFile ${keyFile} can be read or changed by others`,
    ],
  ] as const) {
    prepare()
    for (const name of ['AccessKeyId', 'SecretAccessKey', 'Password'])
      t.ok(
        problems().some(
          ({ setting, message }) =>
            setting === name && message.includes(reason),
        ),
        `${name} ${reason}`,
      )
    t.notMatch(reasons(), 'hush')
  }
})

t.test('looks for a key only when there is something to decrypt', async t => {
  const { keyFile, parse } = withKey(t, `Password=${encrypted('hush')}`)
  writeFileSync(keyFile, 'rubbish')
  t.equal(parse().settings.Password, '', 'without a proxy it is ignored')
})

t.test('refuses the output of lrcrypt, and names the way out', async t => {
  const id = 'h7GhxuBLTrlhVUyxSPUKUV8r/2EI4ngqJxD7iBdBYLg='
  const secret =
    'kdpLKvVnNN/Fjor8zX1VpkC7GsW2Cny0mnQbYxtTRkTq4wq7sA9uD0xe1hYvH2Zb'
  const { path, problems } = withKey(
    t,
    `AccessKeyId=${id}`,
    `SecretAccessKey=${secret}`,
  )
  t.match(
    problems(),
    ['AccessKeyId', 'SecretAccessKey'].map((setting, at) => ({
      setting,
      line: at + 4,
      message: `${setting} (line ${at + 4}) looks like the output of LogRhythm's lrcrypt, which only LogRhythm can read: give the secret itself to \`encrypt --config ${path} --set ${setting}\``,
    })),
  )
  t.notMatch(JSON.stringify(problems()), /h7Ghx|kdpLK/)
  const { parse } = withKey(
    t,
    `AccessKeyId=${encrypted('AKIAEXAMPLE')}`,
    `SecretAccessKey=${encrypted(secret)}`,
  )
  t.equal(parse().settings.SecretAccessKey, secret, 'a real one of that look')
})

t.test('warns of plain secrets beside encrypted ones', async t => {
  const warningsOf = (...lines: string[]) =>
    withKey(t, ...lines)
      .parse()
      .warnings.map(({ message }) => message.split(':')[0])
  const id = `AccessKeyId=${encrypted('AKIAEXAMPLE')}`
  t.strictSame(warningsOf(id, 'SecretAccessKey=hush'), [
    'SecretAccessKey (line 5) is in plain text',
  ])
  const secret = `SecretAccessKey=${encrypted('hush')}`
  t.strictSame(warningsOf('AccessKeyId=AKIAEXAMPLE', secret), [
    'AccessKeyId (line 4) is in plain text',
  ])
  t.strictSame(warningsOf('Password=hush'), [])
  const proxy = ['ProxyServer=p:8080', 'UserName=u']
  t.strictSame(warningsOf(...proxy, 'Password=hush'), [
    'Password (line 6) is in plain text',
  ])
  t.strictSame(
    warningsOf(
      'AccessKeyId=A',
      'SecretAccessKey=hush',
      ...proxy,
      'Password=hush',
    ),
    ['SecretAccessKey (line 5) and AccessKeyId, Password are in plain text'],
  )
  t.end()
})

t.test('warns of a profile beside keys, which are taken', t => {
  t.strictSame(warningsOf('Profile=work'), [])
  const keys = ['AccessKeyId=AKIAEXAMPLE', 'SecretAccessKey=hush']
  t.match(
    warningsOf('Profile=work', ...keys).filter(
      ({ setting }) => setting === 'Profile',
    ),
    [{ line: 4, message: /is ignored, since AccessKeyId is set/ }],
  )
  t.end()
})

t.test('ignores the other settings of a proxy without one', t => {
  const given = settingsOf(
    'ProxyServer=CHANGE_THIS',
    'ProxyPort=none',
    'UserName=u',
    'Password=hush',
  )
  t.same(given, settingsOf())
  t.end()
})

t.test('a proxy has one port, and a login that can be sent', t => {
  for (const server of [
    'p:3128',
    '[::1]:3128',
    'http://p:80/',
    'https://p:443',
  ])
    t.equal(settingsOf(`ProxyServer=${server}`).ProxyServer, server)
  for (const server of ['p', '::1', '[::1]', 'http://p', 'https://p', 'p:3128'])
    t.equal(
      settingsOf(`ProxyServer=${server}`, 'ProxyPort=3128').ProxyPort,
      3128,
    )
  for (const [setting, message, ...lines] of [
    ['ProxyPort', /not set.*8080 or 3128/, 'ProxyServer=http://p'],
    ['ProxyPort', /differ/, 'ProxyServer=p:1', 'ProxyPort=2'],
    ['ProxyServer', /host/, 'ProxyServer=p:0'],
    ['ProxyServer', /host/, 'ProxyServer=p:65536'],
    ['ProxyServer', /host/, 'ProxyServer=999.9.9.9:1'],
    ['ProxyServer', /host/, 'ProxyServer=socks5://p:1'],
    ['UserName', /give both/, 'ProxyServer=p:1', 'Password=hush'],
    ['UserName', /colon/, 'ProxyServer=p:1', 'UserName=a:b'],
  ] as const)
    t.match(problemsOf(...lines), [{ setting, message }], lines.join())
  t.match(warningsOf('ProxyServer=p:1', 'Domain=CORP'), [{ setting: 'Domain' }])
  const odd = 'p@ss;w#rd:%1 "\u00e4\'='
  const login = ['UserName=svc', `Password=${odd}`]
  t.equal(settingsOf('ProxyServer=p:1', ...login).Password, odd)
  t.end()
})

t.test('warns of unknown settings and shows the nearest known name', t => {
  t.match(warningsOf('Regoin=hush', '__proto__=hush', 'Prefix=hush'), [
    { setting: 'Regoin', line: 4, message: /did you mean Region\?$/ },
    { setting: '__proto__', line: 5, message: /is ignored$/ },
    { setting: 'Prefix', line: 6, message: /is ignored$/ },
  ])
  t.end()
})

t.test('warns of a repeated setting, of which the last holds', t => {
  const lines = ['SweepMinutes=1', 'sweepminutes=2', 'SweepMinutes=2']
  t.equal(settingsOf(...lines).SweepMinutes, 2)
  t.match(warningsOf(...lines), [
    { setting: 'SweepMinutes', line: 5, message: /line 4 and in line 5/ },
    { setting: 'SweepMinutes', line: 6, message: /line 5 and in line 6/ },
  ])
  t.end()
})

t.test('refuses a line that is neither setting, section nor comment', t => {
  t.match(problemsOf('hush', '=hush', '[Plugin'), [
    { setting: '', line: 4, message: /^line 4 is neither/ },
    { setting: '', line: 5 },
    { setting: '', line: 6 },
  ])
  t.end()
})

t.test('refuses a value that was not saved as UTF-8', t => {
  const ini = Buffer.from(`${least}# Größe\nFilePath=größe`, 'latin1')
  t.match(failure(ini).problems, [
    { setting: 'FilePath', line: 5, message: /as UTF-8$/ },
  ])
  t.match(problemsOf('StateFile=a\0b'), [{ setting: 'StateFile' }])
  t.end()
})

t.test('keeps the warnings of settings that it refuses', t => {
  const { problems, warnings } = failure('Regoin=r\nBucketName=b')
  t.match(problems, [{ setting: 'Region' }])
  t.match(warnings, [{ setting: 'Regoin' }, { setting: 'LogType' }])
  t.end()
})

t.test('never repeats a secret', t => {
  const error = failure(
    [
      'SecretAccessKey=hush\x01',
      'SecretAccessKey=hush',
      'SecretAccessKey hush',
      'SecretAccessKey hush=hush',
      'hush/hush+hush==',
      'Secret=hush',
      'Password=hush',
      'Endpoint=http://user:hush@host',
      'ProxyServer=user:hush@host',
    ].join('\n'),
  )
  t.notMatch(error.message + (error.stack ?? ''), 'hush')
  t.notMatch(JSON.stringify([error.problems, error.warnings]), 'hush')
  t.end()
})

t.test('shows the start alone of a huge value', t => {
  const [problem] = problemsOf(`NoOfBackDaysData=${'9'.repeat(100_000)}`)
  t.equal(problem?.value, `${'9'.repeat(100)}…`)
  t.end()
})

const parseBucket = (lines: string) =>
  parseSettings(Buffer.from(`Region=us-east-1\n${lines}\n`), 'x.ini')

t.test("Ceph's tenant:bucket is taken where there is an Endpoint", t => {
  for (const name of ['acme:logs', 'acme_1:my.logs', ':logs']) {
    const lines = `BucketName=${name}\nEndpoint=https://ceph.example`
    t.equal(parseBucket(lines).settings.BucketName, name)
    t.throws(() => parseBucket(`BucketName=${name}`), /BucketName .*Endpoint/)
  }
  for (const name of ['a:b:c', 'a/b', 'acme:'])
    t.throws(
      () => parseBucket(`BucketName=${name}\nEndpoint=https://x.example`),
      /tenant:bucket/,
    )
  t.end()
})

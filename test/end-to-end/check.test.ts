// `check` from outside: whatever is wrong is named for what it is, with the
// exit code of the contract, and nothing is left behind.

import { chmodSync, mkdirSync, readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import {
  putToday,
  startCollector,
  type Collector,
} from '../lib/hosts/collector.ts'
import { folderState } from '../lib/files/folder-state.ts'
import { runProgram } from '../lib/hosts/run-program.ts'

interface Finding {
  name: string
  ok: boolean
  level: string
  message: string
}

const SECRET = 'a test secret'
const ID = 'AKIAIOSFODNN7EXAMPLE'
const NO_ENV = {
  AWS_ACCESS_KEY_ID: undefined,
  AWS_SECRET_ACCESS_KEY: undefined,
  AWS_EC2_METADATA_DISABLED: 'true',
}

/** Starts a bucket with one object of today, and an ini with keys in it. */
async function start(
  t: Test,
  settings: Record<string, string | number> = {},
): Promise<Collector> {
  const collector = await startCollector(t, {
    AccessKeyId: ID,
    SecretAccessKey: SECRET,
    // A longer one would be warned of.
    MaxCycleSeconds: 20,
    ...settings,
  })
  collector.s3.credentials.set(ID, { secret: SECRET })
  putToday(collector.s3, 'a', 3)
  chmodSync(collector.ini, 0o600)
  return collector
}

/** Runs check --json; the findings that are not ok, and the exit code. */
async function check(
  t: Test,
  { run, folder }: Pick<Collector, 'run' | 'folder'>,
): Promise<{ code: number; bad: Finding[]; findings: Finding[] }> {
  const before = readdirSync(folder)
  const { code, stdout, stderr } = await run(['check', '--json'], NO_ENV)
  t.strictSame(readdirSync(folder), before, 'nothing is left behind')
  t.notMatch(stdout + stderr, SECRET)
  t.notMatch(stdout, ID)
  t.equal(stderr, '')
  const { findings, verdict, exit } = JSON.parse(stdout) as {
    findings: Finding[]
    verdict: string
    exit: number
  }
  t.equal(exit, code)
  t.match(verdict, code === 0 ? /^all is well$|run$/ : `exit code ${code}`)
  for (const { name, message, ok, level } of findings) {
    t.match(name, /^[a-z_]+$/)
    t.match(message, /\S/)
    t.equal(ok, level !== 'fail')
  }
  return { code, findings, bad: findings.filter(({ ok }) => !ok) }
}

t.test('all is well', async t => {
  const collector = await start(t)
  const { s3, run, folder } = collector
  const { code, bad, findings } = await check(t, collector)
  t.equal(code, 0)
  t.strictSame(bad, [])
  for (const name of 'settings files endpoint credentials bucket region list clock folders patterns newest get decode cursor buffer interval'.split(
    ' ',
  ))
    t.ok(
      findings.some(finding => finding.name === name),
      name,
    )
  t.strictSame(
    findings.filter(({ level }) => level === 'warn').map(({ name }) => name),
    ['settings'],
    'the plain keys',
  )
  t.match(
    findings.find(({ name }) => name === 'credentials')?.message,
    'AKIA…MPLE from the ini',
  )
  t.equal(s3.count('GET'), 1)
  const text = await run(['check'])
  for (const line of text.stdout.trimEnd().split('\n'))
    t.match(line, /^(ok {2}|warn|fail) [a-z_]+: \S/)
  t.match(text.stdout, /\nwarn verdict: 1 warning: collect would run\n$/)
  t.match(text.stdout, /\nok {3}user: .*uid \d+\) runs this/)
  t.equal(text.stderr, '')

  await run()
  const before = folderState(folder)
  const again = await check(t, collector)
  t.equal(again.code, 0)
  t.match(
    again.findings.find(({ name }) => name === 'last_cycle')?.message,
    /cycle 1 ended .* ago: done/,
  )
  t.strictSame(folderState(folder), before, 'the cursor is as it was')
  t.notOk(readdirSync(folder).some(name => name.endsWith('.lock')))
})

t.test('each mistake is named for what it is', async t => {
  const collector = await start(t)
  const { s3, configure } = collector
  for (const [name, code, text, settings] of [
    ['credentials', 3, /SignatureDoesNot/, { SecretAccessKey: 'wrong' }],
    ['credentials', 3, /AKID….*deleted/, { AccessKeyId: 'AKIDWRONG' }],
    [
      'credentials',
      3,
      /set AccessKeyId/,
      { AccessKeyId: '', SecretAccessKey: '' },
    ],
    ['bucket', 3, /NoSuchBucket.*check BucketName/, { BucketName: 'lgs' }],
    ['region', 3, /set Region to us-east-1/, { Region: 'eu-west-1' }],
    [
      'folders',
      1,
      /awslogs\/ matches nothing.*AWSLogs\//,
      { FilePath: 'awslogs' },
    ],
    ['folders', 1, /set LogType=CloudTrail/, { LogType: 'VPCFlowLogs' }],
    ['folders', 1, /us-east-1/, { RegionFolders: 'us-wst-1' }],
    ['patterns', 1, /Inclusions.*a\.json\.gz/, { Inclusions: '*.txt' }],
    ['endpoint', 4, /ECONNREFUSED/, { Endpoint: 'http://127.0.0.1:1' }],
    ['endpoint', 4, /ENOTFOUND/, { Endpoint: 'http://no-such-host.invalid' }],
    [
      'endpoint',
      4,
      /http:\/\//,
      { Endpoint: s3.endpoint.replace('p:', 'ps:') },
    ],
    ['settings', 2, /Region .*CHANGE_THIS/, { Region: 'CHANGE_THIS' }],
  ] as const) {
    configure(settings)
    const result = await check(t, collector)
    t.equal(result.code, code, name)
    t.strictSame(
      result.bad.map(finding => finding.name),
      [name],
      JSON.stringify(result.bad),
    )
    t.match(result.bad[0]?.message, text)
  }
})

t.test('a permission that is missing is named', async t => {
  const collector = await start(t)
  const { s3 } = collector
  for (const [kind, message, name, text] of [
    ['LIST', 'no', 'list', 'allow s3:ListBucket on arn:aws:s3:::logs with'],
    ['GET', 'no', 'get', 'allow s3:GetObject on arn:aws:s3:::logs/AWSLogs/*'],
    ['GET', 'not authorized to perform: kms:Decrypt', 'get', 'allow kms:Decr'],
  ] as const) {
    s3.fault = request =>
      request.kind === kind
        ? { status: 403, code: 'AccessDenied', message }
        : undefined
    const { code, bad } = await check(t, collector)
    t.equal(code, 3)
    t.equal(bad.length, 1)
    t.equal(bad[0]?.name, name)
    t.match(bad[0]?.message, text)
  }
})

t.test('the cursor of another bucket, and two faults at once', async t => {
  const collector = await start(t)
  const { run, configure } = collector
  await run()
  configure({ LogType: 'VPCFlowLogs' })
  const { code, bad } = await check(t, collector)
  t.equal(code, 5, 'the worst first')
  t.strictSame(
    bad.map(({ name }) => name),
    ['folders', 'cursor'],
  )
})

const skip = process.getuid?.() === 0 && 'root may write everywhere'

t.test('a cursor folder that cannot be written', { skip }, async t => {
  const collector = await start(t)
  const closed = join(collector.folder, 'closed')
  mkdirSync(closed)
  collector.configure({ StateFile: 'closed/cursor' })
  chmodSync(closed, 0o500)
  t.teardown(() => chmodSync(closed, 0o700))
  const { code, bad } = await check(t, collector)
  t.equal(code, 5)
  t.match(bad, [{ name: 'cursor', message: /EACCES.*closed/ }])
})

t.test('an endpoint that never answers', async t => {
  const server = createServer(() => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as { port: number }
  const collector = await start(t)
  collector.configure({ Endpoint: `http://127.0.0.1:${port}` })
  const { code, bad } = await check(t, collector)
  t.equal(code, 4)
  t.match(bad, [{ name: 'endpoint', message: /no byte came for/ }])
})

t.test('requests are lines of JSON on stderr, usage too', async t => {
  const { run } = await start(t, { LogApiRequests: 'true' })
  // A line that is no JSON throws.
  const { events, stderr, code } = await run(['check'])
  t.equal(code, 0)
  t.ok(events.length >= 3)
  for (const { event } of events) t.equal(event, 'request')
  t.notMatch(stderr, SECRET)
  t.match(await runProgram(['check']), { code: 2, stdout: '' })
})

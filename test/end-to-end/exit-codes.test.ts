// What goes wrong at the edges of a cycle: the exit code a person sees, and
// one clear line that says what to do. stdout stays empty.

import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import {
  cloudTrailObject,
  daysAgo,
  putToday,
  startCollector,
  trailKey,
} from '../lib/hosts/collector.ts'
import { runProgram, type Run } from '../lib/hosts/run-program.ts'

const oneError = (t: Test, run: Run, code: number, pattern: RegExp) => {
  t.equal(run.code, code)
  t.equal(run.stdout, '')
  const errors = run.events.filter(({ level }) => level === 'error')
  t.equal(errors.length, 1, 'one clear line')
  t.match(errors[0]?.['message'], pattern)
}

t.test('refused or not reached', async t => {
  const { s3, run, configure } = await startCollector(t)
  putToday(s3, 'a', 1)
  const wrongSecret = { AWS_SECRET_ACCESS_KEY: 'wrong' }
  oneError(t, await run(['collect'], wrongSecret), 3, /SignatureDoesNotMatch/)
  const wrongId = { AWS_ACCESS_KEY_ID: 'AKIDWRONG' }
  oneError(t, await run(['collect'], wrongId), 3, /InvalidAccessKeyId/)
  configure({ BucketName: 'missing' })
  oneError(t, await run(), 3, /NoSuchBucket.*BucketName/)
  configure({ Region: 'eu-west-1' })
  oneError(t, await run(), 3, /Region.*us-east-1/)
  configure({ Endpoint: 'http://127.0.0.1:9' })
  oneError(t, await run(), 4, /ECONNREFUSED/)
  configure({})
  t.equal((await run()).records.length, 1, 'nothing of this harmed the cursor')
})

t.test('the same when leaves are known already', async t => {
  const { s3, run, configure } = await startCollector(t, {
    DiscoveryMinutes: 60,
  })
  for (let region = 1; region < 12; region++)
    s3.put(
      trailKey(daysAgo(0), 'a', { region: `eu-west-${region}` }),
      cloudTrailObject(1),
    )
  t.equal((await run()).records.length, 11)
  const wrongSecret = { AWS_SECRET_ACCESS_KEY: 'wrong' }
  oneError(t, await run(['collect'], wrongSecret), 3, /SignatureDoesNotMatch/)
  configure({ Endpoint: 'http://127.0.0.1:9' })
  oneError(t, await run(), 4, /ECONNREFUSED/)
})

t.test('settings and usage', async t => {
  const { ini, folder, configure, run } = await startCollector(t)
  configure({
    MaxResultCount: 5000,
    NoOfBackDaysData: 'x',
    Region: 'CHANGE_THIS',
  })
  const run1 = await run()
  t.equal(run1.code, 2)
  t.equal(run1.stdout, '')
  const problems = run1.events.filter(({ level }) => level === 'error')
  t.strictSame(
    problems.map(({ setting }) => setting).toSorted(),
    ['MaxResultCount', 'NoOfBackDaysData', 'Region'],
    'all problems at once',
  )
  for (const args of [
    ['colect', '--config', ini],
    ['collect', '--config', join(folder, 'missing.ini')],
    ['collect'],
    ['--frobnicate'],
  ]) {
    const run = await runProgram(args)
    t.equal(run.code, 2, args.join(' '))
    t.equal(run.stdout, '')
  }
})

t.test("a cursor that cannot be used, or is another bucket's", async t => {
  const { s3, ini, folder, run, configure } = await startCollector(t)
  putToday(s3, 'a', 1)
  await run()
  configure({ BucketName: 'other' })
  oneError(t, await run(), 5, /bucket/)
  configure({ LogType: 'VPCFlowLogs' })
  oneError(t, await run(), 5, /VPCFlowLogs|CloudTrail/)
  configure({})
  writeFileSync(`${ini}.cursor`, 'rubbish\nmore rubbish\nand more\n')
  oneError(t, await run(), 5, /cursor/)
  mkdirSync(join(folder, 'a-folder'))
  configure({ StateFile: 'a-folder' })
  oneError(t, await run(), 5, /a-folder/)
  chmodSync(join(folder, 'a-folder'), 0o700)
})

t.test(
  'a mistyped LogType or bucket of which nothing was met binds no cursor',
  async t => {
    const { s3, ini, run, configure } = await startCollector(t)
    putToday(s3, 'a', 1)
    configure({ LogType: 'VPCFlowLogs' })
    t.equal((await run()).code, 1)
    t.ok(existsSync(`${ini}.cursor`))
    configure({})
    const mended = await run()
    t.equal(mended.code, 0)
    t.equal(mended.records.length, 1)
    t.match(mended.stderr, /"cursor_taken_over".*begins anew/)
    t.notMatch((await run()).stderr, /cursor_taken_over/)
  },
)

t.test('works from any folder; --state overrides StateFile', async t => {
  const { s3, ini, folder, run, configure } = await startCollector(t)
  putToday(s3, 'a', 1)
  configure({ StateFile: 'from-ini' })
  t.equal((await run()).records.length, 1)
  t.equal((await run()).records.length, 0)
  const state = join(folder, 'from-command-line')
  t.equal((await run(['collect', '--state', state])).records.length, 1)
  t.equal((await run(['collect', '--state', state])).records.length, 0)
  t.ok(ini)
})

t.test('status names a bad object, retry queues it again', async t => {
  const { s3, ini, folder, run, configure } = await startCollector(t)
  configure({ MaxObjectAttempts: 1, LogFile: 'log' })
  t.match(await run(['status']), { code: 0, stdout: /^There is no cursor yet/ })
  const key = trailKey(daysAgo(0), 'bad')
  s3.put(key, cloudTrailObject(300, 300).subarray(0, 2000))
  t.equal((await run()).code, 1)
  const { code, stdout } = await run(['status', '--json'])
  t.equal(code, 0)
  const { last_cycle, leaves, failed, quarantined, late } = JSON.parse(stdout)
  t.strictSame([last_cycle.number, leaves.length, failed], [1, 1, []])
  t.strictSame(late, { found: 0, began: '', ended: '' })
  t.match(quarantined, [{ key, attempts: 1, next_cycle: null }])
  const text = await run(['status'])
  t.match(text.stdout, `s3://logs/${key}\n    attempts: 1`)

  s3.resetRequests()
  const before = readFileSync(`${ini}.cursor`)
  t.equal((await run(['retry'])).code, 2)
  t.equal((await run(['retry', `s3://other/${key}`])).code, 2)
  t.ok(readFileSync(`${ini}.cursor`).equals(before))
  const other = await run(['retry', 'other'])
  t.equal(other.code, 1)
  t.match(other.events, [{ event: 'not_quarantined', key: 'other' }])
  const queued = await run(['retry', `s3://logs/${key}`])
  t.equal(queued.code, 0)
  t.equal(queued.stdout, '1 object queued for the next cycle\n')
  t.equal(s3.requests.length, 0, 'all that without S3')
  s3.put(key, cloudTrailObject(300))
  t.equal((await run()).records.length, 300)
  t.equal((await run(['retry', '--all'])).stdout.slice(0, 9), '0 objects')

  configure({ MaxResultCount: 'x', LogFile: 'log' })
  t.equal((await run()).code, 2)
  t.match(readFileSync(join(folder, 'log'), 'utf8'), /MaxResultCount.*\n$/)
})

t.test('skip, init, help and version', async t => {
  const { s3, run } = await startCollector(t)
  putToday(s3, 'a', 3)
  s3.put(trailKey(daysAgo(1), 'b'), cloudTrailObject(3))
  t.match(await run(['skip']), { code: 0, stdout: /^2 objects/ })
  t.equal((await run()).stdout, '')
  putToday(s3, '0', 3)
  t.equal((await run()).records.length, 3)
})

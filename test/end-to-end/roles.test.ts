// A role with an external id, from outside: its sessions sign the requests to
// S3, end within a cycle, and what goes wrong at STS is named as STS's.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import t, { type Test } from 'tap'
import {
  cloudTrailObject,
  daysAgo,
  putToday,
  startCollector,
  trailKey,
  type Collector,
  USER_ENV,
} from '../lib/hosts/collector.ts'
import { differences, stockOf } from '../lib/cycle/exactly-once.ts'
import type { StandInS3 } from '../lib/s3/stand-in-s3.ts'
import { startSts, type StandInSts } from '../lib/s3/stand-in-sts.ts'
import type { Run } from '../lib/hosts/run-program.ts'

const ROLE = 'arn:aws:iam::444455556666:role/logs/reader'
const ID = 'external/4711'
const SECRETS = /a test secret|secret of session|token\/of|external\/4711/

interface World extends Collector {
  sts: StandInSts
  env: NodeJS.ProcessEnv
}

async function start(
  t: Test,
  settings: Record<string, string | number> = {},
): Promise<World> {
  const role = { RoleArn: ROLE, ExternalId: ID }
  const collector = await startCollector(t, { ...role, ...settings })
  const { s3 } = collector
  const sts = await startSts(t, (id, one) => s3.credentials.set(id, one))
  sts.credentials.set('AKIDTEST', { secret: 'a test secret' })
  sts.roles.set(ROLE, ID)
  // The caller itself may not read.
  s3.credentials.delete('AKIDTEST')
  return { ...collector, sts, env: { AWS_ENDPOINT_URL_STS: sts.endpoint } }
}

const errorOf = ({ events }: Run): unknown =>
  events.find(({ level }) => level === 'error')?.['message']

t.test('its sessions sign the requests to S3', async t => {
  const { s3, sts, run, env, configure } = await start(t)
  for (const region of ['us-east-1', 'eu-west-1', 'eu-west-2'])
    s3.put(trailKey(daysAgo(0), 'a', { region }), cloudTrailObject(3))
  configure({ LogApiRequests: 'true' })
  const cycle = await run(['collect'], env)
  t.equal(cycle.code, 0, cycle.stderr)
  t.equal(cycle.records.length, 9)
  t.equal(sts.calls.length, 1, 'one session for all')
  t.match(sts.calls, [
    { asker: 'AKIDTEST', parameters: { RoleArn: ROLE, ExternalId: ID } },
  ])
  const check = await run(['check'], env)
  t.equal(check.code, 0)
  t.match(
    check.stdout,
    new RegExp(
      `ok +credentials: ASIA… of ${ROLE}, assumed with its ExternalId by AKID… from the environment.*, until \\d{4}-\\d\\d-\\d\\dT.*: S3 takes them`,
    ),
  )
  for (const { stdout, stderr } of [cycle, check])
    t.notMatch(stdout + stderr, SECRETS)
})

t.test('what goes wrong is named as the fault of STS', async t => {
  const { run, env, configure, s3 } = await start(t)
  configure({ ExternalId: 'another' })
  const denied = /assuming .*reader at STS .*AccessDenied.*trust policy/
  const cycle = await run(['collect'], env)
  t.equal(cycle.code, 3)
  t.match(errorOf(cycle), denied)
  const check = await run(['check'], env)
  t.equal(check.code, 3)
  t.match(check.stdout, new RegExp(`^fail credentials: ${denied.source}`, 'm'))
  env['AWS_ENDPOINT_URL_STS'] = 'http://127.0.0.1:9'
  const unreached = await run(['check'], env)
  t.equal(unreached.code, 4)
  t.match(unreached.stdout, /^fail credentials: .* at STS .*ECONNREFUSED/m)
  for (const { stdout, stderr } of [cycle, check, unreached])
    t.notMatch(stdout + stderr, SECRETS)
  t.equal(s3.requests.length, 0)
})

/** Ends all sessions when S3 is asked for the object of one of these numbers. */
function expireAt(s3: StandInS3, ...numbers: number[]): void {
  let gets = 0
  s3.fault = ({ kind }) => {
    if (kind === 'GET' && numbers.includes(++gets))
      for (const credential of s3.credentials.values()) credential.expires = 1
    return undefined
  }
}

t.test('sessions that end within a cycle', async t => {
  const { s3, sts, run, env } = await start(t)
  for (let index = 0; index < 60; index++) putToday(s3, `n-${index}`, 20)
  expireAt(s3, 15, 30, 45)
  const cycle = await run(['collect'], env)
  t.equal(cycle.code, 0, cycle.stderr)
  t.strictSame(differences(stockOf(s3), [cycle]), [])
  t.equal(sts.calls.length, 4, 'each is replaced once for all requests')
  t.ok(s3.requests.filter(({ status }) => status === 400).length >= 3)
})

t.test('an STS that is gone in mid-cycle harms no object', async t => {
  const { s3, sts, run, env } = await start(t)
  for (let index = 0; index < 60; index++) putToday(s3, `n-${index}`, 5)
  expireAt(s3, 20)
  sts.fault = () => (sts.calls.length > 1 ? 'cut' : undefined)
  const broken = await run(['collect'], env)
  t.equal(broken.code, 4)
  t.match(errorOf(broken), /no valid credentials.* at STS .*ECONNRESET/)
  t.match(broken.summary, { objects_failed: 0 })
  t.ok(broken.records.length > 0)
  sts.fault = undefined
  const whole = await run(['collect'], env)
  t.equal(whole.code, 0)
  t.strictSame(differences(stockOf(s3), [broken, whole]), [])
})

t.test('a signal while STS hangs', async t => {
  const { sts, env, ini } = await start(t)
  const asked = new Promise<void>(resolve => {
    sts.fault = () => {
      resolve()
      return 'hang'
    }
  })
  const program = spawn(
    process.execPath,
    [resolve('dist/lr-s3-input.cjs'), 'collect', '--config', ini],
    {
      env: {
        ...USER_ENV,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  )
  program.stdout.resume()
  await asked
  program.kill('SIGTERM')
  t.strictSame(await once(program, 'exit'), [0, null])
})

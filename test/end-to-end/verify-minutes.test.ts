// VerifyMinutes, by the built program: cycles that have time left prove the
// last whole hours, tell once what they could not prove, and go on over cycles.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { gzipSync } from 'node:zlib'
import { startCloudTrail } from '../lib/s3/stand-in-cloudtrail.ts'
import type { Run } from '../lib/hosts/run-program.ts'
import {
  HOUR,
  signingKey,
  type MadeDigest,
  type MadeLog,
} from '../lib/verify/chain-maker.ts'
import {
  startDigestWorld,
  type DigestWorld,
} from '../lib/verify/digest-world.ts'

const ON = { VerifyMinutes: 30, EmitHeartbeat: 'true' }

// One that is asked for keys and is not there.
const INTO_FILES =
  'echo $$ >pid; AWS_ENDPOINT_URL_CLOUDTRAIL=http://127.0.0.1:9 exec "$@" >out 2>err'

interface Proving extends DigestWorld {
  /** Runs a cycle; with the heartbeat, and what it said of its proof. */
  cycle(): Promise<Run & { beat: object; said: string[] }>
  /** Lets an hour pass, in which the next digest comes. */
  pass(hours?: number): MadeDigest[]
}

async function startProving(
  t: Test,
  settings: Readonly<Record<string, string | number>> = {},
  isAllowed = true,
): Promise<Proving & { calls: () => number }> {
  const world = await startDigestWorld(t, {}, { ...ON, ...settings })
  const trail = await startCloudTrail(t)
  const { s3, to } = world
  const hour = to + 2 * HOUR
  trail.keys = [signingKey('key', hour - 720 * HOUR, hour + 720 * HOUR)]
  trail.clock = s3.clock
  trail.credentials.set('AKIDTEST', { secret: 'a test secret' })
  if (!isAllowed)
    trail.fault = () => ({ status: 400, code: 'AccessDeniedException' })
  let last = world.chain.at(-1) as MadeDigest
  let passed = 0
  const began = s3.clock
  const cycle: Proving['cycle'] = async () => {
    const run = await world.run(['collect'], {
      AWS_ENDPOINT_URL_CLOUDTRAIL: trail.endpoint,
    })
    const names = ['verified', 'not_proved', 'not_verified']
    const said = run.events
      .filter(({ event }) => names.includes(String(event)))
      .map(({ event, message }) => `${String(event)}: ${String(message)}`)
    const beat = run.records.at(-1) ?? {}
    return { ...run, beat, said }
  }
  const pass: Proving['pass'] = (hours = 1) => {
    const chain = world.more({ start: last.end, hours, previous: last })
    last = chain.at(-1) as MadeDigest
    passed += hours
    s3.clock = trail.clock = () => began() + passed * HOUR
    return chain
  }
  return { ...world, cycle, pass, calls: () => trail.calls.length }
}

const iso = (time: number): string => new Date(time).toISOString()

t.test('all is proved, hour by hour, as often as is asked for', async t => {
  const world = await startProving(t)
  const { to, cycle, pass, s3, run } = world
  const first = await cycle()
  t.equal(first.code, 0, first.stderr)
  t.match(first.said, [/^verified: proved from .*: 12 logs of 6 digests$/])
  t.match(first.beat, {
    status: 'ok',
    verified_until: iso(to),
    not_proved: 0,
    quantity: 24,
  })
  t.match(first.summary, { verified_until: iso(to), not_proved: 0 })
  t.equal(first.summary['lists'], s3.count('LIST'), 'all are counted')
  t.equal(first.summary['gets'], 12 + 6)

  const second = await cycle()
  t.strictSame(second.said, [], 'none is due')
  t.match(second.beat, { status: 'ok', verified_until: iso(to) })

  pass()
  const third = await cycle()
  t.match(third.said, [/^verified: proved from .*: \d logs of [12] digests?$/])
  t.match(third.beat, { verified_until: iso(to + HOUR), not_proved: 0 })

  const status = await run(['status', '--json'])
  t.match(JSON.parse(status.stdout), {
    verified_until: iso(to + HOUR),
    not_proved: 0,
    last_cycle: { lists: third.summary['lists'], exit: 0 },
  })
  t.match((await run(['status'])).stdout, /^Verified +until /m)
})

t.test('a log that is gone, a digest that is gone', async t => {
  const world = await startProving(t)
  const { to, cycle, pass, s3 } = world
  await cycle()
  const [digest] = pass()
  await cycle()
  pass()
  s3.delete(String(digest?.logs[0]?.key))
  const lost = await cycle()
  t.equal(lost.code, 0, 'what was proved is not asked again')
  const next = pass()
  const gone = String(next[0]?.logs[1]?.key)
  s3.delete(gone)
  const missing = await cycle()
  t.equal(missing.code, 1)
  const range = `--from ${iso(to + 2 * HOUR).slice(0, 16)}Z --to ${iso(to + 3 * HOUR).slice(0, 16)}Z`
  t.equal(missing.said.length, 1)
  t.match(missing.said[0], `run \`verify ${range}\`; ${gone}: missing from`)
  t.match(missing.beat, {
    status: 'partial',
    reason: /^not proved from .*: 1; run `verify /,
    verified_until: iso(to + 3 * HOUR),
    not_proved: 1,
  })
  const after = await cycle()
  t.equal(after.code, 0, 'told once')
  t.match(after.beat, { status: 'ok', not_proved: 1 })
  t.match(JSON.parse((await world.run(['status', '--json'])).stdout), {
    not_proved: 1,
    last_cycle: { exit: 0 },
  })
  const more = pass(3)
  s3.delete(String(more[1]?.key))
  const gap = await cycle()
  t.equal(gap.code, 1)
  t.match(gap.said[0], `${more[1]?.key}: `)
  t.match(gap.beat, { not_proved: 1, verified_until: iso(to + 6 * HOUR) })
})

t.test('what the cursor never met is not collected', async t => {
  const world = await startProving(t)
  const { to, cycle } = world
  // Digests name it, and discovery finds it only after this cycle.
  world.configure({ ...ON, DiscoveryMinutes: 1440, VerifyMinutes: 0 })
  await cycle()
  const [digest] = world.more({ region: 'eu-west-1' })
  world.configure({ ...ON, DiscoveryMinutes: 1440 })
  const run = await cycle()
  t.equal(run.code, 1)
  t.match(run.beat, { not_proved: 12, verified_until: iso(to) })
  t.match(run.said[0], `${digest?.logs[0]?.key}: not collected; `)
  t.match(run.said[0], '; and 9 more')
})

t.test('without the permission to ask for keys', async t => {
  const world = await startProving(t, {}, false)
  world.more({ region: 'eu-west-1' })
  world.more({ region: 'us-west-2' })
  const run = await world.cycle()
  t.equal(run.code, 0, run.stderr)
  t.match(run.said, [
    /^verified: .*; signatures of \S+ are not checked: .*AccessDenied/,
  ])
  t.match(run.beat, { status: 'ok', not_proved: 0 })
  t.equal(world.calls(), 3, 'each region is asked once')
})

t.test('without any digests', async t => {
  const world = await startProving(t)
  const { s3, chain } = world
  for (const { key } of chain) s3.delete(key)
  const run = await world.cycle()
  t.equal(run.code, 1)
  t.match(run.said[0], 'no digests are there for it')
  t.match(run.said[0], '--enable-log-file-validation')
  t.equal((await world.cycle()).code, 0)
})

t.test('off it costs nothing', async t => {
  const world = await startDigestWorld(t, {}, { EmitHeartbeat: 'true' })
  const { run, s3 } = world
  const off = await run(['collect'])
  const asked = s3.requests.map(({ prefix, key }) => prefix ?? key ?? '')
  t.notOk(asked.some(name => name.includes('CloudTrail-Digest/')))
  t.notOk(Object.hasOwn(off.summary, 'not_proved'))
  t.notOk(Object.hasOwn(off.records.at(-1) ?? {}, 'not_proved'))
})

t.test('a log that is another one than was collected', async t => {
  const world = await startProving(t, { SweepMinutes: 1440, VerifyMinutes: 0 })
  const { logs, s3, cycle } = world
  await cycle()
  const { key, modified } = logs[3] as MadeLog
  s3.put(key, gzipSync('{"Records":[{"eventName":"Other"}]}'), { modified })
  world.configure({ ...ON, SweepMinutes: 1440 })
  const run = await cycle()
  t.equal(run.code, 1)
  t.match(run.said, [`; ${key}: not collected`])
  t.match(run.beat, { status: 'partial', not_proved: 1 })
  t.equal(run.records.length, 1, 'the heartbeat alone')
})

const REGIONS = ['eu-west-1', 'us-east-1', 'us-west-2']
const digestLists = ({ s3 }: DigestWorld, region: string): number =>
  s3.requests.filter(({ prefix = '' }) =>
    prefix.includes(`/CloudTrail-Digest/${region}/`),
  ).length

t.test('cut by time, it goes on where it stopped', async t => {
  const world = await startProving(t, { MaxCycleSeconds: 5 })
  const { s3, to, cycle } = world
  for (const region of REGIONS)
    if (region !== 'us-east-1') world.more({ region })
  s3.fault = ({ prefix = '' }) =>
    prefix.includes('/CloudTrail-Digest/us-west-2/')
      ? { kind: 'delay', ms: 60_000 }
      : undefined
  const cut = await cycle()
  t.equal(cut.code, 0, cut.stderr)
  t.ok(Number(cut.summary['duration_ms']) < 5000, 'the cycle ends in time')
  t.strictSame(cut.said, [])
  t.match(cut.beat, { status: 'ok', not_proved: 0, quantity: 72 })
  t.notOk(Object.hasOwn(cut.beat, 'verified_until'))

  s3.fault = undefined
  s3.requests.length = 0
  const whole = await cycle()
  t.match(whole.said, [/^verified: .*: 36 logs of 18 digests$/])
  t.match(whole.beat, { status: 'ok', verified_until: iso(to) })
  t.strictSame(
    REGIONS.map(region => digestLists(world, region) > 0),
    [false, false, true],
  )
})

t.test('a folder that takes longer than cycles have', async t => {
  const world = await startProving(t, { MaxCycleSeconds: 5 })
  const { s3, to, cycle } = world
  world.more({ region: 'us-west-2' })
  s3.fault = ({ prefix = '' }) =>
    prefix.includes('/CloudTrail-Digest/us-west-2/')
      ? { kind: 'delay', ms: 60_000 }
      : undefined
  await cycle()
  for (const _ of [1, 2, 3]) t.strictSame((await cycle()).said, [])
  const given = await cycle()
  t.equal(given.code, 1)
  t.match(given.said, [
    '; AWSLogs/111122223333/CloudTrail-Digest/us-west-2/: its proof takes longer',
  ])
  t.match(given.beat, { not_proved: 1, verified_until: iso(to) })
})

t.test('a killed cycle', async t => {
  const world = await startProving(t)
  const { s3, to, cycle, folder } = world
  world.more({ region: 'us-west-2' })
  let isKilled = false
  s3.fault = ({ prefix = '' }) => {
    if (isKilled || !prefix.includes('/CloudTrail-Digest/us-west-2/'))
      return undefined
    isKilled = true
    process.kill(Number(readFileSync(join(folder, 'pid'))), 'SIGKILL')
    return undefined
  }
  await world.script(INTO_FILES)
  t.ok(isKilled)
  const out = readFileSync(join(folder, 'out'), 'utf8')
  t.equal(out.split('\n').length - 1, 48)
  const next = await cycle()
  t.equal(next.code, 0, next.stderr)
  t.match(next.said, [/^verified: .*: 24 logs of 12 digests$/])
  t.match(next.beat, { quantity: 0, verified_until: iso(to) })
})

t.test('a signal while it proves', async t => {
  const world = await startProving(t)
  const { s3, folder, cycle } = world
  s3.fault = ({ prefix = '' }) => {
    if (!prefix.includes('/CloudTrail-Digest/')) return undefined
    process.kill(Number(readFileSync(join(folder, 'pid'))), 'SIGTERM')
    return { kind: 'delay', ms: 60_000 }
  }
  await world.script(INTO_FILES)
  s3.fault = undefined
  const said = readFileSync(join(folder, 'err'), 'utf8')
  t.match(said, '"event":"summary"')
  t.notMatch(said, '"level":"warning","event":"not_')
  const next = await cycle()
  t.match(next.beat, { quantity: 0, status: 'ok', not_proved: 0 })
  t.match(next.said, [/^verified: /])
})

// VerifyMinutes, by the built program: cycles that have time left prove the
// last whole hours, tell once what they could not prove, and go on over cycles.

import t, { type Test } from 'tap'
import { startCloudTrail } from '../lib/s3/stand-in-cloudtrail.ts'
import type { Run } from '../lib/hosts/run-program.ts'
import { HOUR, signingKey, type MadeDigest } from '../lib/verify/chain-maker.ts'
import {
  startDigestWorld,
  type DigestWorld,
} from '../lib/verify/digest-world.ts'

const ON = { VerifyMinutes: 30, EmitHeartbeat: 'true' }

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

t.test('a log that is not collected, a digest that is gone', async t => {
  const world = await startProving(t)
  const { to, cycle, pass, chain, s3 } = world
  await cycle()
  const [digest] = pass()
  const [log] = (digest as MadeDigest).logs
  // It is what it was by its name, and not by its size.
  const key = String(log?.key)
  await cycle()
  t.pass()
  pass()
  s3.delete(key)
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
  t.ok(chain.length > 0)
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
  t.equal(world.calls(), 1, 'it is asked once')
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

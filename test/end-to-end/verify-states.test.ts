// What `verify` says of logs that were not simply collected, and of chains that
// are not simply whole, by the built program.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { gzipSync } from 'node:zlib'
import { thisProcess } from '../../src/cursor/lock/lock-holder.ts'
import { untilThere } from '../lib/hosts/interrupted-run.ts'
import {
  startDigestWorld,
  type DigestWorld,
} from '../lib/verify/digest-world.ts'
import { HOUR, objectsOf } from '../lib/verify/chain-maker.ts'

const at = (time: number): string => new Date(time).toISOString()

/** Verifies in JSON. */
async function answer(
  { verify }: DigestWorld,
  ...args: string[]
): Promise<{ code: number; leaves: object[]; [name: string]: unknown }> {
  const { code, stdout } = await verify('--json', ...args)
  return { code, ...JSON.parse(stdout) }
}

t.test('a whole leaf that the cursor does not know', async t => {
  const world = await startDigestWorld(t)
  await world.run()
  const other = world.more({ region: 'eu-west-1' })
  const keys = other.flatMap(({ logs }) => logs.map(({ key }) => key))
  const { code, fails, last } = await world.verify()
  t.equal(code, 1)
  t.strictSame(
    fails,
    keys.map(key => `${key}: not collected`),
  )
  t.match(last, /: 12 logs not collected\.$/)
  await world.run()
  t.match(await world.verify(), { code: 0, fails: [] })
})

t.test('one object that the cursor lacks', async t => {
  const world = await startDigestWorld(t)
  const { s3, logs, run } = world
  const one = logs[4] as (typeof logs)[0]
  s3.delete(one.key)
  await run()
  world.put(one)
  const { code, fails } = await world.verify()
  t.equal(code, 1)
  t.strictSame(fails, [`${one.key}: not collected`])
  t.match(await answer(world), {
    leaves: [{ logs: 12, collected: 11, not_collected: [one.key] }],
  })
})

t.test('skipped ones are never called collected', async t => {
  const world = await startDigestWorld(t)
  t.equal((await world.run(['skip'])).code, 0)
  const { code, stdout, last } = await world.verify()
  t.equal(code, 0)
  t.match(last, / was collected, or was skipped by you \(12\)\.$/)
  t.notMatch(stdout, /all collected/)
  t.match(await answer(world), { leaves: [{ collected: 0, skipped: 12 }] })
})

t.test('what is pending, and a collector that does not run', async t => {
  const world = await startDigestWorld(t)
  const { s3, logs, run } = world
  const { clock } = s3
  // Its last cycle ended before the newest two logs came.
  const newest = logs.slice(-2)
  const began = (newest[0]?.modified ?? 0) - 60_000
  const shift = began - clock()
  s3.clock = () => clock() + shift
  for (const { key } of newest) s3.delete(key)
  await run()
  s3.clock = clock
  world.put(...newest)
  const stands = await world.verify()
  t.equal(stands.code, 1)
  t.match(stands.fails, [/^the collector does not run: its last cycle ended/])
  t.match(await answer(world), {
    leaves: [{ collected: 10, pending: 2, not_collected: [] }],
  })
  await run()
  t.match(await world.verify(), { code: 0, fails: [] })
})

t.test('failed and quarantined ones are not collected', async t => {
  const world = await startDigestWorld(t, {}, { MaxObjectAttempts: 2 })
  const { s3, logs, run, configure } = world
  const [failed, quarantined] = [logs[1], logs[2]] as [
    (typeof logs)[0],
    (typeof logs)[0],
  ]
  const modified = quarantined.modified
  s3.put(quarantined.key, gzipSync('no log'), { modified })
  for (let cycle = 0; cycle < 3; cycle++) await run()
  s3.put(failed.key, gzipSync('{'), { modified: failed.modified })
  configure({ MaxObjectAttempts: 9 })
  await run()
  const { code, fails } = await world.verify()
  t.equal(code, 1)
  t.match(fails, [
    `${failed.key}: failed: `,
    `${quarantined.key}: quarantined: `,
  ])
  t.equal(fails.length, 2)
  t.match(fails[1], /`retry/)
})

t.test('a pause in the digests is a warning', async t => {
  const world = await startDigestWorld(t, {
    hours: 9,
    pause: { after: 3, hours: 2 },
  })
  await world.run()
  const { code, warns, fails, last } = await world.verify()
  t.equal(code, 0, fails.join('\n'))
  t.equal(warns.filter(line => /began its digests anew/.test(line)).length, 2)
  t.match(last, /was collected\.$/)
})

t.test('a log that only a backfill digest names was delivered', async t => {
  const world = await startDigestWorld(t)
  const backfill = world.more({ backfilledAfter: 5_400_000, hours: 2 })
  const keys = backfill.flatMap(({ logs }) => logs.map(({ key }) => key))
  const [lost = ''] = keys
  const kept = world.s3.objects.get(lost)
  world.s3.delete(lost)
  await world.run()
  world.put(...objectsOf(backfill).filter(({ key }) => key === lost))
  t.ok(kept)
  const { code, fails } = await world.verify()
  t.equal(code, 1)
  t.strictSame(fails, [`${lost}: not collected`])
  t.match(await answer(world), { leaves: [{ logs: 12 + keys.length }] })
})

t.test('no digests at all', async t => {
  const world = await startDigestWorld(t)
  await world.run()
  for (const { key } of world.chain) world.s3.delete(key)
  const { code, fails, last } = await world.verify()
  t.equal(code, 1)
  t.match(fails, [
    /12 objects lie in .* no digests are there/,
    /--enable-log-file-validation$/,
  ])
  t.match(last, /^Not proved/)
})

t.test('what the settings leave out is counted, and no failure', async t => {
  const world = await startDigestWorld(t, {}, { RegionFolders: 'us-east-1' })
  const other = world.more({ region: 'eu-west-1' })
  await world.run()
  world.s3.delete(other[2]?.key ?? '')
  t.match(await world.verify(), { code: 0, last: /the settings want/ })
  t.match(await answer(world), {
    leaves: [
      { region: 'eu-west-1', logs: 10, out_of_scope: 10, collected: 0 },
      { region: 'us-east-1', collected: 12 },
    ],
  })
  world.configure({ RegionFolders: 'us-east-1', Exclusions: '*_us-east-1_*' })
  t.match(await answer(world), {
    code: 0,
    leaves: [{}, { collected: 12, left_out: 0 }],
  })
})

t.test('what no digest names is a warning', async t => {
  const world = await startDigestWorld(t)
  const key = `${world.logs[3]?.key.replace('.json.gz', 'x.json.gz')}`
  const modified = world.logs[3]?.modified ?? 0
  world.s3.put(key, gzipSync('{"Records":[{}]}'), { modified })
  await world.run()
  const { code, warns } = await world.verify()
  t.equal(code, 0)
  t.ok(warns.includes(`${key}: no digest names it`))
  t.match(await answer(world), { leaves: [{ undigested: [key] }] })
})

t.test('a part of the time, and one that is no time yet', async t => {
  const world = await startDigestWorld(t)
  await world.run()
  const { chain, to } = world
  const from = chain[2]?.start ?? 0
  const some = await answer(
    world,
    '--from',
    at(from),
    '--to',
    at(from + 2 * HOUR),
  )
  t.match(some, { code: 0, leaves: [{ digests: 2, logs: 4 }] })
  const cut = await world.verify('--from', at(from), '--to', '2099-01-01')
  t.equal(cut.code, 0)
  t.match(cut.warns, [/later than the time that can be proved/])
  const beyond = await world.verify('--from', at(to + HOUR))
  t.match(beyond, { code: 2, stdout: '' })
})

t.test('signatures that cannot be checked', async t => {
  const world = await startDigestWorld(t)
  await world.run()
  const { code, stdout } = await world.run(['verify'])
  t.equal(code, 0)
  t.match(stdout, /^warn .*signatures of us-east-1 are not checked/m)
  t.match(stdout, /, by digests whose signatures were not checked, was/)
  const json = await world.run(['verify', '--json'])
  t.match(JSON.parse(json.stdout), { signatures: 'not checked' })
  world.file('keys.json', '{}')
  t.match(await world.verify(), { code: 2, stdout: '' })
})

t.test('another cycle at work', async t => {
  const world = await startDigestWorld(t)
  await world.run()
  const holder = { ...thisProcess(), token: 'd'.repeat(16) }
  writeFileSync(
    `${world.ini}.cursor.lock`,
    JSON.stringify({ ...holder, renewed: new Date().toISOString() }),
  )
  t.match(await world.verify(), { code: 0 })
})

t.test('days that went to the older file', async t => {
  const world = await startDigestWorld(t, { hours: 80 })
  const { s3, run, ini } = world
  const { clock } = s3
  for (const days of [3, 2.2, 1.4, 0.6, 0, 0]) {
    s3.clock = () => clock() - days * 24 * HOUR
    await run()
  }
  t.ok(existsSync(`${ini}.cursor.late`), 'there is one')
  const { code, fails, last } = await world.verify()
  t.strictSame(fails, [])
  t.equal(code, 0)
  t.match(last, / was collected\.$/)
  const old = world.logs[20] as (typeof world.logs)[0]
  s3.put(old.key, 'other bytes', { modified: old.modified })
  t.match(await world.verify(), {
    code: 1,
    fails: [`${old.key}: not collected`],
  })
})

t.test('a bucket that cannot be read, and a damaged cursor', async t => {
  const world = await startDigestWorld(t)
  await world.run()
  world.s3.fault = () => ({ status: 403, code: 'AccessDenied' })
  t.match(await world.verify(), { code: 3, stdout: '' })
  world.s3.fault = ({ prefix }) =>
    prefix?.includes('/CloudTrail/')
      ? { status: 403, code: 'AccessDenied' }
      : undefined
  const partly = await world.verify()
  t.equal(partly.code, 1)
  t.match(partly.last, /^Not proved .*: 12 logs not read, /)
  world.s3.fault = undefined
  writeFileSync(`${world.ini}.cursor`, 'damaged')
  t.match(await world.verify(), { code: 5, stdout: '' })
})

/** Verifies through a shell script in the test's folder. */
async function script(t: Test, world: DigestWorld, text: string) {
  const { folder } = world
  await world.script(`
    verify() { "$1" "$2" verify --config "${world.ini}" --keys "${world.keys}"; }
    ${text}`)
  const read = (name: string): string =>
    readFileSync(join(folder, name), 'utf8')
  t.equal(read('code').trim().length, 1)
  return read
}

t.test('what is refused in the middle ends the document', async t => {
  const world = await startDigestWorld(t)
  await world.run()
  world.more({ region: 'us-west-2' })
  let isRefused = false
  world.s3.fault = ({ prefix }) => {
    isRefused ||= prefix?.includes('Digest/us-west-2/2') === true
    return isRefused
      ? { status: 403, code: 'SignatureDoesNotMatch' }
      : undefined
  }
  t.match(await answer(world), {
    code: 3,
    proved: false,
    sentence: /^Not proved/,
  })
})

t.test('a reader that goes away, and a signal', async t => {
  const world = await startDigestWorld(t)
  await world.run()
  const gone = await script(
    t,
    world,
    `{ verify "$@" 2>err; echo $? >code; } | true`,
  )
  t.equal(gone('code'), '0\n')
  t.equal(gone('err'), '')
  world.s3.fault = ({ key }) => {
    if (!key?.includes('Digest')) return undefined
    writeFileSync(join(world.folder, 'stalled'), '')
    return { kind: 'stall' }
  }
  const stopped = await script(
    t,
    world,
    `"$1" "$2" verify --json --config "${world.ini}" --keys "${world.keys}" >out 2>err &
     ${untilThere('stalled')}
     kill -TERM $!; wait $!; echo $? >code`,
  )
  t.equal(stopped('code'), '1\n')
  t.match(JSON.parse(stopped('err')), { event: 'stopped', level: 'error' })
  t.match(JSON.parse(stopped('out')), { leaves: [], proved: false })
})

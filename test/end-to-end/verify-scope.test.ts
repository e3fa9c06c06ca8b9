// What `verify` says of what lies outside of what it can prove: ranges that the
// cursor does not know, leaves without digests, and settings that leave out all.

import t from 'tap'
import { HOUR } from '../lib/verify/chain-maker.ts'
import { startDigestWorld } from '../lib/verify/digest-world.ts'

const LEAF = 'AWSLogs/111122223333/CloudTrail/us-east-1/'
const dayOf = (time: number): string =>
  new Date(time).toISOString().slice(0, 10)

t.test('a FilePath that leads into a leaf', async t => {
  const { to } = await startDigestWorld(t, { hours: 1 })
  const FilePath = `${LEAF}${dayOf(to).slice(0, 4)}/`
  const world = await startDigestWorld(t, {}, { FilePath })
  await world.run()
  const { s3, chain, logs, verify } = world
  const isIn = ({ key }: { key: string }): boolean => key.startsWith(FilePath)
  const { code, fails } = await verify()
  t.equal(code, 0, fails.join('\n'))
  const [, , digest] = chain
  const log = logs.findLast(isIn)
  s3.delete(digest?.key ?? '')
  s3.delete(log?.key ?? '')
  const broken = await verify()
  t.equal(broken.code, 1)
  t.ok(broken.fails.some(line => line.includes(`${digest?.key}: it is not`)))
  t.ok(broken.fails.includes(`${log?.key}: missing from the bucket`))
})

t.test('a range before all that the cursor knows', async t => {
  const world = await startDigestWorld(t)
  await world.run()
  t.match(await world.verify('--to', '2020-01-31'), {
    code: 2,
    stdout: '',
    stderr: /nothing before 2020-02-01T00:00Z can be proved/,
  })
  const early = await world.verify('--from', '1970-01-01')
  t.equal(early.code, 0, early.fails.join('\n'))
  t.ok(early.warns.some(line => /earlier than all/.test(line)))
  t.notMatch(early.last, /1970/)
})

t.test('leaves that no digest is about', async t => {
  const world = await startDigestWorld(t)
  const { s3, more, run, verify } = world
  const other = more({ region: 'eu-west-1' })
  await run()
  for (const key of s3.objects.keys())
    if (key.includes('/eu-west-1/')) s3.delete(key)
  const gone = await verify()
  t.equal(gone.code, 1)
  t.match(gone.fails, [
    /eu-west-1\/: 12 objects were collected of .* neither logs nor digests/,
  ])
  t.equal(gone.fails.length, 1)
  await run()
  t.equal(
    (await verify()).code,
    1,
    'a cycle that found it gone changes nothing',
  )
  world.put(...other.flatMap(({ logs }) => logs))
  const unknown = more({ region: 'sa-east-1' })
  for (const { key } of unknown) s3.delete(key)
  const { code, fails } = await verify()
  t.equal(code, 1)
  t.match(fails, [
    /12 objects lie in .*eu-west-1\/ and no digests .*FilePath\?$/,
    /12 objects lie in .*sa-east-1\/ .* nothing of it was collected$/,
  ])
})

t.test('a folder whose digests are all older', async t => {
  const world = await startDigestWorld(t)
  const { more, run, verify, to } = world
  const old = more({ region: 'eu-west-1', hours: 60 })
  await run()
  for (const { key, end } of old) if (end > to - 50 * HOUR) world.s3.delete(key)
  const { code, fails } = await verify('--from', dayOf(to))
  t.equal(code, 1)
  t.match(fails, [/eu-west-1: no digest covers .*, so nothing is proved/])
})

t.test('settings that leave out all', async t => {
  const world = await startDigestWorld(t)
  await world.run()
  for (const settings of [{ RegionFolders: 'none' }, { Exclusions: '*' }]) {
    world.configure(settings)
    for (const { key } of world.logs) world.s3.delete(key)
    world.put(...world.logs.map(log => ({ ...log, body: Buffer.from('x') })))
    const { code, fails, last } = await world.verify()
    t.equal(code, 1)
    t.match(fails.at(-1), /^nothing to prove: the settings leave out/)
    t.match(last, /^Not proved/)
  }
})

// `verify` where S3, CloudTrail or time set the limits: what is not reached,
// other partitions of AWS, a signal in the middle, and a shard without leaves.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { untilThere } from '../lib/hosts/interrupted-run.ts'
import { startCloudTrail } from '../lib/s3/stand-in-cloudtrail.ts'
import { keysFile, signingKey } from '../lib/verify/chain-maker.ts'
import { startDigestWorld } from '../lib/verify/digest-world.ts'

t.test('S3 that is not reached', async t => {
  const world = await startDigestWorld(t)
  await world.run()
  world.configure({ Endpoint: 'http://127.0.0.1:9' })
  t.match(await world.verify(), { code: 4, stdout: '' })
})

t.test('China and GovCloud, asked region by region', async t => {
  const plan = { region: 'cn-north-1', homeRegion: 'cn-north-1' }
  const world = await startDigestWorld(t, plan)
  const gov = { region: 'us-gov-west-1', homeRegion: 'us-gov-west-1' }
  world.more({ ...gov, organization: 'o-abc', prefix: 'AWSLogs/gov/' })
  await world.run()
  const trail = await startCloudTrail(t)
  trail.credentials.set('AKIDTEST', { secret: 'a test secret' })
  trail.clock = world.s3.clock
  const day = 86_400_000
  trail.keys = [signingKey('key', world.to - 20 * day, world.to + 20 * day)]
  const env = { AWS_ENDPOINT_URL_CLOUDTRAIL: trail.endpoint }
  const whole = await world.run(['verify'], env)
  t.equal(whole.code, 0, whole.stdout)
  t.match(
    whole.stdout,
    /^Every log file that CloudTrail delivered .* was coll/m,
  )
  t.strictSame(
    new Set(trail.calls.map(({ region }) => region)),
    new Set(['cn-north-1', 'us-gov-west-1']),
  )
  trail.fault = ({ region }) =>
    region === 'cn-north-1'
      ? { status: 400, code: 'AccessDeniedException' }
      : undefined
  const partly = await world.run(['verify', '--json'], env)
  t.equal(partly.code, 0)
  const answer = JSON.parse(partly.stdout) as {
    signatures: string
    leaves: { findings: { code: string }[] }[]
  }
  t.equal(answer.signatures, 'not checked')
  t.strictSame(
    answer.leaves.map(({ findings }) => findings.map(({ code }) => code)),
    [['signatures-not-checked', 'not-recorded'], ['not-recorded']],
  )
})

t.test('a key whose fingerprint is not the MD5 of its bytes', async t => {
  const world = await startDigestWorld(t)
  await world.run()
  const day = 86_400_000
  const [from, to] = [world.to - 20 * day, world.to + 20 * day]
  const key = signingKey('key', from, to)
  const { fingerprint } = signingKey('other', from, to)
  world.file('keys.json', keysFile({ ...key, fingerprint }))
  const none = await world.verify()
  t.match(none, { code: 2, stdout: '', stderr: /no key that can be used/ })
  world.file(
    'keys.json',
    keysFile({ ...key, fingerprint }, signingKey('third', from, to)),
  )
  const refused = await world.verify()
  t.equal(refused.code, 1)
  t.ok(refused.warns.some(line => /a public key of .* is refused/.test(line)))
  t.equal(refused.fails.length, world.chain.length)
})

t.test(
  'a signal in the middle ends it before what is awaited does',
  async t => {
    const world = await startDigestWorld(t)
    await world.run()
    const marker = join(world.folder, 'stalled')
    world.s3.fault = ({ key }) => {
      if (!key?.includes('/CloudTrail/')) return undefined
      writeFileSync(marker, '')
      return { kind: 'slow', bytesPerSecond: 5 }
    }
    const began = Date.now()
    await world.script(
      `"$1" "$2" verify --hashes --config "${world.ini}" --keys "${world.keys}" >out 2>err &
     ${untilThere('stalled')}
     kill -TERM $!; date +%s%3N >sent; wait $!; echo $? >code; date +%s%3N >ended`,
    )
    const read = (name: string): string =>
      readFileSync(join(world.folder, name), 'utf8').trim()
    t.equal(read('code'), '1')
    t.notMatch(read('out'), /^Every log file/m)
    t.match(JSON.parse(read('err')), { event: 'stopped' })
    const waited = Number(read('ended')) - Number(read('sent'))
    // A log of some 300 bytes takes a minute.
    t.ok(waited < 30_000 && Number(read('sent')) >= began, `${waited} ms`)
  },
)

t.test('a shard without leaves', async t => {
  const world = await startDigestWorld(t)
  await world.run()
  const answers = []
  for (const shard of ['1/2', '2/2']) {
    world.configure({ Shard: shard })
    answers.push(await world.verify())
  }
  t.strictSame(
    answers.map(({ code, fails }) => [code, fails]),
    [
      [0, []],
      [0, []],
    ],
  )
  const lasts = answers.map(({ last }) => last)
  t.equal(lasts.filter(last => last.startsWith('Every log file')).length, 1)
  t.equal(
    lasts.filter(last => last.startsWith('Nothing to prove: every leaf'))
      .length,
    1,
  )
})

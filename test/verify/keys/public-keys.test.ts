// Public keys come from a file or from CloudTrail, and check signatures.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { publicKeyLister } from '../../../src/verify/keys/cloudtrail-api.ts'
import {
  keysOfCloudTrail,
  keysOfFile,
} from '../../../src/verify/keys/public-keys.ts'
import { silenceClock } from '../../lib/fake-clock.ts'
import { emptyEnv, SETTINGS } from '../../lib/s3/access-settings.ts'
import { startCloudTrail } from '../../lib/s3/stand-in-cloudtrail.ts'
import {
  keysFile,
  makeChain,
  signingKey,
} from '../../lib/verify/chain-maker.ts'
import { seen } from '../../lib/verify/seen-chain.ts'

const key = signingKey()
const other = signingKey('other')
const START = Date.parse('2026-11-28T00:01:31Z')
const span = { from: START, to: START + 86_400_000 }
const [made] = makeChain({ key, start: START, hours: 1 })
if (made === undefined) throw new Error('no digest was made')
const { digest, ...rest } = seen(made)
if (digest === undefined) throw new Error('no digest was read')
const whole = { ...rest, digest }

const fileOf = (t: Test, text: string): string => {
  const path = join(t.testdir(), 'keys.json')
  writeFileSync(path, text)
  return path
}

const SILENCE_MS = 5000
const clock = silenceClock()

const start = () => {
  const { signal } = new AbortController()
  return keysOfCloudTrail(
    publicKeyLister(SETTINGS, {
      clock,
      signingTime: Date.now,
      silence: SILENCE_MS,
      signal,
    }),
  )
}

/** Lets a call hang until it is silent for too long. */
function hang(): 'hang' {
  setImmediate(() => clock.advance(SILENCE_MS))
  return 'hang'
}

t.test('the keys of a file count for all regions', async t => {
  const source = await keysOfFile(fileOf(t, keysFile(other, key)))
  for (const region of ['us-east-1', 'eu-west-1']) {
    const { check, isChecked, findings } = await source(region, span)
    t.ok(isChecked)
    t.strictSame(findings, [])
    t.equal(check(whole, made.signature), 'good')
    t.equal(check(whole, 'ab'.repeat(256)), 'bad')
    t.equal(check(whole, ''), 'bad')
    t.equal(check(whole, 'not hexadecimal'), 'bad')
  }
  const without = await keysOfFile(fileOf(t, keysFile(other)))
  const { check } = await without('us-east-1', span)
  t.equal(check(whole, made.signature), 'no-key')
})

t.test('the sample file checks the sample digests', async t => {
  const folder = 'test/fixtures/made/made-digest-chain'
  const source = await keysOfFile(`${folder}/public-keys.json`)
  t.match(await source('us-east-1', span), { isChecked: true, findings: [] })
})

t.test('a key that does not match its fingerprint is rejected', async t => {
  const bad = { ...key, fingerprint: other.fingerprint }
  const source = await keysOfFile(fileOf(t, keysFile(bad, other)))
  const { check, findings } = await source('us-east-1', span)
  t.match(findings, [{ code: 'bad-key', level: 'warning' }])
  t.match(findings[0]?.message, other.fingerprint)
  t.equal(check(whole, made.signature), 'no-key')
  t.strictSame((await source('eu-west-1', span)).findings, [], 'told once')
})

t.test('a key counts for the time in which it signed', async t => {
  const old = signingKey(
    'key',
    START - 90 * 86_400_000,
    START - 60 * 86_400_000,
  )
  const source = await keysOfFile(fileOf(t, keysFile(old)))
  const { check } = await source('us-east-1', span)
  t.equal(check(whole, made.signature), 'no-key')
  const backfilled = { ...whole, generated: START - 70 * 86_400_000 }
  t.equal(check(backfilled, made.signature), 'good')
})

t.test('a file without keys is a usage error', async t => {
  const one = JSON.parse(keysFile(key)) as { PublicKeyList: object[] }
  const [entry] = one.PublicKeyList
  for (const text of [
    '',
    'null',
    '[]',
    '{"PublicKeyList":{}}',
    '{"PublicKeyList":[]}',
    '{"PublicKeyList":[null]}',
    JSON.stringify({ PublicKeyList: [{ ...entry, Value: 'AAAA' }] }),
    JSON.stringify({ PublicKeyList: [{ ...entry, Value: 7 }] }),
    JSON.stringify({ PublicKeyList: [{ ...entry, Fingerprint: 'x' }] }),
    JSON.stringify({ PublicKeyList: [{ ...entry, ValidityEndTime: 'x' }] }),
  ])
    await t.rejects(keysOfFile(fileOf(t, text)), { name: 'UsageError' }, text)
  await t.rejects(keysOfFile(join(t.testdir(), 'none')), { name: 'UsageError' })
})

t.test('CloudTrail is asked for the keys', async t => {
  const trail = await startCloudTrail(t)
  trail.credentials.set('AKID', { secret: 'a secret' })
  trail.keys = [other, signingKey('third'), key]
  trail.pageSize = 1
  const withEnv = (t: Test): void => {
    emptyEnv(t, { AWS_ENDPOINT_URL_CLOUDTRAIL: trail.endpoint })
    trail.calls.length = 0
    trail.fault = undefined
  }

  t.test('it is asked page by page, once for a region and a span', async t => {
    withEnv(t)
    const source = start()
    const [first] = await Promise.all([
      source('us-gov-west-1', span),
      source('us-gov-west-1', span),
    ])
    t.equal(first.check(whole, made.signature), 'good')
    t.equal(trail.calls.length, 3)
    t.match(trail.calls[0], { region: 'us-gov-west-1', asker: 'AKID' })
    await source('us-gov-west-1', span)
    t.equal(trail.calls.length, 3)
    await source('eu-west-1', span)
    t.equal(trail.calls.length, 6)
    const hours = 3_600_000
    await source('eu-west-1', { ...span, from: span.from + 30 * hours })
    t.equal(trail.calls.length, 6, 'of which a part is known')
  })

  t.test('no signature is checked where it refuses', async t => {
    withEnv(t)
    trail.fault = () => ({
      status: 400,
      code: 'AccessDeniedException',
      message: 'User: arn:aws:iam::1:user/x is not authorized',
    })
    const source = start()
    const none = await source('no region', span)
    t.match(none.findings[0]?.message, 'signatures of no region')
    const { check, isChecked, findings } = await source('us-east-1', span)
    t.notOk(isChecked)
    t.equal(check(whole, made.signature), 'unchecked')
    t.match(findings, [{ code: 'signatures-not-checked', level: 'warning' }])
    t.match(
      findings[0]?.message,
      /AccessDenied.*allow cloudtrail:ListPublicKeys/,
    )
    t.equal(trail.calls.length, 1, 'which is not tried again')
    const more = await source('us-east-1', span)
    t.match(more, { isChecked: false, findings: [] }, 'told once')
    t.equal(trail.calls.length, 1)
    trail.fault = undefined
    const other = await source('eu-west-1', span)
    t.match(other, { isChecked: true, findings: [] }, 'another may allow it')
  })

  t.test('any wrong answer is one finding', async t => {
    withEnv(t)
    const endless = JSON.stringify({ PublicKeyList: [], NextToken: 'a' })
    const faults = [
      { text: '' },
      { text: '<html>' },
      { text: '{}' },
      { text: '{"PublicKeyList":7}' },
      { text: endless },
      { text: `"${'x'.repeat(5_000_000)}"` },
      { status: 500, code: 'InternalFailure' },
      { status: 400, code: 'ThrottlingException' },
      'cut' as const,
      'hang' as const,
    ]
    for (const fault of faults) {
      trail.fault = () => (fault === 'hang' ? hang() : fault)
      const { isChecked, findings } = await start()('us-east-1', span)
      t.notOk(isChecked)
      t.equal(findings.length, 1)
      t.notMatch(findings[0]?.message, /a secret|cycle/)
    }
    trail.fault = () => ({
      text: JSON.stringify({ PublicKeyList: [null, { Value: 'x' }] }),
    })
    const { isChecked, findings } = await start()('us-east-1', span)
    t.ok(isChecked)
    t.match(findings, [{ code: 'bad-key' }, { code: 'bad-key' }])
  })

  t.test('it does not get the keys of another store', async t => {
    emptyEnv(t)
    const settings = { ...SETTINGS, Endpoint: 'http://127.0.0.1:9' }
    const { signal } = new AbortController()
    const list = publicKeyLister(settings, {
      clock,
      signingTime: Date.now,
      silence: SILENCE_MS,
      signal,
    })
    await t.rejects(list('us-east-1', span), /not asked.*Endpoint/)
    await t.rejects(list('evil.example/', span), /not asked.*no region/)
  })

  t.test('a region without an answer holds up no other', async t => {
    withEnv(t)
    const dead = ['aa-fake-1', 'us-east-1', 'eu-west-1']
    trail.fault = ({ region }) => (dead.includes(region) ? hang() : undefined)
    const source = start()
    for (const region of dead)
      t.match(await source(region, span), {
        isChecked: false,
        findings: [{ code: 'signatures-not-checked' }],
      })
    const asked = (name: string): number =>
      trail.calls.filter(({ region }) => region === name).length
    t.ok(asked('aa-fake-1') > 1)
    t.equal(asked('us-east-1'), 1, 'others are asked once')
    const reached = await source('eu-west-2', span)
    t.match(reached, { isChecked: true, findings: [] })
    t.equal(reached.check(whole, made.signature), 'good')
  })
})

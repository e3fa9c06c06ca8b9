// `verify` against chains of digests, by the built program: what is whole is
// proved, and each thing that may be wrong is named alone, with exit 1.

import { readFileSync } from 'node:fs'
import t from 'tap'
import { gzipSync } from 'node:zlib'
import {
  startDigestWorld,
  type DigestWorld,
} from '../lib/verify/digest-world.ts'
import {
  HOUR,
  keysFile,
  signingKey,
  type MadeDigest,
  type MadeLog,
} from '../lib/verify/chain-maker.ts'

/** One thing that is wrong, and what is to be said of it and of nothing else. */
interface Wrong {
  name: string
  args?: readonly string[]
  /** Spoils it; gives what the lines that break the proof begin with. */
  spoil(world: DigestWorld): string[]
  json?: (world: DigestWorld) => object
}

const digest = ({ chain }: DigestWorld, hour: number): MadeDigest =>
  chain.at(hour) as MadeDigest
const log = ({ logs }: DigestWorld, at: number): MadeLog =>
  logs.at(at) as MadeLog
const hourOf = ({ start }: MadeDigest): string =>
  new Date(start).toISOString().replace('.000', '')
const gapOf = (one: MadeDigest): string =>
  `111122223333 us-east-1: no digest covers ${hourOf(one)} to `
const of = (key: string): string => `111122223333 us-east-1: ${key}: `

/** Stores a log with other bytes, as if nothing had been written since. */
function rewrite(
  { s3 }: DigestWorld,
  { key, modified }: MadeLog,
  body: Buffer,
) {
  s3.put(key, body, { modified })
}

const WRONG: readonly Wrong[] = [
  {
    name: 'one byte of a log is changed',
    args: ['--hashes'],
    spoil(world) {
      const one = log(world, 3)
      const body = Buffer.from(one.body)
      body[30] = (body[30] as number) ^ 1
      rewrite(world, one, body)
      return [`${one.key}: altered: `]
    },
    json: world => ({ altered: [log(world, 3).key], missing: [] }),
  },
  {
    name: 'a log is another one of the same size',
    args: ['--hashes'],
    spoil(world) {
      const one = log(world, 3)
      const plain = one.plain.toString().replace('ListBuckets', 'ListBuckett')
      const level0 = gzipSync(plain, { level: 0 })
      world.s3.put(one.key, level0, { modified: one.modified })
      return [
        `${one.key}: not collected`,
        `${one.key}: altered: its SHA-256 is not`,
      ]
    },
  },
  {
    name: 'a log is deleted',
    spoil(world) {
      const { key } = log(world, 5)
      world.s3.delete(key)
      return [`${key}: missing from the bucket`]
    },
    json: world => ({ missing: [log(world, 5).key], collected: 11 }),
  },
  {
    name: 'a gzip member is appended',
    args: ['--hashes'],
    spoil(world) {
      const one = log(world, 4)
      rewrite(world, one, Buffer.concat([one.body, gzipSync('{"Records":[]}')]))
      return [
        `${one.key}: not collected`,
        `${one.key}: altered: The gzip data is followed by`,
      ]
    },
  },
  {
    name: 'one digest is deleted',
    spoil(world) {
      const { key } = digest(world, 2)
      world.s3.delete(key)
      return [of(key)]
    },
    json: world => ({
      missing_digests: [digest(world, 2).key],
      gaps: [],
      undigested: digest(world, 2).logs.map(({ key }) => key),
      findings: [{}, { code: 'missing', hour: hourOf(digest(world, 2)) }],
    }),
  },
  {
    name: 'two in a row are deleted',
    spoil(world) {
      for (const hour of [2, 3]) world.s3.delete(digest(world, hour).key)
      return [gapOf(digest(world, 2)), of(digest(world, 3).key)]
    },
    json: world => ({
      missing_digests: [digest(world, 3).key],
      gaps: [hourOf(digest(world, 2))],
    }),
  },
  {
    name: 'the newest two are deleted',
    spoil(world) {
      for (const hour of [-2, -1]) world.s3.delete(digest(world, hour).key)
      return [gapOf(digest(world, -2)), gapOf(digest(world, -1))]
    },
    json: world => ({
      gaps: [hourOf(digest(world, -2)), hourOf(digest(world, -1))],
    }),
  },
  {
    name: 'a digest is moved',
    spoil(world) {
      const { key, body, modified, metadata } = digest(world, 2)
      const moved = key.replace(/_audit_/, '_other_')
      world.s3.delete(key)
      world.s3.put(moved, body, { modified, metadata })
      return [of(moved), of(key)]
    },
  },
  {
    name: 'a signature is altered',
    spoil(world) {
      const { key, body, modified, metadata } = digest(world, 2)
      const { 'x-amz-meta-signature': text = '' } = metadata
      const altered = (text.startsWith('0') ? '1' : '0') + text.slice(1)
      const changed = { ...metadata, 'x-amz-meta-signature': altered }
      world.s3.put(key, body, { modified, metadata: changed })
      return [of(key)]
    },
    json: () => ({ findings: [{}, { code: 'signature' }] }),
  },
  {
    name: 'the key is another one',
    spoil(world) {
      const other = signingKey('other', world.to - 99 * HOUR, Date.now() * 2)
      world.file('keys.json', keysFile(other))
      return world.chain.map(({ key }) => of(key))
    },
  },
]

t.test('each thing that is wrong, alone', async t => {
  const world = await startDigestWorld(t)
  const { s3, run, verify, file } = world
  t.equal((await run()).code, 0)
  const whole = await verify('--hashes')
  t.equal(whole.code, 0)
  t.strictSame(whole.fails, [])
  t.match(whole.last, /was collected, and is unaltered in the bucket now\.$/)

  const before = new Map(s3.objects)
  const keysText = readFileSync(world.keys, 'utf8')
  for (const { name, args = [], spoil, json } of WRONG)
    await t.test(name, async t => {
      t.teardown(() => {
        file('keys.json', keysText)
        for (const [key, { body, modified, metadata }] of before)
          s3.put(key, body, { modified, ...(metadata && { metadata }) })
        for (const key of s3.objects.keys())
          if (!before.has(key)) s3.delete(key)
      })
      const starts = spoil(world)
      const { code, fails, last, stderr } = await verify(...args)
      t.equal(stderr, '')
      t.equal(code, 1)
      const said = fails.toSorted()
      starts
        .toSorted()
        .forEach((start, index) =>
          t.equal(said[index]?.slice(0, start.length), start),
        )
      t.equal(fails.length, starts.length, fails.join('\n'))
      t.match(last, /^Not proved /)
      if (json === undefined) return
      const answer = await verify('--json', ...args)
      t.equal(answer.code, 1)
      t.match(JSON.parse(answer.stdout), {
        proved: false,
        leaves: [{ account: '111122223333', trail: 'audit', ...json(world) }],
      })
    })
})

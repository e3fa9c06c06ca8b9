// Keys of every kind of character: listed, signed, read, told apart in the
// cursor, named by status and queued by retry, and never sent to a terminal.

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { gzipSync } from 'node:zlib'
import { daysAgo, startCollector, trailKey } from '../lib/hosts/collector.ts'
import { recordsOf } from '../lib/hosts/host-world.ts'

const FOLDER = trailKey(daysAgo(0), '').replace('.json.gz', '')
const NAMES = [
  'plain',
  '/',
  '//x',
  '../x',
  './x/../y',
  '..',
  'a b',
  ' lead and trail ',
  'a+b%20c%2Fd%',
  '%ff%00',
  `!"#$%&'()*,:;<=>?@[\\]^\`{|}~`,
  'tab\tline\nreturn\r',
  '\u0001\u001b[31mred\u001b[0m\u0007\u007f\u009b',
  'nul\0',
  'é😀\u2028\u2029\ufeff\u202eright\ufffd\ufffe',
  '__proto__',
  'constructor',
  '"]}\n{"k":"done"}\ndeadbeef []',
  '&amp;&lt;]]><Key>x</Key>',
]
const keyOf = (name: string): string => `${FOLDER}${name}.json.gz`
const LONG = keyOf('ü'.repeat(470))
const KEYS = [
  ...NAMES.map(keyOf),
  `${FOLDER}${'l'.repeat(1024 - Buffer.byteLength(FOLDER) - 8)}.json.gz`,
  LONG,
]
const good = gzipSync('{"Records":[{"eventName":"x"},{"eventName":"y"}]}')
const bad = gzipSync('{"Records":[{"eventName":"x"},}')

t.test('objects with odd keys come, once', async t => {
  const { s3, runHere } = await startCollector(t, { MaxResultCount: 2 })
  for (const key of KEYS) s3.put(key, good)
  const first = await runHere()
  t.equal(first.outcome, 'done', JSON.stringify(first.events))
  const objects = recordsOf(first).map(line => line['s3_object'])
  const due = KEYS.flatMap(key => [`s3://logs/${key}`, `s3://logs/${key}`])
  t.strictSame(objects.toSorted(), due.toSorted())
  t.equal((await runHere()).stdout, '')
})

t.test('those that fail are named, and queued by their names', async t => {
  const { s3, run, runHere } = await startCollector(t, { MaxObjectAttempts: 1 })
  for (const key of KEYS) s3.put(key, bad)
  const first = await runHere()
  t.equal(first.stdout.split('\n').length, KEYS.length + 1)
  const failed = first.events.filter(({ event }) => event === 'object_failed')
  t.strictSame(failed.map(({ key }) => key).toSorted(), KEYS.toSorted())

  const status = JSON.parse((await run(['status', '--json'])).stdout) as {
    quarantined: { key: string }[]
  }
  const keys = status.quarantined.map(({ key }) => key)
  t.strictSame(keys.toSorted(), KEYS.toSorted())
  const { stdout } = await run(['status'])
  t.notMatch(stdout, /(?!\n)[\p{Cc}\p{Cf}\u2028\u2029]/u)

  // An argument can hold anything but NUL.
  const told = KEYS.filter(key => !key.includes('\0'))
  t.equal((await run(['retry', ...told])).code, 0)
  t.equal((await run(['retry', '--all'])).code, 0)
  for (const key of KEYS) s3.put(key, good)
  const second = await runHere()
  t.equal(second.outcome, 'done')
  t.equal(recordsOf(second).length, 2 * KEYS.length)
})

const { error } = spawnSync('script', ['--version'])
const skip = error ? 'script of util-linux is not there' : false

t.test('a terminal is sent no key as it is', { skip }, async t => {
  const { s3, folder, script } = await startCollector(t)
  for (const key of KEYS) s3.put(key, bad)
  await script(
    'export CMD="$*"; script -qec "$CMD >out" seen >/dev/null </dev/null',
  )
  const seen = readFileSync(join(folder, 'seen'), 'utf8')
    .replaceAll('\r\u001b[K', '')
    .replaceAll('\r\n', '\n')
    .split('\n')
    .filter(line => !line.startsWith('Script '))
    .join('\n')
  t.match(seen, /\\u\{1b\}\[31mred/)
  t.notMatch(seen, /(?!\n)[\p{Cc}\p{Cf}\u2028\u2029]/u)
})

// `verify --records`: from AWS's signature to the file that a host has stored,
// record by record, by the built program.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { gzipSync } from 'node:zlib'
import { startDigestWorld } from '../lib/verify/digest-world.ts'

const RECORDS = 5

t.test('what is stored, and what is not', async t => {
  const world = await startDigestWorld(t, { recordsIn: () => RECORDS })
  const { run, verify, logs, file } = world
  const { records, stdout } = await run()
  t.equal(records.length, logs.length * RECORDS)
  const lines = stdout.trim().split('\n')
  const { key = '' } = logs[5] ?? {}
  const numberOf = (line: string): number => {
    const { s3_object, s3_record } = JSON.parse(line) as {
      s3_object: string
      s3_record: number
    }
    return s3_object.endsWith(key) ? s3_record : 0
  }
  const without = (...numbers: number[]): string =>
    `${lines.filter(line => !numbers.includes(numberOf(line))).join('\n')}\n`
  const stored = file('stored.ndjson', stdout)

  await t.test(
    'all of it, in any order, twice, as gzip and on stdin',
    async t => {
      const whole = await verify('--hashes', '--records', stored)
      t.equal(whole.code, 0)
      t.match(
        whole.last,
        /was collected, and is unaltered in the bucket now, and is stored, record by record\.$/,
      )
      const half = file('half.ndjson', `${lines.toReversed().join('\n')}\n`)
      const zipped = file('stored.gz', gzipSync(stdout))
      const twice = await verify('--records', half, zipped)
      t.match(twice, { code: 0, fails: [] })
      const count = lines.length
      t.match(
        twice.stdout,
        `${count} records came more than once to what is stored`,
      )
      const args = ['--json', '--records', half, zipped]
      const { stdout: json } = await verify(...args)
      t.match(JSON.parse(json), {
        leaves: [{ repeats: count }],
        repeats: count,
      })
      await world.script(
        `"$1" "$2" verify --config "${world.ini}" --keys "${world.keys}" --records - <"${stored}" >out 2>err; echo $? >code`,
      )
      t.equal(readFileSync(join(world.folder, 'code'), 'utf8'), '0\n')
    },
  )

  const missing: [string, number[], string][] = [
    ['the first', [1], 'of its 5 records these are not stored: 1'],
    ['one in the middle', [3], 'of its 5 records these are not stored: 3'],
    ['the last', [5], 'of its 5 records these are not stored: 5'],
    ['several', [1, 2, 4], 'of its 5 records these are not stored: 1 to 2, 4'],
    ['all', [1, 2, 3, 4, 5], 'none of its 5 records is stored'],
  ]
  for (const [name, numbers, words] of missing)
    await t.test(`${name} is missing`, async t => {
      const some = file('some.ndjson', without(...numbers))
      const { code, fails } = await verify('--records', some)
      t.equal(code, 1)
      t.strictSame(fails, [`${key}: not stored whole: ${words}`])
      const { stdout } = await verify('--json', '--records', some)
      t.match(JSON.parse(stdout), { leaves: [{ not_stored: [key] }] })
    })

  await t.test(
    'a broken line is named, and no fault if it is whole elsewhere',
    async t => {
      const at = lines.findIndex(line => numberOf(line) === 3)
      const torn = lines.with(at, (lines[at] ?? '').slice(0, 40)).join('\n')
      const broken = file('broken.ndjson', torn)
      const alone = await verify('--records', broken)
      t.equal(alone.code, 1)
      t.strictSame(
        alone.warns.filter(line => line.includes('broken.ndjson')),
        [`${broken}, line ${at + 1}: it is no JSON`],
      )
      const both = await verify('--records', broken, '--records', stored)
      t.match(both, { code: 0, fails: [] })
      t.ok(both.warns.some(line => line.startsWith(broken)))
    },
  )

  await t.test(
    'the lines of others and heartbeats are passed over',
    async t => {
      const mixed = file(
        'mixed.ndjson',
        `{"event":"heartbeat"}\n[1]\nnull\n${stdout}{"message":"of another source"}\n`,
      )
      t.match(await verify('--records', mixed), { code: 0, fails: [] })
    },
  )
})

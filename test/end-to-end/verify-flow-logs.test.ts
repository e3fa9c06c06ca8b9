// `verify` of flow logs, which AWS signs no list of: bucket against cursor and
// against what the host has stored, by the built program.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { gzipSync } from 'node:zlib'
import { daysAgo, startCollector } from '../lib/hosts/collector.ts'
import { folderState } from '../lib/files/folder-state.ts'

const HOUR = 3_600_000
const DAY = daysAgo(1)
const OLD = Date.parse(`${DAY}T12:00:00Z`)
const FOLDER = `AWSLogs/111122223333/vpcflowlogs/us-east-1/${DAY.replaceAll('-', '/')}/`
const key = (name: string): string => `${FOLDER}${name}.log.gz`
const rows = (count: number): Buffer =>
  gzipSync(
    '2 111122223333 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 40 1700000000 1700000060 ACCEPT OK\n'.repeat(
      count,
    ),
  )

async function setUp(t: Test) {
  const collector = await startCollector(t, { LogType: 'VPCFlowLogs' })
  const { s3, run, folder } = collector
  for (const name of ['a', 'b', 'c'])
    s3.put(key(name), rows(3), { modified: OLD })
  const { stdout } = await run()
  const verify = async (...args: string[]) => {
    const before = folderState(folder)
    const result = await run(['verify', ...args])
    t.strictSame(folderState(folder), before, 'nothing was changed')
    return result
  }
  const store = (name: string, text: string): string => {
    const path = join(folder, name)
    writeFileSync(path, text)
    return path
  }
  return { ...collector, stdout, verify, store }
}

t.test('all is collected', async t => {
  const { verify, s3 } = await setUp(t)
  const { code, stdout, stderr } = await verify()
  t.equal(stderr, '')
  t.equal(code, 0)
  const lines = stdout.trim().split('\n')
  t.equal(lines[0], `ok   111122223333 us-east-1 ${DAY}: 3 logs, all collected`)
  t.match(
    lines.at(-1),
    /^Every flow log file that lies in the bucket .* was collected\.$/,
  )
  t.notMatch(stdout, /CloudTrail/)
  s3.put(key('fresh'), rows(1))
  t.match(await verify(), { code: 0 }, 'what is new is pending')
})

t.test('one was not, one was skipped', async t => {
  const { verify, s3, run } = await setUp(t)
  s3.put(key('s'), rows(1), { modified: OLD })
  t.equal((await run(['skip'])).code, 0)
  s3.put(key('x'), rows(1), { modified: OLD })
  const { code, stdout } = await verify('--json')
  t.equal(code, 1)
  t.match(JSON.parse(stdout), {
    proved: false,
    signatures: 'none',
    leaves: [{ logs: 5, collected: 3, skipped: 1, not_collected: [key('x')] }],
  })
  s3.delete(key('x'))
  const { stdout: text } = await verify()
  t.match(text, /was collected, or was skipped by you \(1\)\.\n$/)
})

t.test('what is stored, record by record', async t => {
  const { verify, stdout, store } = await setUp(t)
  const whole = store('whole.ndjson', stdout)
  const proved = await verify('--records', whole)
  t.equal(proved.code, 0)
  t.match(proved.stdout, /, and is stored, record by record\.\n$/)
  const without = stdout
    .split('\n')
    .filter(Boolean)
    .filter(line => {
      const { s3_object, s3_record } = JSON.parse(line) as {
        [name: string]: unknown
      }
      return !(String(s3_object).endsWith('/b.log.gz') && s3_record === 2)
    })
  const broken = await verify('--records', store('some', without.join('\n')))
  t.equal(broken.code, 1)
  const named = broken.stdout
    .split('\n')
    .filter(line => line.startsWith('fail'))
  t.match(named, [
    / 3 logs/,
    `fail ${key('b')}: not stored whole: of its 3 records these are not stored: 2`,
  ])
  t.equal(named.length, 2)
})

t.test('a leaf that the cursor does not know', async t => {
  const { verify, s3 } = await setUp(t)
  const other = key('n').replace('111122223333', '999922223333')
  s3.put(other, rows(1), { modified: OLD + HOUR })
  const { code, stdout } = await verify()
  t.equal(code, 1)
  t.match(stdout, `fail ${other}: not collected`)
})

t.test('nothing to prove, and what was collected and is gone', async t => {
  const { verify, s3, configure } = await setUp(t)
  s3.delete(key('a'))
  const { code, stdout } = await verify()
  t.equal(code, 0)
  t.match(
    stdout,
    `warn 111122223333 us-east-1: of ${DAY} 3 objects were collected or skipped, and 2 lie there now\n`,
  )
  for (const name of ['b', 'c']) s3.delete(key(name))
  t.match(await verify(), {
    code: 1,
    stdout: /^fail nothing to prove: no flow log of this time lies under/m,
  })
  configure({ LogType: 'VPCFlowLogs', FilePath: 'AWSLogs/111122223334/' })
  t.match(await verify(), { code: 1, stdout: /^Not proved/m })
})

t.test('what makes no sense for flow logs', async t => {
  const { verify, configure } = await setUp(t)
  for (const args of [['--hashes'], ['--keys', 'a'], ['--day', 'x']])
    t.match(await verify(...args), { code: 2, stdout: '' }, args.join(' '))
  t.match(await verify('--records', '/none'), { code: 2, stdout: '' })
  configure({ LogType: 'VPCFlowLogs', BucketName: 'missing', StateFile: 'x' })
  t.match(await verify(), { code: 3, stdout: '' })
})

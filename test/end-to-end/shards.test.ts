// Several collectors that share a bucket: together they take everything, each
// thing once, also when their number changes by the manual's recipe.

import t, { type Test } from 'tap'
import { gzipSync } from 'node:zlib'
import {
  cloudTrailObject,
  daysAgo,
  startCollector,
  trailKey,
} from '../lib/hosts/collector.ts'
import type { Cycle } from '../lib/cycle/in-process-collect.ts'
import { idsOf } from '../lib/cycle/in-process-cycle.ts'

const MINUTE = 60_000

/** Starts a bucket, and a way to run a command with each of so many shards, one after the other, each with a cursor of its own. */
async function startShards(
  t: Test,
  settings: Record<string, string | number>,
  clock?: () => number,
) {
  const collector = await startCollector(t, settings, clock)
  const { run, runHere, configure } = collector
  const inTurn = async <T>(of: number, act: () => Promise<T>): Promise<T[]> => {
    const results: T[] = []
    for (let index = 1; index <= of; index++) {
      configure({ Shard: `${index}/${of}`, StateFile: `${index}.cursor` })
      results.push(await act())
    }
    return results
  }
  return {
    ...collector,
    each: (of: number, ...args: string[]) => inTurn(of, () => run(args)),
    eachHere: (of: number) => inTurn(of, () => runHere()),
  }
}

/** Lists the two records of each object as KEY#RECORD, sorted. */
const ids = (keys: readonly string[]): string[] =>
  keys.flatMap(key => [`${key}#1`, `${key}#2`]).toSorted()
const printed = (runs: readonly { stdout: string }[]): string[] =>
  runs.flatMap(({ stdout }) => idsOf(stdout)).toSorted()

const today = daysAgo(0).replaceAll('-', '/')
const [year, month, day] = today.split('/')
const hive = `year=${year}/month=${month}/day=${day}`
const regions = ['us-east-1', 'eu-west-1', 'cn-north-1', 'us-gov-west-1']
const accounts = ['111122223333', '444455556666', '777788889999']
const placed = (place: (account: string, region: string) => string) =>
  accounts.flatMap(account => regions.map(region => place(account, region)))

const flows = gzipSync('version action\n2 ACCEPT\n2 REJECT\n')

for (const [name, settings, keys] of [
  [
    'organization trails, dated, Hive-style and flat folders',
    { FilePath: 'logs/', Inclusions: '' },
    [
      ...placed(
        (account, region) =>
          `logs/2024/AWSLogs/o-ab12cd34ef/${account}/CloudTrail/${region}/${today}/a.json.gz`,
      ),
      ...placed((account, region) => `logs/${account}/${region}/${hive}/a.gz`),
      ...placed((account, region) => `logs/flat/${account}/${region}/a`),
      // All layouts in one folder.
      `logs/one/${today}/a.gz`,
      `logs/one/${today}/07/a.gz`,
      `logs/one/${hive}/a.gz`,
      'logs/one/a.gz',
      'logs/one/sub/a.gz',
    ],
  ],
  [
    'flow logs, hourly and Hive-style',
    { LogType: 'VPCFlowLogs' },
    [
      ...placed(
        (account, region) =>
          `AWSLogs/${account}/vpcflowlogs/${region}/${today}/07/a.log.gz`,
      ),
      ...placed(
        (account, region) =>
          `AWSLogs/aws-account-id=${account}/aws-service=vpcflowlogs/aws-region=${region}/${hive}/hour=07/a.log.gz`,
      ),
    ],
  ],
] as const)
  t.test(name, async t => {
    const { s3, each, eachHere } = await startShards(t, settings)
    for (const key of keys)
      s3.put(key, key.endsWith('.log.gz') ? flows : cloudTrailObject(2))
    const cycles = await eachHere(3)
    t.strictSame(printed(cycles), ids(keys))
    cycles.forEach(({ outcome, stdout, summary }, index) => {
      t.equal(outcome, 'done')
      t.not(stdout, '')
      t.equal(summary['shard'], `${index + 1}/3`)
    })
    for (const { stdout } of await eachHere(3)) t.equal(stdout, '')
    const replayed = await each(3, 'replay', '--day', daysAgo(0))
    t.strictSame(printed(replayed), ids(keys))
  })

t.test('from three to four, by the recipe of the manual', async t => {
  let now = Date.parse('2026-03-10T12:00:00Z')
  const { s3, each, eachHere } = await startShards(t, {}, () => now)
  const put = (name: string, date = '2026-03-10'): string[] =>
    Array.from({ length: 14 }, (_, index) => {
      const account = String(111122223333 + index)
      const key = trailKey(date, name, { account })
      s3.put(key, cloudTrailObject(2))
      return key
    })
  const keys = [...put('b'), ...put('b', '2026-03-09')]
  const refused = keys[20] ?? ''
  s3.fault = request =>
    request.key === refused ? { status: 403, code: 'AccessDenied' } : undefined
  const runs = await eachHere(3)
  const refusing = runs.filter(({ outcome }) => outcome !== 'done')
  t.equal(refusing.length, 1)
  const before = new Date((now += MINUTE)).toISOString()
  // Now all are stopped, and the logs go on.
  now += MINUTE
  keys.push(...put('c'), ...put('a', '2026-03-09'))
  const late = put('late', '2026-02-20').slice(0, 5)
  keys.push(...late)
  for (const key of put('late', '2026-02-20').slice(5)) s3.delete(key)
  now += MINUTE

  const skips = await each(4, 'skip', '--before', before)
  const numbers = skips.map(({ stdout, code }) => {
    t.equal(code, 0)
    const [, done, left] = /^(\d+) objects? .*, (\d+) objects? left/.exec(
      stdout,
    ) ?? ['', 0, 0]
    return [Number(done), Number(left)] as const
  })
  t.equal(
    numbers.reduce((sum, [, left]) => sum + left, 0),
    28,
  )
  s3.fault = undefined
  for (let cycle = 0; cycle < 2; cycle++) {
    const cycles = await eachHere(4)
    for (const { outcome, events } of cycles) {
      t.equal(outcome, 'done')
      // The bucket's clock is far from this machine's, which each cycle says.
      const said = events.map(({ event }) => event)
      t.strictSame(
        said.filter(event => event !== 'clock'),
        ['summary'],
      )
    }
    runs.push(...cycles)
    if (cycle === 0) keys.push(...put('d'))
    // On the next day older days are looked at.
    now += 24 * 60 * MINUTE
  }
  t.strictSame(printed(runs), ids(keys), 'nothing missed, nothing repeated')

  const folders: string[] = []
  for (const { stdout } of await each(4, 'status', '--json')) {
    const { leaves, failed, quarantined } = JSON.parse(stdout) as {
      [name: string]: { prefix: string }[]
    }
    t.strictSame([failed, quarantined], [[], []])
    folders.push(...(leaves ?? []).map(({ prefix }) => prefix))
  }
  t.equal(new Set(folders).size, 14)
  t.equal(folders.length, 14)
})

t.test(
  'a cursor that two shards share is told of, and loses nothing',
  async t => {
    const { s3, runHere, configure } = await startCollector(t)
    const keys: string[] = []
    const runs: Cycle[] = []
    for (let round = 0; round < 2; round++) {
      for (const region of regions) {
        keys.push(trailKey(daysAgo(0), `n${round}`, { region }))
        s3.put(keys.at(-1) ?? '', cloudTrailObject(2))
      }
      for (const Shard of ['1/2', '2/2']) {
        configure({ Shard })
        runs.push(await runHere())
      }
    }
    t.strictSame(printed(runs), ids(keys))
    t.strictSame(
      runs.map(({ events }) => events.some(({ event }) => event === 'shard')),
      [false, true, true, true],
    )
  },
)

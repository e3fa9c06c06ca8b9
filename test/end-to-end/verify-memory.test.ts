// Memory stays flat however many leaves there are to verify, and however many
// logs of one. LEAVES=850 is the size that is promised, and takes minutes, as
// LOGS=300000 does.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import {
  startDigestWorld,
  type DigestWorld,
} from '../lib/verify/digest-world.ts'

const LEAVES = Number(process.env['LEAVES'] ?? 40)
const LOGS = Number(process.env['LOGS'] ?? 6000)
const HOURS = 24

/** Runs `verify` and gives its answer and how much memory it took at most. */
async function peakOf(world: DigestWorld, args: readonly string[]) {
  const peak = join(world.folder, 'peak')
  const hook = world.file(
    'peak.cjs',
    `process.on('exit', () => require('node:fs').writeFileSync('${peak}', String(process.resourceUsage().maxRSS)))`,
  )
  const run = await world.run(['verify', '--keys', world.keys, ...args], {
    NODE_OPTIONS: `--require=${hook}`,
  })
  // It is counted in kilobytes.
  return { ...run, mebibytes: Number(readFileSync(peak, 'utf8')) / 1024 }
}

t.test('many leaves of a day need less than 150 MiB', async t => {
  const world = await startDigestWorld(
    t,
    { hours: HOURS },
    { NoOfBackDaysData: 2 },
  )
  for (let leaf = 1; leaf < LEAVES; leaf++)
    world.more({ account: String(111122223333 + leaf) })
  t.equal((await world.run(['skip'])).code, 0)
  for (const args of [[], ['--hashes']]) {
    const began = Date.now()
    const { code, stdout, mebibytes } = await peakOf(world, ['--json', ...args])
    t.equal(code, 0)
    const { leaves } = JSON.parse(stdout) as { leaves: { skipped: number }[] }
    t.equal(leaves.length, LEAVES)
    t.ok(leaves.every(({ skipped }) => skipped === 2 * HOURS))
    t.ok(mebibytes < 150, `${mebibytes} MiB`)
    t.comment(`${mebibytes} MiB, ${Date.now() - began} ms`)
  }
})

t.test('so do very many logs of one leaf, and each is named', async t => {
  const world = await startDigestWorld(t, { hours: 4 })
  const { s3, logs, more, verify, run } = world
  await run()
  const named = Math.min(LOGS, 24_000)
  more({ trail: 'other', logsIn: () => named / 4, recordsIn: () => 0 })
  const [{ key = '', modified = 0, body = '' } = {}] = logs
  for (let number = 0; number < LOGS; number++)
    s3.put(key.replace('.json', `-${number}.json`), body, { modified })
  const { mebibytes } = await peakOf(world, [])
  t.ok(mebibytes < 150, `${mebibytes} MiB`)
  t.comment(`${mebibytes} MiB`)
  const { fails, warns, last } = await verify()
  t.equal(fails.length, named + 1)
  const undigested = warns.filter(line => line.endsWith(': no digest names it'))
  t.equal(new Set(undigested).size, LOGS)
  t.match(last, `: ${named} logs not collected.`)
})

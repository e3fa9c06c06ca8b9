// Memory stays flat however many leaves there are to verify. LEAVES=850 is the
// size that is promised, and takes minutes.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { startDigestWorld } from '../lib/verify/digest-world.ts'

const LEAVES = Number(process.env['LEAVES'] ?? 40)
const HOURS = 24

t.test('many leaves of a day need less than 150 MiB', async t => {
  const world = await startDigestWorld(
    t,
    { hours: HOURS },
    { NoOfBackDaysData: 2 },
  )
  for (let leaf = 1; leaf < LEAVES; leaf++)
    world.more({ account: String(111122223333 + leaf) })
  t.equal((await world.run(['skip'])).code, 0)
  const hook = world.file('peak.cjs', '')
  const peak = join(world.folder, 'peak')
  writeFileSync(
    hook,
    `process.on('exit', () => require('node:fs').writeFileSync('${peak}', String(process.resourceUsage().maxRSS)))`,
  )
  for (const args of [[], ['--hashes']]) {
    const began = Date.now()
    const { code, stdout } = await world.run(
      ['verify', '--json', '--keys', world.keys, ...args],
      { NODE_OPTIONS: `--require=${hook}` },
    )
    t.equal(code, 0)
    const { leaves } = JSON.parse(stdout) as { leaves: { skipped: number }[] }
    t.equal(leaves.length, LEAVES)
    t.ok(leaves.every(({ skipped }) => skipped === 2 * HOURS))
    // It is counted in kilobytes.
    const mebibytes = Number(readFileSync(peak, 'utf8')) / 1024
    t.ok(mebibytes < 150, `${mebibytes} MiB`)
    t.comment(`${mebibytes} MiB, ${Date.now() - began} ms`)
  }
})

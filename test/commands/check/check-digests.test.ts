// Whether there are digests, and how to have them.

import t from 'tap'
import { checkDigests } from '../../../src/commands/check/check-digests.ts'
import { denied } from '../../lib/s3/refusals.ts'
import { checking, findings, LEAF, NOW } from './checking.ts'

const leafOf = (region: string): string => LEAF.replace('us-east-1', region)
const digestsOf = (leaf: string): string =>
  leaf.replace('CloudTrail', 'CloudTrail-Digest')
const folder = (prefix: string) => ({ prefix, layout: 'date' as const })

/** Checks folders; some of them have a digest of a day. */
function check(
  leaves: readonly string[],
  digests: Readonly<Record<string, string>>,
  settings: Record<string, string | number> = {},
  onList = (): void => {},
) {
  const context = checking(settings)
  context.store.onList = onList
  for (const [leaf, day] of Object.entries(digests))
    context.store.put(`${digestsOf(leaf)}${day}/d.json.gz`, Date.parse(NOW))
  const found = findings(checkDigests(leaves.map(folder), context))
  return { context, found }
}

t.test('they are there', async t => {
  const { found, context } = check([LEAF, leafOf('eu-west-1')], {
    [LEAF]: '2026/03/10',
    [leafOf('eu-west-1')]: '2026/03/09',
  })
  t.match((await found).lines, [/^ok digests: .* for 2 folders: /])
  t.equal(context.store.lists.length, 2)
})

t.test('they are not: advice, and a fault where cycles need them', async t => {
  const old = { [LEAF]: '2026/03/08' }
  const none = await check([LEAF], old).found
  t.match(none.lines, [
    `ok digests: none since 2026-03-09 in ${digestsOf(LEAF)}: `,
  ])
  t.match(none.lines[0], 'update-trail --name NAME --enable-log-file-valid')
  const needed = await check([LEAF], old, { VerifyMinutes: 60 }).found
  t.match(needed.found, [
    { level: 'fail', outcome: 'partial', message: /VerifyMinutes=0$/ },
  ])
})

t.test('of many folders a few are asked, from all over', async t => {
  const leaves = Array.from({ length: 50 }, (_, i) => leafOf(`r-${i + 10}`))
  const { found, context } = check(
    leaves,
    Object.fromEntries(leaves.map(leaf => [leaf, '2026/03/10'])),
  )
  t.match((await found).lines, [/^ok .* for 8 folders that were looked into: /])
  t.equal(context.store.lists.length, 8)
  t.ok(context.store.lists.some(({ prefix }) => prefix.includes('/r-5')))
})

t.test('what they say nothing of', async t => {
  const flows = { LogType: 'VPCFlowLogs', VerifyMinutes: 60 }
  t.strictSame((await check([LEAF], {}, flows).found).lines, [])
  t.strictSame((await check(['logs/'], {}).found).lines, [])
})

t.test('what cannot be listed', async t => {
  for (const [VerifyMinutes, level] of [
    [0, 'ok'],
    [60, 'fail'],
  ] as const) {
    const { found } = check([LEAF], {}, { VerifyMinutes }, () => {
      throw denied
    })
    t.match((await found).found, [
      { level, message: /^digests cannot be looked for: / },
    ])
  }
})

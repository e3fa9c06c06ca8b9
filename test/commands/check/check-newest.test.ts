// The age of the newest object, and patterns that leave all objects out.

import t from 'tap'
import { checkNewest } from '../../../src/commands/check/check-newest.ts'
import { denied } from '../../lib/s3/refusals.ts'
import { checking, findings, LEAF, NOW } from './checking.ts'

const MINUTE = 60_000
const OTHER = LEAF.replace('us-east-1', 'eu-west-1')
const folders = [LEAF, OTHER].map(prefix => ({
  prefix,
  layout: 'date' as const,
}))
const ago = (minutes: number): number => Date.parse(NOW) - minutes * MINUTE

/** Checks a bucket of objects that are so many minutes old. */
function check(
  ages: Readonly<Record<string, number>>,
  settings: Record<string, string | number> = {},
) {
  const context = checking(settings)
  for (const [key, age] of Object.entries(ages))
    context.store.put(key, ago(age))
  return findings(checkNewest(folders, context.logType, context))
}

t.test('finds the newest by Last-Modified, in whatever folder', async t => {
  const { lines, result } = await check({
    [`${LEAF}2026/03/10/a.gz`]: 5,
    [`${LEAF}2026/03/10/b.gz`]: 9,
    [`${OTHER}2026/03/10/z.gz`]: 30,
    [`${OTHER}2026/03/09/y.gz`]: 700,
  })
  t.equal(result?.key, `${LEAF}2026/03/10/a.gz`)
  t.match(lines, [/^ok patterns: .*none/, /^ok newest: .*a\.gz is 5 min old/])
})

t.test('Parquet that is left out beside flow logs is a warning', async t => {
  const objects = {
    [`${LEAF}2026/03/10/a.log.gz`]: 5,
    [`${LEAF}2026/03/10/b.log.parquet`]: 9,
  }
  const flows = { LogType: 'VPCFlowLogs' }
  const left = await check(objects, { ...flows, Inclusions: '*.gz' })
  t.match(
    left.lines[0],
    /^warn patterns: Inclusions \*\.gz .* 1 of the newest 2 objects, 1 of them Parquet.*such as b\.log\.parquet: add \*\.parquet/,
  )
  t.match((await check(objects, flows)).lines[0], /^ok patterns: .*none/)
  const trail = await check(objects, { Inclusions: '*.gz' })
  t.match(trail.lines[0], /^ok patterns: .*leave out 1/)
})

t.test('an old one is a warning that says what to look at', async t => {
  const late = await check({ [`${LEAF}2026/03/10/a.gz`]: 59 })
  t.match(late.lines[1], /^ok newest/)
  const old = await check({ [`${LEAF}2026/03/09/a.gz`]: 13 * 60 })
  t.match(old.lines[1], /^warn newest: .*13 h old.*delivered/)
  t.equal(old.result?.key, `${LEAF}2026/03/09/a.gz`)
})

t.test('nothing in the window: the newest day there is', async t => {
  const { lines, result } = await check({
    [`${LEAF}2025/12/31/a.gz`]: 100_000,
    [`${LEAF}2026/02/27/a.gz`]: 16_000,
    [`${LEAF}2026/02/28/b.gz`]: 15_000,
    [`${OTHER}2026/02/01/a.gz`]: 60_000,
  })
  t.equal(result?.key, `${LEAF}2026/02/28/b.gz`)
  t.match(lines[1], /^warn newest: .*before the window.*NoOfBackDaysData 1/)
  const wide = await check(
    { [`${LEAF}2026/03/04/a.gz`]: 9000 },
    { NoOfBackDaysData: 7 },
  )
  t.notMatch(wide.lines[1], /before the window/)
})

t.test('patterns that leave everything out are named', async t => {
  const ages = { [`${LEAF}2026/03/10/one.json.gz`]: 5 }
  for (const [name, value] of [
    ['Inclusions', '*.json'],
    ['Exclusions', 'one*'],
  ] as const) {
    const { lines, found, result } = await check(ages, { [name]: value })
    t.equal(lines.length, 1)
    t.match(lines[0], `fail patterns: ${name} ${value} leaves out all 1`)
    t.match(lines[0], 'one.json.gz')
    t.equal(found[0]?.outcome, 'partial')
    t.equal(result, undefined)
  }
  const some = await check({ ...ages, [`${LEAF}2026/03/10/two.txt`]: 5 })
  t.match(some.lines[0], /^ok patterns: .*1 of the newest 2.*two\.txt/)
})

t.test('no object at all, and folders that cannot be listed', async t => {
  const empty = await check({})
  t.match(empty.lines, [/^fail newest: no object .* 2 of 2 folders/])
  const context = checking()
  context.store.onList = () => {
    throw denied
  }
  const refused = await findings(checkNewest(folders, context.logType, context))
  t.match(refused.lines, [/^fail list: .*AccessDenied/])
  t.equal(refused.found[0]?.outcome, 'access')
})

t.test('objects right in a folder, folder markers and pages', async t => {
  const context = checking({ FilePath: 'flat/' })
  context.store.pageSize = 2
  context.store.put('flat/', ago(1), '')
  for (let index = 0; index < 7; index++)
    context.store.put(`flat/${index}.gz`, ago(10 + index))
  context.store.put('flat/below/x.gz', ago(2))
  const flat = [{ prefix: 'flat/', layout: 'flat' as const }]
  const { result } = await findings(checkNewest(flat, context.logType, context))
  t.equal(result?.key, 'flat/0.gz')
})

import t from 'tap'
import { looseDate } from '../../src/find/loose-date.ts'

const cases: [prefix: string, above: string, last: string][] = [
  ['2026/', '', '2026-12-31'],
  ['a/2026/2/', 'a/', '2026-02-31'],
  ['a/2026/02/', 'a/', '2026-02-31'],
  ['a/2026/Nov/', 'a/', '2026-11-31'],
  ['a/2026/november/9/', 'a/', '2026-11-09'],
  ['2025/2026/12/5/', '2025/', '2026-12-05'],
  ['a/2026/12/5/7/', 'a/', '2026-12-05'],
  ['a/year=2026/month=3/day=7/hour=01/', 'a/', '2026-03-07'],
]

t.test('a date at the end of a folder, however it is written', t => {
  for (const [prefix, above, last] of cases) {
    const layout = prefix.includes('year=') ? 'hive' : 'date'
    t.strictSame(looseDate(prefix), { above, layout, last }, prefix)
  }
  t.end()
})

t.test('other text, or a date with another ending', t => {
  for (const prefix of [
    '',
    'a/',
    '2026',
    '1826/',
    'a2026/',
    '2026/13/',
    '2026/0/',
    '2026/market/',
    '2026/12/32/',
    '2026/12/5/notes/',
    '2026/12/5/07/1/',
  ])
    t.equal(looseDate(prefix), undefined, prefix)
  t.end()
})

import fc from 'fast-check'
import t from 'tap'
import {
  addDays,
  dayOf,
  dayPrefix,
  daysBetween,
  datedFolder,
  startOfDay,
  yearLayout,
} from '../../src/find/day-folders.ts'

t.test('a day is a UTC day', t => {
  t.equal(dayOf(0), '1970-01-01')
  t.equal(dayOf(Date.parse('2026-03-10T23:59:59.999Z')), '2026-03-10')
  t.equal(dayOf(Date.parse('2026-03-11T00:30:00+02:00')), '2026-03-10')
  t.equal(startOfDay('2026-03-10'), Date.parse('2026-03-10T00:00:00Z'))
  t.end()
})

t.test('days between two: the first and not the last', t => {
  t.strictSame(daysBetween('2026-02-27', '2026-03-02'), [
    '2026-02-27',
    '2026-02-28',
    '2026-03-01',
  ])
  t.strictSame(daysBetween('2026-03-02', '2026-03-02'), [])
  t.strictSame(daysBetween('2026-03-03', '2026-03-02'), [])
  t.end()
})

t.test('days are counted over months, years and leap days', t => {
  t.equal(addDays('2026-01-01', -1), '2025-12-31')
  t.equal(addDays('2024-02-28', 1), '2024-02-29')
  t.equal(addDays('2026-02-28', 1), '2026-03-01')
  fc.assert(
    fc.property(
      fc.nat({ max: 4e12 }),
      fc.integer({ min: -99, max: 99 }),
      (time, count) => {
        const day = dayOf(time)
        return addDays(addDays(day, count), -count) === day
      },
    ),
  )
  t.end()
})

t.test('a day has its folder in each layout', t => {
  t.equal(dayPrefix('a/', 'date', '2026-03-09'), 'a/2026/03/09/')
  t.equal(dayPrefix('', 'hive', '2026-03-09'), 'year=2026/month=03/day=09/')
  t.end()
})

t.test('folders named after years, months and days', t => {
  for (const name of ['1999', '2026']) t.equal(yearLayout(name), 'date', name)
  t.equal(yearLayout('year=2026'), 'hive')
  for (const name of ['', '20260', '202', '1812', '3000', 'x2026', 'year=26'])
    t.equal(yearLayout(name), undefined, name)
  t.end()
})

/** What a name below a folder makes of that. */
const next = (prefix: string, name: string): unknown => {
  const dated = datedFolder(prefix)
  return dated?.isNext(name) && [dated.layout, dated.leaf]
}

t.test('folders of years and months lead to a leaf, always with zeros', t => {
  t.strictSame(next('a/2026/', '01'), ['date', 'a/'])
  t.strictSame(next('2026/12/', '31'), ['date', ''])
  t.strictSame(next('2024/2026/', '12'), ['date', '2024/'])
  t.strictSame(next('a/year=2026/', 'month=12'), ['hive', 'a/'])
  t.strictSame(next('year=2026/month=01/', 'day=07'), ['hive', ''])
  for (const name of ['00', '13', '1', 'month=01', '', 'x'])
    t.notOk(next('2026/', name), name)
  for (const name of ['00', '32', '1', '', 'day=01'])
    t.notOk(next('2026/01/', name), name)
  for (const name of ['month=1', 'month=13', '01', 'dt=2026-01-01'])
    t.notOk(next('year=2026/', name), name)
  for (const prefix of ['', 'a/', '2026/1/', '2026/01/01/', 'year=2026/01/'])
    t.equal(datedFolder(prefix), undefined, prefix)
  t.end()
})

// What is stored of each object's records, in whatever order it came: the same
// answers as of a plain set of numbers.

import fc from 'fast-check'
import t from 'tap'
import { StoredRecords, type Stretch } from '../../src/verify/stored-records.ts'

function plainMissing(numbers: ReadonlySet<number>, count: number): Stretch[] {
  const missing: Stretch[] = []
  for (let number = 1; number <= count; number++) {
    if (numbers.has(number)) continue
    const last = missing.at(-1)
    if (last?.to === number - 1) last.to = number
    else missing.push({ from: number, to: number })
  }
  return missing
}

t.test('the beginning, the middle and the end', t => {
  const stored = new StoredRecords()
  const add = (object: string, ...records: number[]): void => {
    for (const record of records) stored.add(object, record)
  }
  add('whole', 1, 2, 3)
  add('first', 2, 3)
  add('middle', 1, 3)
  add('last', 1, 2)
  t.strictSame(stored.missing('whole', 3), [])
  t.strictSame(stored.missing('first', 3), [{ from: 1, to: 1 }])
  t.strictSame(stored.missing('middle', 3), [{ from: 2, to: 2 }])
  t.strictSame(stored.missing('last', 3), [{ from: 3, to: 3 }])
  t.strictSame(stored.missing('none', 3), [{ from: 1, to: 3 }])
  t.strictSame(stored.missing('none', 0), [], 'it has no records')
  t.equal(stored.highest('middle'), 3)
  t.equal(stored.highest('last'), 2)
  t.equal(stored.highest('none'), 0)
  t.equal(stored.size, 4)
  for (const odd of [0, -1, 1.5, Number.NaN, 2 ** 32, Infinity])
    t.notOk(stored.add('whole', odd))
  t.strictSame(stored.missing('whole', 3), [])
  t.end()
})

t.test('as a set of numbers, in any order, with repeats', t => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 30 })), {
        maxLength: 150,
      }),
      fc.nat(35),
      (added, count) => {
        const stored = new StoredRecords()
        const plain = new Map<string, Set<number>>()
        let repeats = 0
        for (const [which, record] of added) {
          const name = `s3://logs/${which}`
          const numbers = plain.get(name) ?? new Set()
          if (numbers.has(record)) repeats++
          plain.set(name, numbers.add(record))
          stored.add(name, record)
        }
        t.equal(stored.repeats, repeats)
        for (const [name, numbers] of plain) {
          t.strictSame(
            stored.missing(name, count, 100),
            plainMissing(numbers, count),
          )
          t.strictSame(
            stored.missing(name, count, 2),
            plainMissing(numbers, count).slice(0, 2),
          )
          t.equal(stored.highest(name), Math.max(...numbers))
        }
      },
    ),
    { numRuns: 200 },
  )
  t.end()
})

t.test('a hundred thousand objects, each known by its name', t => {
  const stored = new StoredRecords()
  const count = 100_000
  for (let pass = 1; pass <= 2; pass++)
    for (let number = 0; number < count; number++)
      stored.add(`s3://logs/${number}`, pass === 1 ? 2 : 1)
  t.equal(stored.size, count)
  let wrong = 0
  for (let number = 0; number < count; number++)
    if (stored.missing(`s3://logs/${number}`, 2).length > 0) wrong++
  t.equal(wrong, 0)
  t.equal(stored.repeats, 0)
  t.end()
})

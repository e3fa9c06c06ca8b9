// The stored records of each object are kept compactly. The answers are those of
// a plain set of numbers, in any order of arrival.

import fc from 'fast-check'
import t from 'tap'
import {
  StoredRecords,
  type Stretch,
} from '../../../src/verify/stored/stored-records.ts'

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

t.test('gaps at the start, in the middle and at the end are found', t => {
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
  t.equal(stored.size, 4)
  for (const odd of [0, -1, 1.5, Number.NaN, 2 ** 32, Infinity])
    t.notOk(stored.add('whole', odd))
  t.strictSame(stored.missing('whole', 3), [])
  t.end()
})

t.test('any order, with repeats, gives the answers of a set', t => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 100 })), {
        maxLength: 400,
      }),
      fc.nat(110),
      (added, count) => {
        const stored = new StoredRecords()
        const plain = new Map<string, Set<number>>()
        const repeats = new Map<string, number>()
        for (const [which, record] of added) {
          const name = `s3://logs/${which}`
          const numbers = plain.get(name) ?? new Set()
          if (numbers.has(record))
            repeats.set(name, (repeats.get(name) ?? 0) + 1)
          plain.set(name, numbers.add(record))
          stored.add(name, record)
        }
        t.equal(
          stored.repeats,
          [...repeats.values()].reduce((a, b) => a + b, 0),
        )
        for (const [name, numbers] of plain) {
          t.strictSame(
            stored.missing(name, count, 1000),
            plainMissing(numbers, count),
          )
          t.strictSame(
            stored.missing(name, count, 2),
            plainMissing(numbers, count).slice(0, 2),
          )
          t.equal(stored.repeatsOf(name), repeats.get(name) ?? 0)
        }
      },
    ),
    { numRuns: 200 },
  )
  t.end()
})

t.test('a hundred thousand objects are known by their names', t => {
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

function shuffled(count: number): Uint32Array {
  const numbers = Uint32Array.from({ length: count }, (_, at) => at + 1)
  let seed = 1
  for (let at = count - 1; at > 0; at--) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff
    const other = seed % (at + 1)
    const number = numbers[at] as number
    numbers[at] = numbers[other] as number
    numbers[other] = number
  }
  return numbers
}

t.test('a million shuffled records of one object are known', t => {
  const stored = new StoredRecords()
  const count = 1_000_000
  const numbers = shuffled(count)
  const [last = 0] = numbers.slice(-1)
  for (const number of numbers.subarray(0, -1)) stored.add('one', number)
  t.strictSame(stored.missing('one', count), [{ from: last, to: last }])
  stored.add('one', last)
  t.strictSame(stored.missing('one', count), [])
  t.equal(stored.repeats, 0)
  t.end()
})

t.test('records out of order take little memory', t => {
  const stored = new StoredRecords()
  const count = 100_000
  const before = process.memoryUsage()
  for (const number of shuffled(3 * count))
    stored.add(`s3://logs/${Math.ceil(number / 3)}`, (number % 3) + 1)
  stored.add('one', 2 ** 31 - 1)
  const after = process.memoryUsage()
  t.ok(after.arrayBuffers - before.arrayBuffers < 20_000_000)
  let wrong = 0
  for (let number = 1; number <= count; number++)
    if (stored.missing(`s3://logs/${number}`, 3).length > 0) wrong++
  t.equal(wrong, 0)
  t.equal(stored.repeats, 0)
  t.end()
})

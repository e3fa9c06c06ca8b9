// Numbers, sizes, times and tables as people read them.
import t from 'tap'
import { counted, number, size, span, table } from '../../src/report/words.ts'

t.test('says how long, to two units', async t => {
  for (const [seconds, text] of [
    [-5, '0 s'],
    [59.6, '1 min'],
    [61, '1 min 1 s'],
    [3600, '1 h'],
    [7_300, '2 h 1 min'],
    [90_000, '1 d 1 h'],
  ] as const)
    t.equal(span(seconds), text)
})

t.test('says how much, in a unit that fits', async t => {
  for (const [bytes, text] of [
    [0, '0 bytes'],
    [1023, '1,023 bytes'],
    [1024, '1.0 KiB'],
    [10 * 1024, '10 KiB'],
    [1.5 * 1024 ** 3, '1.5 GiB'],
    [5000 * 1024 ** 4, '5,000 TiB'],
  ] as const)
    t.equal(size(bytes), text)
})

t.test('says how many', async t => {
  t.equal(number(1234567), '1,234,567')
  t.equal(counted(0, 'object'), '0 objects')
  t.equal(counted(1, 'record'), '1 record')
  t.equal(counted(1000, 'object'), '1000 objects')
})

t.test('makes columns as wide as their widest cell', async t => {
  t.strictSame(
    table([
      ['a', 'bb', 'c'],
      ['aaa', '', ''],
      ['a', 'b'],
    ]),
    ['a    bb  c', 'aaa', 'a    b'],
  )
})

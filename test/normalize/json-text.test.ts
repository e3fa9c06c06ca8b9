import t from 'tap'
import { isCount, numberText } from '../../src/normalize/json-text.ts'

t.test('numbers are valid JSON, and texts where they are not safe', async t => {
  const table: [unknown, string | undefined][] = [
    ['0', '0'],
    ['443', '443'],
    ['0443', '443'],
    ['00', '0'],
    ['-1', '-1'],
    ['-0', '0'],
    ['1.0', '1'],
    ['1.5', '"1.5"'],
    ['999999999999999', '999999999999999'],
    ['9007199254740991', '9007199254740991'],
    ['9007199254740993', '"9007199254740993"'],
    ['18446744073709551616', '"18446744073709551616"'],
    [12, '12'],
    [1.5, '"1.5"'],
    [1e21, '"1e+21"'],
  ]
  for (const [value, text] of table)
    t.equal(numberText(value), text, String(value))
  const others = [
    '',
    '-',
    'None',
    '1e3',
    '0x10',
    ' 1',
    '1 ',
    '+1',
    '1.',
    '.5',
    '١',
  ]
  for (const value of [...others, null, undefined, true, {}, [1]])
    t.equal(numberText(value), undefined, String(value))
})

const count = (text: string) =>
  isCount(Buffer.from(`7${text}7`), 1, text.length + 1)

t.test('counts are whole numbers as JSON writes them', async t => {
  for (const text of ['0', '7', '443', '999999999999999'])
    t.ok(count(text), text)
  for (const text of [
    '',
    '-',
    '-1',
    '00',
    '07',
    '1.0',
    '1e3',
    '9999999999999999',
    ' 1',
    '١',
  ])
    t.notOk(count(text), text)
})

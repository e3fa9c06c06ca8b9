import fc from 'fast-check'
import t from 'tap'
import { escaped, numberText, quote } from '../../src/normalize/json-text.ts'

t.test('texts are escaped exactly as JSON.stringify does', async () => {
  const unit = fc.constantFrom(
    'a',
    '"',
    '\\',
    '\n',
    '\0',
    '\u2028',
    '\ud800',
    '😀',
    'é',
    '\x7f',
  )
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.string({ unit }), fc.string({ unit: 'binary' })),
      text =>
        quote(text) === JSON.stringify(text) &&
        `"${escaped(text)}"` === JSON.stringify(text),
    ),
    { numRuns: 2000 },
  )
})

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

// The reader against every awkward file: encodings, line ends, and values that
// the ini package by itself would cut, convert or drop.
import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { readIni } from '../../src/settings/parse-ini.ts'

const read = (text: string) => readIni(Buffer.from(text))
const valueOf = (value: string) => read(`Name=${value}`)[0]?.value

t.test('gives each entry its name, value and line number', t => {
  const text = '[S3]\n\nRegion = us-east-1\n# note\n  ; note\nBucketName=b\n'
  t.same(read(text), [
    { name: 'Region', value: 'us-east-1', line: 3 },
    { name: 'BucketName', value: 'b', line: 6 },
  ])
  t.same(read(''), [])
  t.end()
})

t.test('reads UTF-8 and UTF-16, with and without a byte order mark', t => {
  const text = '# Größe\nFilePath=größe/☃/𝒳\n'
  const little = Buffer.from(text, 'utf16le')
  const big = Buffer.from(little).swap16()
  const files = {
    'UTF-8': Buffer.from(text),
    'UTF-8 with BOM': Buffer.from(`\ufeff${text}`),
    'UTF-16 LE': little,
    'UTF-16 LE with BOM': Buffer.from(`\ufeff${text}`, 'utf16le'),
    'UTF-16 BE': big,
    'UTF-16 BE with BOM': Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
  }
  const expected = [{ name: 'FilePath', value: 'größe/☃/𝒳', line: 2 }]
  for (const [name, bytes] of Object.entries(files))
    t.same(readIni(bytes), expected, name)
  t.end()
})

t.test('reads CRLF, CR and LF and counts each as one line', t => {
  for (const end of ['\r\n', '\r', '\n']) {
    const text = ['[x]', '', 'A=1', '', 'B=2'].join(end)
    t.same(
      read(text).map(({ line }) => line),
      [3, 5],
      JSON.stringify(end),
    )
  }
  t.end()
})

t.test('ignores section headers of any name', t => {
  const names = ['', ' ', 'a.b', '__proto__', 'a]b', 'é', 'a=b', '"x"', '#']
  for (const name of names)
    t.same(read(`[${name}]\nA=1`), [{ name: 'A', value: '1', line: 2 }], name)
  t.same(read('[Plugin] ; ours\n  [Proxy]  # x\n'), [])
  t.end()
})

t.test('takes values literally', t => {
  const values = [
    'a;b a#b #a ;a a=b = a b *.gz __proto__ true false null 1 [x] a[] {}',
    '"a" \'a\' " "a \' "true" "a\\"b" "\\u0041" a\\ \\; \\\\ \\n C:\\x\\y',
    'a\u2028b a\u2029b',
  ].flatMap(some => some.split(' '))
  t.same(values.map(valueOf), values)
  t.equal(valueOf('a \t b'), 'a \t b')
  t.equal(valueOf(''), '')
  t.equal(valueOf('  a ; b  '), 'a ; b', 'but for the white space around it')
  t.end()
})

t.test('gives any text back as it was written', t => {
  const unit = fc.constantFrom(...' \\"\';#=[]ab\u2028')
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit }),
    fc.string({ unit: 'grapheme' }),
  )
  const values = text.map(made => made.replaceAll(/[\r\n]/g, '').trim())
  const names = values
    .map(made => made.replaceAll('=', '').trim())
    .filter(made => !/^[;#[]/.test(made))
  const property = fc.property(names, values, (name, value) => {
    const [, entry] = read(`x\n${name}=${value}\n`)
    assert.deepEqual(entry, { name, value, line: 2 })
  })
  t.doesNotThrow(() => fc.assert(property, { numRuns: 1000 }))
  t.end()
})

t.test('keeps names that mean something to JavaScript or ini harmless', t => {
  const names = ['__proto__', 'constructor', 'toString', 'a[]', 'a.b', '"a"']
  const text = names.map(name => `${name}=1`).join('\n')
  t.same(
    read(text).map(({ name, value }) => [name, value]),
    names.map(name => [name, '1']),
  )
  t.equal(Object.hasOwn(Object.prototype, '1'), false)
  t.end()
})

t.test('keeps every entry of a repeated name', t => {
  t.same(read('A=1\nA=2\na=3'), [
    { name: 'A', value: '1', line: 1 },
    { name: 'A', value: '2', line: 2 },
    { name: 'a', value: '3', line: 3 },
  ])
  t.end()
})

t.test('gives a line without an equals sign no value', t => {
  t.same(read('Region us-east-1'), [
    { name: 'Region us-east-1', value: undefined, line: 1 },
  ])
  t.same(read('[Plugin'), [{ name: '[Plugin', value: undefined, line: 1 }])
  t.end()
})

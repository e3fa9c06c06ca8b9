import { join, resolve } from 'node:path'
import t from 'tap'
import { allowedText, readValue } from '../../src/settings/setting-kinds.ts'
import type { Setting } from '../../src/settings/setting-kinds.ts'

const base = { name: 'X', section: 'S', default: '', description: 'X.' }
const folder = resolve('folder')
const read = (row: Setting, text: string) => readValue(row, text, folder)

t.test('takes whole numbers within their range alone', t => {
  const row: Setting = { ...base, kind: 'integer', range: [0, 300] }
  t.equal(read(row, '0'), 0)
  t.equal(read(row, '300'), 300)
  t.equal(read(row, '030'), 30)
  const wrong = ['301', '-1', '+1', '1.5', '1e2', '0x10', '1 0', '٣', '9e999']
  for (const text of [...wrong, '9'.repeat(400)])
    t.equal(read(row, text), undefined, text)
  t.equal(allowedText(row), '0-300')
  t.end()
})

t.test('takes the usual words for true and false in any case', t => {
  const row: Setting = { ...base, kind: 'boolean' }
  for (const text of ['true', 'YES', 'On', '1']) t.equal(read(row, text), true)
  for (const text of ['False', 'no', 'OFF', '0'])
    t.equal(read(row, text), false)
  for (const text of ['maybe', '2', 't', ''])
    t.equal(read(row, text), undefined)
  t.end()
})

t.test('splits lists at commas and drops blank items', t => {
  const row: Setting = { ...base, kind: 'list' }
  t.same(read(row, ' a ,,b c, '), ['a', 'b c'])
  t.same(read(row, ''), [])
  t.same(read(row, ' , '), [])
  t.end()
})

t.test('takes choices in their own case alone', t => {
  const row: Setting = { ...base, kind: 'choice', choices: ['Aa', 'Bb'] }
  t.equal(read(row, 'Bb'), 'Bb')
  t.equal(read(row, 'bb'), undefined)
  t.equal(read(row, 'constructor'), undefined)
  t.equal(allowedText(row), 'Aa or Bb')
  t.end()
})

t.test('takes some of the choices, each once and in their order', t => {
  const choices = ['Aa', 'Bb', 'Cc']
  const row: Setting = { ...base, kind: 'choices', choices }
  t.same(read(row, 'Cc, Aa,,Cc'), ['Aa', 'Cc'])
  for (const text of ['', ' , ', 'aa', 'Aa,Dd', 'Aa Bb', 'constructor'])
    t.equal(read(row, text), undefined, text)
  t.equal(allowedText(row), 'a comma list of Aa, Bb, Cc')
  t.end()
})

t.test('takes paths relative to the folder', t => {
  const row: Setting = { ...base, kind: 'path' }
  t.equal(read(row, 'a/b'), join(folder, 'a', 'b'))
  t.equal(read(row, resolve('/', 'x')), resolve('/', 'x'))
  t.equal(read(row, ''), '', 'blank stays blank')
  t.end()
})

t.test('gives a prefix no leading and one trailing slash', t => {
  const row: Setting = { ...base, kind: 'prefix' }
  t.equal(read(row, 'AWSLogs'), 'AWSLogs/')
  t.equal(read(row, '//AWSLogs/1/'), 'AWSLogs/1/')
  t.equal(read(row, 'a/𝒳'), 'a/𝒳/')
  t.equal(read(row, 'a+b &%20"c"'), 'a+b &%20"c"/')
  t.equal(read(row, '/'), '')
  t.equal(read(row, ''), '')
  t.end()
})

t.test('takes http and https URLs without credentials', t => {
  const row: Setting = { ...base, kind: 'url' }
  for (const text of ['http://127.0.0.1:9000', 'https://s3.example.com/x', ''])
    t.equal(read(row, text), text)
  for (const text of ['s3.example.com', 'ftp://a', 'http://', 'http://u:p@h'])
    t.equal(read(row, text), undefined, text)
  t.end()
})

t.test('takes a share of so many', t => {
  const row: Setting = { ...base, kind: 'shard' }
  t.strictSame(read(row, '2/3'), { index: 2, of: 3 })
  t.strictSame(read(row, '1/1'), { index: 1, of: 1 })
  t.strictSame(read(row, '1000/1000'), { index: 1000, of: 1000 })
  const wrong = ['0/3', '4/3', '1/0', '0/0', '1/1001', '-1/3', '1.5/3', '2']
  for (const text of [...wrong, '2 / 3', '2/3/4', '2/', '/3', '', 'a/b', '²/3'])
    t.equal(read(row, text), undefined, text)
  t.equal(allowedText(row), 'i/n, 1/1 to 1000/1000')
  t.end()
})

t.test('holds a text to its pattern, if it has one', t => {
  const row: Setting = { ...base, kind: 'text', pattern: /^[a-z]+$/ }
  t.equal(read(row, 'abc'), 'abc')
  t.equal(read(row, 'a c'), undefined)
  t.equal(read({ ...base, kind: 'text' }, 'a c'), 'a c')
  t.equal(read({ ...base, kind: 'secret' }, '"a;c'), '"a;c')
  t.end()
})

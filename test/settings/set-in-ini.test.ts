// A value goes in, and every other byte stays: over inis of all encodings, line
// ends and spacings, also damaged ones. What was written is read back.
import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { readIni } from '../../src/settings/parse-ini.ts'
import { setInIni } from '../../src/settings/set-in-ini.ts'

const VALUE = 'lrs3:1:abc_DEF-123'
const set = (text: string, name = 'SecretAccessKey') => {
  const { bytes, ...more } = setInIni(Buffer.from(text), name, VALUE)
  return { text: bytes.toString(), ...more }
}

t.test('the value is replaced where it stands', async t => {
  const text = '# a\n[S3]\nRegion=r\n  secretaccesskey =  old ; x \t\nB=c'
  t.strictSame(set(text), {
    text: `# a\n[S3]\nRegion=r\n  secretaccesskey =  ${VALUE}\nB=c`,
    line: 4,
    isNew: false,
    idle: [],
  })
  t.equal(set('SecretAccessKey=').text, `SecretAccessKey=${VALUE}`)
  t.equal(set('SecretAccessKey=a=b=').text, `SecretAccessKey=${VALUE}`)
})

t.test(
  'of several the last is replaced, as it is the one that holds',
  async t => {
    const text =
      'SecretAccessKey=a\nSecretAccessKey\nsecretACCESSkey=b\n#SecretAccessKey=c\n'
    t.strictSame(set(text), {
      text: text.replace('=b', `=${VALUE}`),
      line: 3,
      isNew: false,
      idle: [1],
    })
  },
)

t.test('a new one goes beside its neighbours', async t => {
  const line = `SecretAccessKey=${VALUE}`
  for (const [before, after] of [
    ['', `${line}\n`],
    ['\n', `\n${line}\n`],
    ['Sw=1', `Sw=1\n${line}`],
    ['# only\r\n', `# only\r\n${line}\r\n`],
    [
      '[S3]\r\nAccessKeyId=a\r\nRegion=r\r\n[Plugin]\r\nSweepMinutes=1\r\n',
      `[S3]\r\nAccessKeyId=a\r\n${line}\r\nRegion=r\r\n[Plugin]\r\nSweepMinutes=1\r\n`,
    ],
    [
      'BucketName=b\n\n[Proxy]\nUserName=u',
      `BucketName=b\n${line}\n\n[Proxy]\nUserName=u`,
    ],
    ['Region=r', `Region=r\n${line}`],
    ['Region=r\rX=1', `Region=r\r${line}\rX=1`],
  ] as const)
    t.strictSame(set(before).text, after, JSON.stringify(before))
  t.equal(
    set('ProxyServer=p\nUserName=u\nRegion=r\n', 'Password').text,
    `ProxyServer=p\nUserName=u\nPassword=${VALUE}\nRegion=r\n`,
  )
  t.match(set('a=1\nRegion=r\n'), { line: 3, isNew: true, idle: [] })
})

const names = fc.constantFrom(
  'Region',
  'SecretAccessKey',
  'secretaccesskey',
  'ACCESSKEYID',
  'X',
)
const blanks = fc.constantFrom('', ' ', '\t ', '  ')
const ends = fc.constantFrom('\n', '\r\n', '\r')
const words = fc
  .string({ unit: 'grapheme', maxLength: 12 })
  .map(text => text.replaceAll(/[\r\n]/g, ''))
const lines = fc.oneof(
  fc
    .tuple(blanks, names, blanks, blanks, words)
    .map(([a, name, b, c, value]) => `${a}${name}${b}=${c}${value}`),
  words.map(text => `# ${text}`),
  fc.constantFrom(
    '',
    '[S3]',
    '[Plugin] ; x',
    ';SecretAccessKey=old',
    'SecretAccessKey',
  ),
)
const inis = fc
  .array(fc.tuple(lines, ends), { maxLength: 12 })
  .map(all => all.flat().join(''))
const encodings: Record<string, (text: string) => Buffer> = {
  utf8: text => Buffer.from(text),
  'utf8 with BOM': text => Buffer.from(`\ufeff${text}`),
  // Invalid in UTF-8, as an ini of an old Windows is.
  latin1: text => Buffer.from(`# Größe\n${text}`, 'latin1'),
  'utf16le with BOM': text => Buffer.from(`\ufeff${text}`, 'utf16le'),
  'utf16be with BOM': text => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
  utf16le: text => Buffer.from(`# x\n${text}`, 'utf16le'),
}

const isOurs = (name: string) => name.toLowerCase() === 'secretaccesskey'

t.test('keeps every other byte, and is read back', async t => {
  const property = fc.property(
    inis,
    fc.constantFrom(...Object.keys(encodings)),
    fc.boolean(),
    (text, encoding, isOpen) => {
      const encode = encodings[encoding] ?? Buffer.from
      const old = encode(isOpen ? text.replace(/[\r\n]+$/, '') : text)
      const before = readIni(old)
      const { bytes, line, isNew, idle } = setInIni(
        old,
        'SecretAccessKey',
        VALUE,
      )
      const after = readIni(bytes)
      const mine = before.filter(
        ({ name, value }) => isOurs(name) && value !== undefined,
      )
      assert.equal(isNew, mine.length === 0)
      assert.deepEqual(
        idle,
        mine.slice(0, -1).map(entry => entry.line),
      )
      const written = after.find(entry => entry.line === line)
      assert.equal(written?.value, VALUE)
      // All other entries are as they were, one line further down after a new one.
      const others = after.filter(entry => entry !== written)
      const expected = before
        .filter(entry => isNew || entry !== mine.at(-1))
        .map(entry => ({
          ...entry,
          line: entry.line + Number(isNew && entry.line >= line),
        }))
      assert.deepEqual(others, expected)
      // The bytes before and after the change are the old ones.
      let start = 0
      while (start < old.length && old[start] === bytes[start]) start++
      let end = 0
      while (
        end < old.length - start &&
        old.at(-1 - end) === bytes.at(-1 - end)
      )
        end++
      const changed = old.subarray(start, old.length - end)
      const held = Buffer.from(mine.at(-1)?.value ?? '', 'utf8').length
      assert.ok(
        changed.length <= 2 * held + 40,
        `${changed.length} bytes changed`,
      )
      if (isNew) assert.ok(changed.length === 0, 'nothing is lost')
    },
  )
  t.doesNotThrow(() => fc.assert(property, { numRuns: 2000 }))
})

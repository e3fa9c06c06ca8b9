// Secrets, the ways to write them and what stands around them, drawn: no way,
// nor one within another, nor white space in it, lets a secret through, and a
// text without one stays as it is.

import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { conceal, concealed } from '../../src/report/conceal.ts'

type Way = (text: string) => string

const hexOf = (unit: string, digits = 2): string =>
  unit.charCodeAt(0).toString(16).padStart(digits, '0')
const eachByte = (text: string, write: Way): string =>
  Array.from(Buffer.from(text).toString('latin1'), write).join('')
const eachUnit = (text: string, write: Way): string =>
  text.split('').map(write).join('')
const eachCode = (text: string, write: (code: number) => string): string =>
  Array.from(text, one => write(one.codePointAt(0) ?? 0)).join('')

const percent: Way = text => eachByte(text, byte => `%${hexOf(byte)}`)
const NAMES: Readonly<Record<string, string>> = {
  '&': 'amp',
  '"': 'quot',
  '/': 'sol',
  '+': 'plus',
}
const ESCAPED: readonly Way[] = [
  String,
  encodeURIComponent,
  percent,
  text => percent(text).toUpperCase(),
  text => eachByte(text, one => (/[A-M\d]/.test(one) ? one : `%${hexOf(one)}`)),
  text => new URLSearchParams({ '': text }).toString().slice(1),
  text => eachUnit(text, unit => `%u${hexOf(unit, 4)}`),
  text => JSON.stringify(text).slice(1, -1),
  text => JSON.stringify(text).slice(1, -1).replaceAll('/', '\\/'),
  text => eachUnit(text, unit => `\\u${hexOf(unit, 4).toUpperCase()}`),
  text => eachCode(text, code => `\\u{${code.toString(16)}}`),
  text => eachCode(text, code => `&#x${code.toString(16)};`),
  text => eachCode(text, code => `&#${code};`),
  text => eachCode(text, code => `&#${String(code).padStart(6, '0')};`),
  text => text.replace(/[&"/+]/g, one => `&${NAMES[one]};`),
]
const UNENDED: Way = text => eachCode(text, code => `&#${code}`)
const ENCODED: readonly Way[] = [
  text => Buffer.from(text).toString('hex'),
  text => Buffer.from(text).toString('hex').toUpperCase(),
  text => Buffer.from(text).toString('base64'),
  text => Buffer.from(text).toString('base64url'),
]

const broken = (text: string, width: number, by: string): string =>
  (text.match(new RegExp(`[^]{1,${width}}`, 'gu')) ?? []).join(by)

const secret = fc
  .oneof(
    fc.base64String({ minLength: 8, maxLength: 60 }),
    fc.string({ minLength: 8, maxLength: 60 }),
    fc.string({ minLength: 8, maxLength: 40, unit: 'binary' }),
    fc.stringMatching(/^[%&\\#;uxn0-9a-f +-]{8,20}$/),
  )
  .map(text => text.trim())
  .filter(
    text =>
      text.replace(/\s/g, '').length >= 8 &&
      Buffer.from(text).toString() === text,
  )
// Within another, or broken, one without an end may mean too much.
const ways = fc.oneof(
  fc.tuple(
    fc.constantFrom(...ESCAPED, ...ENCODED),
    fc.constantFrom(...ESCAPED),
  ),
  fc.tuple(fc.constant(UNENDED), fc.constant(String)),
)
const around = fc.constantFrom(
  '',
  ' ',
  '<',
  '~100%',
  '%4',
  '\\',
  '\\u00',
  'a&b ',
  '&#',
  'x=',
  '"',
  '\r\n',
)
const breaks = fc.constantFrom('', '', ' ', '\n', '\r\n ', '\t')

t.test('no way to write a secret shows it', async () => {
  fc.assert(
    fc.property(
      secret,
      ways,
      fc.integer({ min: 1, max: 20 }),
      breaks,
      around,
      around,
      (text, [inner, outer], width, by, before, after) => {
        conceal(text)
        const written = broken(
          outer(inner(text)),
          width,
          inner === UNENDED ? '' : by,
        )
        const rest = concealed(before + written + after)
        assert.match(rest, /\*\*\*/)
        // Base64 holds bits of the secret together with others in its end.
        const most = broken(outer('aa=='), 1, by).length
        assert(rest.length <= before.length + 3 + after.length + most, rest)
      },
    ),
    { numRuns: Number(process.env['RUNS'] ?? 400) },
  )
})

t.test('messages stay as they are', async t => {
  conceal(
    'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    'Tr0ub4dor&3',
    'p%61ss%2Fword',
  )
  for (const text of [
    'GET /logs?list-type=2&prefix=AWSLogs%2F111122223333%2FCloudTrail%2Fus-east-1%2F2026%2F11%2F30%2F&start-after=AWSLogs%2F1%25',
    'reading s3://logs/a%41%42&#65;\\u0041\\x41/b.gz: AccessDenied (Access Denied)',
    '100% &amp; \\ &; %u &#; %% \\u \\\\ \ud800 é 😀',
    '{"message":"line 1\\nline 2","key":"a\\/b"}',
    'word pass, p%61ss/word and Tr0ub4dor',
  ])
    t.equal(concealed(text), text)
})

t.test('a text made to be slow is read all the same', async t => {
  conceal(
    '%%%%%%%%%%%%%%%%%%%%%%%%25',
    '\\\\\\\\\\\\\\\\\\\\\\\\',
    'aaaaaaaaaaaaaaaaaaaaaaab',
  )
  for (const piece of [
    '%25',
    '%',
    '\\',
    '&amp;',
    '&#37;',
    '&#x',
    '\\u',
    'a',
    'a ',
    '%61',
    '\\\\u0061',
    ' ',
  ])
    t.type(concealed(piece.repeat(4000 / piece.length)), 'string', piece)
})

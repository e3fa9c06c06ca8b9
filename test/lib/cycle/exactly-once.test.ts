// The oracle itself: it finds each way in which a promise can be broken, and
// nothing where none is.

import t from 'tap'
import { differences, stockOf, type Stock } from './exactly-once.ts'
import { cloudTrailObject } from '../hosts/collector.ts'
import { startS3 } from '../s3/sdk-client.ts'

const stock: Stock = new Map([
  ['a', ['{"n":1}', '{"n":2}', '{"n":3}', '{"n":4}']],
  ['b', ['{"n":5}']],
])
const line = (key: string, number: number, more: object = {}): string =>
  `${JSON.stringify({
    s3_object: `s3://logs/${key}`,
    s3_record: number,
    original_message: stock.get(key)?.[number - 1],
    ...more,
  })}\n`
const a = (...numbers: number[]): string =>
  numbers.map(number => line('a', number)).join('')
const b = line('b', 1)

t.test('finds nothing where all came once', async t => {
  t.strictSame(differences(stock, [{ stdout: a(1, 2, 3, 4) + b }]), [])
  const runs = [{ stdout: a(1, 2) }, { stdout: '' }, { stdout: b + a(3, 4) }]
  t.strictSame(differences(stock, runs), [])
  const cut = { stdout: `${a(1, 2)}{"s3_o`, cut: true }
  t.strictSame(differences(stock, [cut, { stdout: a(3, 4) + b }]), [])
})

t.test('says what is missing or came again', async t => {
  t.strictSame(differences(stock, [{ stdout: a(1) }, { stdout: a(3) }]), [
    'missing: a #2, #4 of 4',
    'missing: b #1 of 1',
  ])
  const again = [{ stdout: a(1, 2, 3, 4) }, { stdout: a(2, 3) + b }]
  const repeatBytes = Buffer.byteLength(a(2, 3))
  t.strictSame(differences(stock, again), [
    `${repeatBytes} bytes of repeats, 0 are allowed`,
    'repeated: a #2-3',
  ])
  t.strictSame(differences(stock, again, { repeatBytes }), [])
})

t.test('says what is wrong with a line', async t => {
  const all = a(1, 2, 3, 4) + b
  for (const [stdout, problem] of [
    [`${all}{"s3`, /^run 1: the last line is cut: \{"s3$/],
    [`${all}\n`, /^run 1, line 6: no JSON/],
    [`${all}7\n`, /^run 1, line 6: no object/],
    [all + line('a', 5), /a #5 is not in the bucket/],
    [all + line('c', 1), /c #1 is not in the bucket/],
    [a(1, 2, 4, 3) + b, /^run 1, line 3: a #4 after #2/],
    [a(1, 2) + b + a(3, 4), /^run 1, line 4: a goes on after another/],
    [all.replace('5', '6'), /line 5: original_message is not \{"n":5\}/],
    [a(1, 2, 3, 4) + line('b', 1, { original_message: '{"n' }), /line 5/],
    [all + line('b', 1, { truncated: true }), /line 6: original_message/],
  ] as const)
    t.match(differences(stock, [{ stdout }])[0], problem)
  const full = { maxRecordBytes: Buffer.byteLength(b) }
  t.strictSame(differences(stock, [{ stdout: all }], full), [])
  const less = { maxRecordBytes: Buffer.byteLength(b) - 1 }
  t.match(differences(stock, [{ stdout: all }], less)[0], /line 1: \d+ bytes/)
  const cut = line('b', 1, { original_message: '{"n', truncated: true })
  t.strictSame(differences(stock, [{ stdout: a(1, 2, 3, 4) + cut }]), [])
})

t.test('reads what lies in a bucket', async t => {
  const s3 = await startS3(t)
  s3.put('plain', '{"Records":[{"n":1},{"n":"é"}]}')
  s3.put('zipped', cloudTrailObject(2))
  const stock = stockOf(s3)
  t.strictSame(stock.get('plain'), ['{"n":1}', '{"n":"é"}'])
  t.equal(stock.get('zipped')?.length, 2)
  s3.put('broken', '{')
  t.throws(() => stockOf(s3))
})

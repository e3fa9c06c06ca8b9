import { isIP } from 'node:net'
import fc from 'fast-check'
import t from 'tap'
import { addressIn, isAddress } from '../../src/normalize/is-address.ts'

t.test('addresses are told from names as net.isIP tells them', async t => {
  const texts =
    `203.0.113.5|0.0.0.0|255.255.255.255|255.090.254.5|256.1.1.1|1.2.3|
    1.2.3.4.5|1..2.3|.1.2.3|1.2.3.4.|01.2.3.4|00.1.1.1|1.2.3.0000||-|1|
    1.2.3.4 |::|::1|2001:db8::8a2e:370:7334|2001:DB8::1|00ab::1|
    ::ffff:10.0.0.1|fe80::1%eth0|1::2::3|:::|300::|12345::|
    AWS Internal|AWS Internal/3|cloudtrail.amazonaws.com|10.0.0.1:80|
    １.2.3.4|99999999999999999999.1.1.1|1.2.3.4:5::`.split(/\|\n? */)
  for (const text of texts)
    t.equal(isAddress(Buffer.from(text)), isIP(text) > 0, JSON.stringify(text))
  const parts = fc.constantFrom(
    ...'0123456789.:af'.split(''),
    '25',
    '255',
    '::',
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.ipV4(),
        fc.ipV6(),
        fc.string(),
        fc.array(parts, { maxLength: 20 }).map(all => all.join('')),
      ),
      text => isAddress(Buffer.from(text)) === isIP(text) > 0,
    ),
    { numRuns: 2000 },
  )
})

t.test('of texts that commas join the first address is found', async () => {
  const part = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.constantFrom('', 'a', '1.2.3', 'AWS Internal'),
  )
  const gap = fc.constantFrom('', ' ', '  ')
  fc.assert(
    fc.property(
      fc.array(fc.tuple(gap, part, gap), { minLength: 2, maxLength: 5 }),
      fc.string(),
      (parts, before) => {
        const text = parts.map(one => one.join('')).join(',')
        const bytes = Buffer.from(`${before}${text},::1`)
        const start = Buffer.byteLength(before)
        const found = addressIn(bytes, start, bytes.length - ',::1'.length)
        const expected = parts.find(([, one]) => isIP(one) > 0)?.[1]
        return found === undefined
          ? expected === undefined
          : bytes.toString('utf8', found.from, found.to) === expected
      },
    ),
  )
})

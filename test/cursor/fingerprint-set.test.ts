import fc from 'fast-check'
import t from 'tap'
import {
  fingerprint,
  FingerprintSet,
} from '../../src/cursor/fingerprint-set.ts'

const member = fc.oneof(
  fc.bigInt(0n, 2n ** 64n - 1n),
  // Few enough to meet again.
  fc.bigInt(0n, 40n),
  fc.constantFrom(0n, 2n ** 63n, 2n ** 64n - 1n),
)

const ascending = (a: bigint, b: bigint) => (a < b ? -1 : 1)

function bigEndian(members: readonly bigint[]): string {
  const hex = members.map(each => each.toString(16).padStart(16, '0')).join('')
  return Buffer.from(hex, 'hex').toString('base64')
}

function decoded(texts: Iterable<string>): bigint[] {
  const members: bigint[] = []
  for (const text of texts)
    for (const hex of Buffer.from(text, 'base64')
      .toString('hex')
      .match(/.{16}/g) ?? [])
      members.push(BigInt(`0x${hex}`))
  return members
}

t.test('an empty set has nothing, and no text', async t => {
  const set = new FingerprintSet()
  t.equal(set.has(0n), false)
  t.equal(set.size, 0)
  t.strictSame([...set.encoded()], [])
})

t.test('text is the base64 of 8-byte big-endian numbers in order', async t => {
  const set = new FingerprintSet()
  set.add(2n ** 64n - 1n)
  set.add(0x0102030405060708n)
  // 01 02 03 04 05 06 07 08 ff ff ff ff ff ff ff ff
  t.strictSame([...set.encoded()], ['AQIDBAUGBwj//////////w=='])
})

t.test('answers as a plain Set does, whatever is done to it', async () => {
  const action = fc.oneof(
    fc.record({ do: fc.constant('add'), of: fc.array(member) }),
    fc.record({
      do: fc.constant('text'),
      of: fc.array(member, { maxLength: 200 }),
    }),
    fc.record({ do: fc.constant('has'), of: fc.array(member) }),
    fc.record({ do: fc.constant('size'), of: fc.constant([]) }),
    fc.record({ do: fc.constant('encoded'), of: fc.constant([]) }),
  )
  fc.assert(
    fc.property(
      fc.array(action, { size: '+1' }),
      fc.integer({ min: 1, max: 50 }),
      (actions, perText) => {
        const set = new FingerprintSet()
        const oracle = new Set<bigint>()
        for (const { do: what, of } of actions) {
          for (const each of of)
            if (what === 'has' && set.has(each) !== oracle.has(each))
              return false
            else if (what === 'add') set.add(each)
          if (what === 'text') set.addEncoded(bigEndian(of))
          if (what !== 'has') for (const each of of) oracle.add(each)
          if (what === 'size' && set.size !== oracle.size) return false
          if (what !== 'encoded') continue
          const texts = [...set.encoded(perText)]
          const inOrder = [...oracle].toSorted(ascending).join()
          if (decoded(texts).join() !== inOrder) return false
          if (texts.some(text => text.length > Math.ceil(perText / 3) * 32))
            return false
        }
        return set.size === oracle.size
      },
    ),
  )
})

t.test('a set of many members comes back from its text', async t => {
  const set = new FingerprintSet()
  // A full-period generator modulo 2^64: no member comes twice.
  const nth: bigint[] = []
  let state = 1n
  for (let i = 0; i < 30_000; i++) {
    nth.push(state)
    state = BigInt.asUintN(64, state * 6364136223846793005n + 1n)
  }
  for (const each of nth) set.add(each)
  t.equal(set.size, nth.length)

  const texts = [...set.encoded()]
  t.ok(texts.join('').length <= 11 * nth.length, 'at most 11 bytes each')
  const reloaded = new FingerprintSet()
  for (const text of texts) reloaded.addEncoded(text)
  t.ok(nth.every(each => reloaded.has(each)))
  t.notOk(reloaded.has(state))
  t.equal(reloaded.size, nth.length)
  t.strictSame([...reloaded.encoded()], texts)
})

t.test(
  'one by one as commits bring them, before and after big texts',
  async t => {
    const all = Array.from({ length: 500 }, (_, i) => BigInt(i) << 50n)
    const set = new FingerprintSet()
    set.addEncoded(bigEndian(all.slice(100)))
    for (const each of all.slice(0, 300)) set.addEncoded(bigEndian([each]))
    t.equal(set.size, 500)
    set.addEncoded(bigEndian(all))
    t.equal(set.size, 500)
    t.strictSame(decoded(set.encoded()), all)
  },
)

// These digests are from sha256sum(1).
t.test(
  'a fingerprint is the head of the SHA-256 of size, space and key in UTF-8',
  async t => {
    t.equal(
      fingerprint('AWSLogs/é 1.json.gz', 123).toString(16).padStart(16, '0'),
      'cd34d56df37d699c',
    )
    t.equal(
      fingerprint('3a', 12).toString(16).padStart(16, '0'),
      'a5c59c03b7422456',
    )
  },
)

t.test(
  'a fingerprint tells apart what runs together when size and key are joined',
  async t => {
    t.not(fingerprint('3a', 12), fingerprint('23a', 1))
    t.not(fingerprint('a', 1), fingerprint('a', 2))
  },
)

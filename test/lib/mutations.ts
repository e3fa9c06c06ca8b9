// Random damage for texts and bytes: flips, inserts, deletes, cuts, splices and
// repeats, and whatever means something to one of the readers.

import fc from 'fast-check'

const WORDS = [
  ...'"\\{}[],:<>&%+=;#-\0\n\t \u2028',
  '\r\n',
  '\\ud800',
  '\\u0000',
  '__proto__',
  '"constructor":{},',
  '"Records":[',
  '1e999999',
  '9'.repeat(400),
  '\u001b[31m',
  '\ufeff',
  '😀',
  'version account-id c1\n',
  '%ED%A0%80',
  '&#xD800;',
  '<!DOCTYPE a [<!ENTITY b "c">]>',
  '<![CDATA[',
  '<!--',
  '-->',
  'CHANGE_THIS',
  '2026-99-99T99:99:99Z',
].map(text => Buffer.from(text))
// No UTF-8.
const BROKEN = [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0x80], [0xff, 0xfe]]
const PIECES = [...WORDS, ...BROKEN.map(bytes => Buffer.from(bytes))]

type Change = (bytes: Buffer) => Buffer

const change: fc.Arbitrary<Change> = fc
  .tuple(
    fc.constantFrom('flip', 'insert', 'insert', 'delete', 'cut', 'repeat'),
    fc.nat(),
    fc.nat(),
    fc.nat({ max: 60 }),
    fc.constantFrom(...PIECES),
  )
  .map(([what, place, from, length, piece]) => bytes => {
    const at = place % (bytes.length + 1)
    const head = bytes.subarray(0, at)
    const tail = bytes.subarray(at)
    switch (what) {
      case 'flip':
        return Buffer.concat([
          head,
          tail.subarray(0, 1).map(byte => byte ^ (1 << (from % 8))),
          tail.subarray(1),
        ])
      case 'insert':
        return Buffer.concat([head, piece, tail])
      case 'delete':
        return Buffer.concat([head, tail.subarray(length)])
      case 'cut':
        return length < 15 ? head : bytes
      default: {
        const start = from % (bytes.length + 1)
        const part = bytes.subarray(start, start + 3 * length)
        const parts = Array.from({ length: 1 + (from % 9) }, () => part)
        return Buffer.concat([head, ...parts, tail])
      }
    }
  })

/** Makes what does some damage to bytes. */
export const damage: fc.Arbitrary<Change> = fc
  .array(change, { minLength: 1, maxLength: 6 })
  .map(
    changes => bytes => changes.reduce<Buffer>((all, one) => one(all), bytes),
  )

// The checksums are from `gzip -c | tail -c8 | head -c4`, or the published
// check value of CRC-32, cbf43926 for "123456789".

import t from 'tap'
import {
  entriesLine,
  entriesLines,
  headerLine,
  parseLine,
  readEntries,
  scanLines,
} from '../../src/cursor/journal-lines.ts'

const scan = (...parts: Buffer[]) => scanLines(Buffer.concat(parts), 0)
const header = { format: 'f', version: 1, bucket: 'b', log_type: 'CloudTrail' }

t.test('a line is CRC-32, space, JSON, LF', async t => {
  const json = Buffer.from('cbf43926 123456789\n')
  t.strictSame(parseLine(json, 0, json.length - 1), { value: 123456789 })
  const line = entriesLine([{ a: 'é\n' }, 1])
  t.match(line.toString(), /^[0-9a-f]{8} \[{"a":"é\\n"},1\]\n$/)
  t.strictSame([...readEntries(line, 0, line.length)], [{ a: 'é\n' }, 1])
})

t.test('a line that does not fit its checksum is not one', async t => {
  for (const text of [
    'cbf43926 123456780\n',
    'cbf43926  23456789\n',
    'CBF43926 123456789\n',
    'cbf43926\t123456789\n',
    'cbf43926 \n',
    'cbf43926\n',
    '\n',
  ])
    t.equal(
      parseLine(Buffer.from(text), 0, text.length - 1),
      undefined,
      JSON.stringify(text),
    )
})

t.test('the header is equally long whatever it counts', async t => {
  const short = headerLine(header, 0)
  const long = headerLine(header, Number.MAX_SAFE_INTEGER)
  t.equal(short.length, long.length)
  t.strictSame(parseLine(short, 0, short.length - 1), {
    value: { ...header, compact: 0 },
  })
  t.strictSame(parseLine(long, 0, long.length - 1), {
    value: { ...header, compact: Number.MAX_SAFE_INTEGER },
  })
})

t.test('many entries become lines of some 64 KiB', async t => {
  const entries = Array.from({ length: 3000 }, (_, i) => ({
    i,
    text: 'x'.repeat(90),
  }))
  const lines = [...entriesLines(entries)]
  t.ok(lines.length > 3)
  t.ok(lines.every(line => line.length < 70_000))
  const content = Buffer.concat(lines)
  t.strictSame(scanLines(content, 0), { end: content.length })
  t.strictSame([...readEntries(content, 0, content.length)], entries)
  t.strictSame([...entriesLines([])], [])
})

t.test(
  'a bad tail ends the good part; a bad line before a good one is damage',
  async t => {
    const good = entriesLine([1])
    const torn = entriesLine([2]).subarray(0, 9)
    const bad = Buffer.from('00000000 [3]\n')
    const length = good.length
    t.strictSame(scan(good, torn), { end: length })
    t.strictSame(scan(good, bad, bad, torn), { end: length })
    t.strictSame(scan(good, Buffer.alloc(5000)), { end: length })
    t.strictSame(scan(good, bad, good).damaged, { line: 2, offset: length })
    t.strictSame(scan(good, Buffer.alloc(9), good, good).damaged, {
      line: 2,
      offset: length,
    })
  },
)

t.test('a good line that lost the LF before it is not torn', async t => {
  const lost = Buffer.from(entriesLine([1]))
  lost[lost.length - 1] = 0x20
  t.ok(scanLines(Buffer.concat([lost, entriesLine([2])]), 0).damaged)
})

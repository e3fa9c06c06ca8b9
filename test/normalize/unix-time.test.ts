import fc from 'fast-check'
import t from 'tap'
import { LineBytes } from '../../src/normalize/line-bytes.ts'
import { unixSeconds, writeUnixTime } from '../../src/normalize/unix-time.ts'

function unixTime(text: string): string | undefined {
  const bytes = Buffer.from(`1${text}1`)
  const seconds = unixSeconds(bytes, 1, bytes.length - 1)
  if (seconds === 0) return undefined
  const line = new LineBytes(1)
  writeUnixTime(seconds, line)
  return line.buffer.toString('latin1', 0, line.length)
}

t.test('every second in range is written as a date does it', async () => {
  const seconds = fc.integer({ min: 1, max: Date.UTC(2038, 0, 19) / 1000 - 1 })
  fc.assert(
    fc.property(
      seconds,
      one => unixTime(String(one)) === new Date(one * 1000).toISOString(),
    ),
    { numRuns: 2000 },
  )
})

t.test('Unix seconds', async t => {
  t.equal(unixTime('1620140721'), '2021-05-04T15:05:21.000Z')
  t.equal(unixTime('1620140722'), '2021-05-04T15:05:22.000Z')
  // As many seconds apart as are remembered.
  t.equal(unixTime('1620141745'), '2021-05-04T15:22:25.000Z')
  t.equal(unixTime('1'), '1970-01-01T00:00:01.000Z')
  t.equal(unixTime('0001620140721'), '2021-05-04T15:05:21.000Z')
  t.equal(unixTime('2147471999'), '2038-01-18T23:59:59.000Z')
  for (const text of ['2147472000', '0', '', '-', '-1', '1.5', '1e9', ' 1'])
    t.equal(unixTime(text), undefined, JSON.stringify(text))
  t.equal(unixTime('1620140721000'), undefined, 'milliseconds')
  t.equal(unixTime('9'.repeat(400)), undefined)
})

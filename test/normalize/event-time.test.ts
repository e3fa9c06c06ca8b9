import fc from 'fast-check'
import t from 'tap'
import { eventTime, unixTime } from '../../src/normalize/event-time.ts'

t.test('date and time in their usual forms', async t => {
  const table: Record<string, string> = {
    '2023-07-10T11:42:06Z': '2023-07-10T11:42:06.000Z',
    '2023-07-10T11:42:07Z': '2023-07-10T11:42:07.000Z',
    '2022-12-11 19:42:55': '2022-12-11T19:42:55.000Z',
    '2021-05-20 15:53:47Z': '2021-05-20T15:53:47.000Z',
    '2024-11-25 22:00:58.000000000': '2024-11-25T22:00:58.000Z',
    '2024-11-25T22:00:58.1Z': '2024-11-25T22:00:58.100Z',
    '2024-11-25T22:00:58.12': '2024-11-25T22:00:58.120Z',
    '2024-11-25T22:00:58.1239999z': '2024-11-25T22:00:58.123Z',
    '2024-11-25t22:00:58,5Z': '2024-11-25T22:00:58.500Z',
    '2024-11-25T22:00:58+02:00': '2024-11-25T20:00:58.000Z',
    '2024-12-31T22:00:58-0330': '2025-01-01T01:30:58.000Z',
    '2024-11-25 00:00:58.999-00:00': '2024-11-25T00:00:58.999Z',
    '2024-11-25T22:00:58+02': '2024-11-25T20:00:58.000Z',
    '2024-02-29T00:00:00Z': '2024-02-29T00:00:00.000Z',
    '2000-02-29T00:00:00Z': '2000-02-29T00:00:00.000Z',
    '1970-01-01T00:00:01Z': '1970-01-01T00:00:01.000Z',
    '1969-12-31T23:00:01-01:00': '1970-01-01T00:00:01.000Z',
    '2038-01-18T23:59:59.999Z': '2038-01-18T23:59:59.999Z',
  }
  for (const [text, time] of Object.entries(table))
    t.equal(eventTime(text), time, text)
})

t.test('other text than a date and time, or one out of range', async t => {
  const broken = `-|redacted|no day has been read yet|1688990526|2023-07-10|
    2023-07-10T11:42Z|20230710T114206Z|2023-02-29T00:00:00Z|
    2024-02-30T00:00:00Z|1900-02-29T00:00:00Z|2023-04-31T00:00:00Z|
    2023-00-10T00:00:00Z|2023-13-10T00:00:00Z|2023-07-00T00:00:00Z|
    2023-07-32T00:00:00Z|2023-07-10T24:00:00Z|2023-07-10T00:60:00Z|
    2023-07-10T00:00:60Z|2023-07-10T11:42:06+24:00|
    2023-07-10T11:42:06+02:60|2023-07-10T11:42:06 Z|
    2023-07-10T11:42:06.Z|2023-07-10T11-42-06Z|2023-07-10T11:42:0:Z|
    2023-07-10T11:42:06X|2023-07-10T1a:42:06Z|2023/07/10T11:42:06Z|
    1970-01-01T00:00:00Z|1970-01-01T00:00:00.999Z|2038-01-19T00:00:00Z|
    0000-01-01T00:00:00Z|9999-12-31T23:59:59Z|0070-01-02T00:00:00Z|
    1970-01-01T01:00:00+01:00`.split(/\|\s*/)
  broken.push('', ' 2023-07-10T11:42:06', '2023-07-10T11:42:06Z\n')
  // The order must not matter: what was read before is remembered.
  for (const before of ['2023-07-10T11:42:06Z', '2024-02-29T00:00:00Z'])
    for (const text of broken) {
      eventTime(before)
      t.equal(eventTime(text), undefined, JSON.stringify(text))
    }
  for (const value of [undefined, null, 1_688_990_526, {}, ['2023'], true])
    t.equal(eventTime(value), undefined)
})

t.test('every time in range is read as it is written', async () => {
  const ms = fc.integer({ min: 1000, max: Date.UTC(2038, 0, 19) - 1 })
  fc.assert(
    fc.property(ms, fc.integer({ min: -1439, max: 1439 }), (ms, zone) => {
      const time = new Date(ms).toISOString()
      const whole = `${time.slice(0, 19)}Z`
      const local = new Date(ms + zone * 60_000).toISOString().slice(0, 23)
      const clock = new Date(Math.abs(zone) * 60_000)
        .toISOString()
        .slice(11, 16)
      return (
        eventTime(time) === time &&
        eventTime(whole) === whole.replace('Z', '.000Z') &&
        eventTime(`${local}${zone < 0 ? '-' : '+'}${clock}`) === time
      )
    }),
    { numRuns: 2000 },
  )
})

function readUnixTime(text: string): string | undefined {
  const bytes = Buffer.from(`1${text}1`)
  return unixTime(bytes, 1, bytes.length - 1)?.bytes.toString()
}

t.test('every second in range is written as a date does it', async () => {
  const seconds = fc.integer({ min: 1, max: Date.UTC(2038, 0, 19) / 1000 - 1 })
  fc.assert(
    fc.property(
      seconds,
      one => readUnixTime(String(one)) === new Date(one * 1000).toISOString(),
    ),
    { numRuns: 2000 },
  )
})

t.test('Unix seconds', async t => {
  t.equal(readUnixTime('1620140721'), '2021-05-04T15:05:21.000Z')
  t.equal(readUnixTime('1620140722'), '2021-05-04T15:05:22.000Z')
  // As many seconds apart as are remembered.
  t.equal(readUnixTime('1620141745'), '2021-05-04T15:22:25.000Z')
  t.equal(readUnixTime('1'), '1970-01-01T00:00:01.000Z')
  t.equal(readUnixTime('0001620140721'), '2021-05-04T15:05:21.000Z')
  t.equal(readUnixTime('2147471999'), '2038-01-18T23:59:59.000Z')
  for (const text of ['2147472000', '0', '', '-', '-1', '1.5', '1e9', ' 1'])
    t.equal(readUnixTime(text), undefined, JSON.stringify(text))
  t.equal(readUnixTime('1620140721000'), undefined, 'milliseconds')
  t.equal(readUnixTime('9'.repeat(400)), undefined)
})

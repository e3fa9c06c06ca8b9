// A log that never ends is given up, and the others are read.

import t from 'tap'
import { gzipSync } from 'node:zlib'
import { logTypes } from '../../../src/normalize/log-types.ts'
import type { ObjectStore } from '../../../src/s3/object-store.ts'
import { checkLog } from '../../../src/verify/logs/check-log.ts'
import { emptyResult } from '../../../src/verify/logs/leaf-result.ts'
import { countLog } from '../../../src/verify/logs/record-result.ts'
import { StoredRecords } from '../../../src/verify/stored/stored-records.ts'
import { checkAll } from '../../../src/verify/verify-leaf.ts'
import { FakeClock } from '../../lib/fake-clock.ts'

const day = '2026-03-10'
const whole = gzipSync('{"Records":[]}')
const log = (key: string) => ({ key, size: 90_000, modified: 1, etag: '"a"' })

async function* once(): AsyncGenerator<Buffer> {
  yield whole
}

function setUp() {
  const clock = new FakeClock()
  const stop = new AbortController()
  async function* drip(): AsyncGenerator<Buffer> {
    // It begins a block of 65,535 bytes that is stored as it is.
    yield Buffer.concat([
      whole.subarray(0, 10),
      Buffer.from([0, 0xff, 0xff, 0, 0]),
    ])
    for (;;) {
      clock.advance(9000)
      yield Buffer.from(' ')
    }
  }
  const store: ObjectStore = {
    list: () => Promise.reject(new Error('not listed')),
    get: async ({ key }) =>
      key === 'drips'
        ? { etag: '"a"', size: 90_000, chunks: drip() }
        : { etag: '"b"', size: whole.length, chunks: once() },
  }
  const logType = logTypes.CloudTrail
  const { signal } = stop
  const source = { store, bucket: 'logs', clock, signal, logType }
  return { clock, stop, source }
}

t.test('a log that drips is not read, and the next one is', async t => {
  for (const [hash, stored] of [
    ['a'.repeat(64), undefined],
    [undefined, new StoredRecords()],
  ] as const) {
    const { source } = setUp()
    const result = emptyResult({ folder: 'f/', account: '1', region: 'r' })
    for (const key of ['drips', 'comes']) {
      countLog(result, day)
      await checkAll([{ log: log(key), day, hash, stored }], result, source)
    }
    t.match(
      result.faulty.filter(({ key }) => key === 'drips'),
      [{ state: 'unread', reason: /drips: it was not whole after 105 s; / }],
    )
    t.equal(result.faulty.length, hash === undefined ? 1 : 2)
  }
})

t.test('a log whose reading a signal ends gives no finding', async t => {
  const { source, stop } = setUp()
  const given = { log: log('drips'), hash: 'a'.repeat(64), stored: undefined }
  stop.abort(new Error('a signal'))
  await t.rejects(checkLog(given, source).next(), /a signal/)
})

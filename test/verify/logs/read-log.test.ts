// A log in the bucket is read to its hash, its records and its faults.

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { gzipSync } from 'node:zlib'
import { systemClock } from '../../../src/clock.ts'
import { logTypes, type LogType } from '../../../src/normalize/log-types.ts'
import {
  countLog,
  readSignedLog,
  type LogSource,
} from '../../../src/verify/logs/read-log.ts'
import { MemoryStore } from '../../lib/s3/memory-store.ts'

const TEXT = JSON.stringify({
  Records: Array.from({ length: 7 }, (_, number) => ({ number })),
})
const KEY = 'AWSLogs/1/CloudTrail/r/2026/03/10/a.json.gz'

const sourceOf = (
  store: MemoryStore,
  logType: LogType = logTypes.CloudTrail,
): LogSource => ({
  store,
  bucket: 'logs',
  clock: systemClock,
  signal: new AbortController().signal,
  logType,
})

const sha256 = (bytes: string | Buffer): string =>
  createHash('sha256').update(bytes).digest('hex')

async function read(bytes: Buffer, pieceBytes = 1e6) {
  const store = new MemoryStore()
  store.pieceBytes = pieceBytes
  return readSignedLog(store.put(KEY, 1, bytes), sourceOf(store))
}

t.test('a good log has its hash and its records', async t => {
  for (const pieceBytes of [5, 1e6])
    t.strictSame(await read(gzipSync(TEXT), pieceBytes), {
      sha256: sha256(TEXT),
      records: 7,
      notOne: '',
      notWhole: '',
    })
  t.match(await read(gzipSync('{"Records":[]}')), { records: 0, notWhole: '' })
})

t.test('a text that is not a log is a fault', async t => {
  const two = Buffer.concat([gzipSync(TEXT), gzipSync(TEXT)])
  t.match(await read(two), { sha256: '', notOne: /followed by/ })
  t.match(await read(gzipSync('{"Records":[{}')), {
    sha256: sha256('{"Records":[{}'),
    records: 1,
    notOne: '',
    notWhole: /./,
  })
  t.match(await read(Buffer.from(TEXT)), { sha256: '', notOne: /not gzip/ })
})

t.test('a failed request is thrown', async t => {
  const store = new MemoryStore()
  const missing = { key: KEY, size: 1, etag: '""' }
  await t.rejects(readSignedLog(missing, sourceOf(store)), {
    code: 'NoSuchKey',
  })
})

t.test('flow logs as text and as Parquet are read as a cycle does', async t => {
  const store = new MemoryStore()
  const source = sourceOf(store, logTypes.VPCFlowLogs)
  const row = `2 111122223333 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 40 1700000000 1700000060 ACCEPT OK\n`
  const texts = [Buffer.from(row.repeat(3)), gzipSync(row.repeat(3))]
  for (const bytes of texts)
    t.match(await countLog(store.put('a', 1, bytes), source), {
      records: 3,
      notWhole: '',
    })
  const html = store.put('b', 1, '<html>')
  t.match(await countLog(html, source), { records: 0, notWhole: /HTML/ })
  const folder = 'test/fixtures/vpcflow'
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const parquet = files.filter(name => name.endsWith('.parquet'))
  t.ok(parquet.length > 0)
  for (const name of parquet.slice(0, 3)) {
    const object = store.put(name, 1, readFileSync(`${folder}/${name}`))
    const { records, notWhole } = await countLog(object, source)
    t.equal(notWhole, '', name)
    t.ok(records > 0, `${records}`)
  }
})

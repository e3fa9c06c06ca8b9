// Which object each worker downloads next.

import t from 'tap'
import { newPartition } from '../../src/cursor/cursor-state.ts'
import { DownloadLimits } from '../../src/fetch/download-limits.ts'
import {
  NextDownload,
  type WantedObjects,
} from '../../src/fetch/next-download.ts'
import { Sampling } from '../../src/fetch/sampling.ts'
import type { Candidate } from '../../src/find/listing-result.ts'
import { AgeQueue } from '../../src/find/queue.ts'

const folder = newPartition('', '')
const object = (modified: number, size = 1, etag = '"1"'): Candidate => ({
  key: `${modified}`,
  size,
  etag,
  modified,
  folder,
  day: '',
  before: '',
  position: 0,
  pending: new Set(),
})
const objects = (count: number, size = 1): Candidate[] =>
  Array.from({ length: count }, (_, index) => object(index, size))
const failedBefore = (name: number): Candidate => ({
  ...object(name),
  etag: undefined,
})

function setUp(all: Candidate[], wanted: Partial<WantedObjects> = {}) {
  const found = new AgeQueue<Candidate>(
    5000,
    ({ modified }) => modified,
    () => 0.5,
  )
  found.restore(all)
  found.close()
  const limits = new DownloadLimits(100, 10)
  const spool = { isUnwritable: false }
  const next = new NextDownload(
    { retries: [], found, isLate: () => false, ...wanted },
    new Sampling(),
    limits,
    spool,
  )
  const small = async (worker: number): Promise<string | undefined> =>
    (await next.small(worker))?.key
  const large = async (worker: number): Promise<string | undefined> =>
    (await next.large(worker))?.key
  return { next, limits, spool, small, large }
}

t.test('workers take the oldest, the youngest or any, by number', async t => {
  const { small, next } = setUp(objects(11))
  const taken: (string | undefined)[] = []
  for (let worker = 0; worker < 8; worker++) taken.push(await small(worker))
  t.strictSame(taken, ['0', '10', '1', '6', '2', '9', '3', '7'])
  t.equal(next.running, 8)
})

t.test(
  'until all is listed, only the oldest are taken, and retries',
  async t => {
    let end: (() => void) | undefined
    const listed = new Promise<void>(resolve => (end = resolve))
    const retries = [failedBefore(90)]
    const { small } = setUp(objects(9), { listed, retries })
    const taken: (string | undefined)[] = []
    const take = async (worker: number): Promise<unknown> =>
      taken.push(await small(worker))
    const all = [1, 0, 2, 5, 7].map(take)
    await new Promise(setImmediate)
    t.strictSame(taken, ['90', '0', '1'])
    end?.()
    await Promise.all(all)
    t.strictSame(taken.slice(3), ['8', '5'], 'the youngest, and any')
  },
)

t.test('four workers take a retry first, the others last', async t => {
  const retries = [90, 91, 92, 93, 94].map(failedBefore)
  const { small } = setUp(objects(2), { retries })
  t.equal(await small(4), '0')
  t.equal(await small(0), '90')
  t.equal(await small(3), '91')
  t.equal(await small(15), '1')
  t.equal(await small(15), '92')
  t.equal(await small(1), '93')
  t.equal(await small(8), '94')
  t.equal(await small(0), undefined)
})

t.test('late, one new object is started, and no retry', async t => {
  const retries = [failedBefore(90)]
  const { small } = setUp(objects(3), { retries, isLate: () => true })
  t.equal(await small(0), undefined)
  t.equal(await small(4), '0')
  t.equal(await small(4), undefined)
})

t.test('large ones go to workers of their own, in the same split', async t => {
  const { small, large, next, limits, spool } = setUp([
    ...objects(6, 11),
    object(6),
    object(7, 11),
  ])
  t.equal(await small(0), '6', 'six are passed on before it')
  t.equal(await small(0), undefined)
  next.endSmall()
  t.equal(await large(0), '0')
  t.equal(await large(1), '7', 'the last that was passed on')
  t.equal(await large(2), '1')
  const left = ['2', '3', '4', '5']
  const [any = ''] = left.splice(left.indexOf((await large(3)) ?? ''), 1)
  t.match(any, /^[2-5]$/)
  const fifth = next.large(0)
  let isWaiting = true
  void fifth.then(() => (isWaiting = false))
  await new Promise(setImmediate)
  t.ok(isWaiting, 'four at once')
  limits.leave(object(0, 11))
  t.equal((await fifth)?.key, left[0])
  limits.leave(object(1, 11))
  spool.isUnwritable = true
  t.equal(await large(0), undefined, 'none when the disk takes none')
})

t.test('the end lets no one wait, and starts no more', async t => {
  const { small, large, next, limits } = setUp(objects(4))
  for (let other = 0; other < 100; other++) void limits.enter(object(200))
  const waiting = [small(0), small(1), large(0)]
  await new Promise(setImmediate)
  next.end()
  t.strictSame(await Promise.all(waiting), [undefined, undefined, undefined])
  t.equal(await small(0), undefined)
  t.equal(next.running, 0)
})

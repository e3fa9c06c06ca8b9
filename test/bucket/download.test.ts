// What is fetched when, how much of it waits, and who waits for whom.

import t from 'tap'
import {
  downloadObjects,
  type Download,
  type DownloadContext,
} from '../../src/bucket/download.ts'
import type { Candidate } from '../../src/bucket/listing.ts'
import { newFolder } from '../../src/cursor/cursor-state.ts'
import { FakeClock } from '../lib/fake-clock.ts'
import { MemoryStore } from '../lib/memory-store.ts'

const MIB = 1_048_576
const turns = async (count = 20): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate)
}

interface Setup {
  /** Sizes of the objects; the first is the oldest. */
  sizes: number[]
  onGet?: (key: string) => Promise<void> | void
  context?: Partial<DownloadContext>
  retries?: boolean
}

function setUp({ sizes, onGet, context, retries = false }: Setup) {
  const store = new MemoryStore()
  const started: string[] = []
  let running = 0
  const most = { running: 0 }
  const largest = Buffer.alloc(Math.max(0, ...sizes))
  const candidates = sizes.map((size, index): Candidate => {
    const key = `${index}`
    const body = largest.subarray(0, size)
    const { etag, modified } = store.put(key, index, body)
    return {
      key,
      size,
      modified,
      etag: retries ? undefined : etag,
      folder: newFolder('', ''),
      day: '',
      before: '',
      position: 0,
      unsettled: new Set(),
    }
  })
  store.onGet = async ({ key }) => {
    started.push(key)
    most.running = Math.max(most.running, ++running)
    await onGet?.(key)
    running--
  }
  const downloads = downloadObjects(async () => candidates.shift(), {
    store,
    clock: new FakeClock(),
    signal: new AbortController().signal,
    maxWaiting: 100,
    mayStart: () => true,
    ...context,
  })
  return { downloads, started, most, store, candidates }
}

async function take(
  downloads: AsyncGenerator<Download>,
  count = Infinity,
): Promise<string[]> {
  const keys: string[] = []
  while (keys.length < count) {
    const { value, done } = await downloads.next()
    if (done) break
    keys.push(value.candidate.key)
  }
  return keys
}

t.test('all come, each with its bytes', async t => {
  const { downloads, started } = setUp({ sizes: [3, 0, 5, 9] })
  const lengths: Record<string, number> = {}
  for await (const { candidate, open } of downloads) {
    const { chunks, size } = await open()
    t.ok(Buffer.isBuffer(chunks))
    lengths[candidate.key] = size
  }
  t.strictSame(lengths, { 0: 3, 1: 0, 2: 5, 3: 9 })
  t.strictSame(started, ['0', '1', '2', '3'], 'started in the order given')
})

t.test('sixteen at once, the oldest of those ready first', async t => {
  let open: (() => void) | undefined
  const gate = new Promise<void>(resolve => {
    open = resolve
  })
  const { downloads, most, started } = setUp({
    sizes: Array.from({ length: 40 }, () => 1),
    onGet: () => gate,
  })
  const first = downloads.next()
  await turns()
  t.equal(most.running, 16)
  t.equal(started.length, 16)
  open?.()
  await first
  await turns()
  const rest = await take(downloads)
  t.equal(rest.length, 39)
  t.strictSame(
    rest.slice(0, 15),
    rest.slice(0, 15).toSorted((a, b) => Number(a) - Number(b)),
  )
})

t.test('a GET that stalls holds up nobody else', async t => {
  let release: (() => void) | undefined
  const stalled = new Promise<void>(resolve => {
    release = resolve
  })
  const { downloads } = setUp({
    sizes: Array.from({ length: 50 }, () => 1),
    onGet: key => (key === '0' ? stalled : undefined),
  })
  const others = await take(downloads, 49)
  t.notOk(others.includes('0'))
  release?.()
  t.strictSame(await take(downloads), ['0'])
})

t.test('no more wait than DataFolderFilesCount', async t => {
  const { downloads, started } = setUp({
    sizes: Array.from({ length: 300 }, () => 1),
    context: { maxWaiting: 100 },
  })
  await downloads.next()
  await turns(200)
  t.equal(started.length, 100, 'the one taken is not done yet')
  await downloads.next()
  await turns()
  t.equal(started.length, 101)
  t.equal((await take(downloads)).length, 298)
})

t.test('no more wait than 32 MiB', async t => {
  const { downloads, started } = setUp({
    sizes: Array.from({ length: 30 }, () => 5 * MIB),
  })
  await downloads.next()
  await turns(200)
  t.equal(started.length, 6)
  await downloads.next()
  await turns()
  t.equal(started.length, 7)
  t.equal((await take(downloads)).length, 28)
})

t.test('a large object is not fetched ahead', async t => {
  const { downloads, started } = setUp({ sizes: [1, 8 * MIB + 1, 1] })
  await turns(50)
  const opened: number[] = []
  for await (const { candidate, open } of downloads) {
    if (candidate.key !== '1') continue
    t.notOk(started.includes('1'))
    const { chunks } = await open()
    t.notOk(Buffer.isBuffer(chunks))
    if (!Buffer.isBuffer(chunks))
      for await (const chunk of chunks) opened.push(chunk.length)
  }
  t.strictSame(opened, [8 * MIB + 1])
})

t.test('a retried object that has grown is not held in memory', async t => {
  const { downloads, store } = setUp({ sizes: [1], retries: true })
  store.put('0', 0, Buffer.alloc(9 * MIB))
  const { value } = await downloads.next()
  const body = await (value as Download).open()
  t.equal(body.size, 9 * MIB)
  t.notOk(Buffer.isBuffer(body.chunks))
  t.strictSame(await take(downloads), [])
})

t.test('an object that fails fails when it is opened', async t => {
  const { downloads, store } = setUp({ sizes: [1, 1, 1] })
  store.delete('1')
  const failed: string[] = []
  for await (const { candidate, open } of downloads)
    await open().catch(() => failed.push(candidate.key))
  t.strictSame(failed, ['1'])
})

t.test(
  'nothing is started when time is up; what was fetched comes',
  async t => {
    let time = 20
    const { downloads, started, candidates } = setUp({
      sizes: Array.from({ length: 60 }, () => 1),
      context: { mayStart: () => time-- > 0 },
    })
    t.equal((await take(downloads)).length, 20)
    t.equal(started.length, 20)
    t.ok(candidates.length >= 60 - 20 - 16, 'few were asked for in vain')
  },
)

t.test('nothing is started when nobody takes any more', async t => {
  const { downloads, started } = setUp({
    sizes: Array.from({ length: 300 }, () => 1),
    context: { maxWaiting: 20 },
  })
  await downloads.next()
  await downloads.return(undefined)
  await turns(50)
  t.equal(started.length, 20)
})

t.test('who waits for something new is waited for', async t => {
  let give: ((found: Candidate) => void) | undefined
  const store = new MemoryStore()
  const { etag } = store.put('late', 0)
  let asked = 0
  const downloads = downloadObjects(
    () =>
      asked++ === 0
        ? new Promise(resolve => {
            give = resolve
          })
        : Promise.resolve(undefined),
    {
      store,
      clock: new FakeClock(),
      maxWaiting: 100,
      signal: new AbortController().signal,
      mayStart: () => true,
    },
  )
  const first = take(downloads)
  await turns()
  give?.({
    key: 'late',
    size: 1,
    modified: 0,
    etag,
    day: '',
    before: '',
    folder: newFolder('', ''),
    position: 0,
    unsettled: new Set(),
  })
  t.strictSame(await first, ['late'])
})

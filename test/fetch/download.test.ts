// What is fetched when, how much of it waits, and who waits for whom.

import t, { type Test } from 'tap'
import { downloadObjects } from '../../src/fetch/download.ts'
import type { Download } from '../../src/fetch/fetch-object.ts'
import type { Candidate } from '../../src/find/listing.ts'
import { SourceError } from '../../src/s3/errors/source-error.ts'
import { newFolder } from '../../src/cursor/cursor-state.ts'
import { fetching, put } from '../lib/cycle/fetching.ts'
import { FakeClock } from '../lib/fake-clock.ts'

const MIB = 1_048_576
const turns = async (count = 20): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate)
}

interface Setup {
  /** Sizes of the objects; the first is the oldest. */
  sizes: number[]
  onGet?: (key: string) => Promise<void> | void
  maxWaiting?: number
  isLate?: () => boolean
  /** How many of the objects, the first ones, failed before. */
  retries?: number
  signal?: AbortSignal
}

function setUp(t: Test, setup: Setup) {
  const { context, store } = fetching(t)
  const started: string[] = []
  let running = 0
  const most = { running: 0 }
  const { sizes, retries = 0, onGet } = setup
  const all = sizes.map((size, index) => put(store, `${index}`, size, index))
  const candidates = all.slice(retries)
  store.onGet = async ({ key }) => {
    started.push(key)
    most.running = Math.max(most.running, ++running)
    await onGet?.(key)
    running--
  }
  const clock = new FakeClock()
  const downloads = downloadObjects({
    ...context,
    clock,
    signal: setup.signal ?? context.signal,
    retries: all
      .slice(0, retries)
      .map(candidate => ({ ...candidate, etag: undefined })),
    next: async () => candidates.shift(),
    maxWaiting: setup.maxWaiting ?? 100,
    isLate: setup.isLate ?? (() => false),
  })
  return { ...context, downloads, started, most, store, candidates, clock }
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
  const { downloads, started } = setUp(t, { sizes: [3, 0, 5, 9] })
  const lengths: Record<string, number> = {}
  for await (const download of downloads) {
    if (download.end !== 'fetched') continue
    const { chunks, size } = download.body
    t.ok(Buffer.isBuffer(chunks))
    lengths[download.candidate.key] = size
  }
  t.strictSame(lengths, { 0: 3, 1: 0, 2: 5, 3: 9 })
  t.strictSame(started, ['0', '1', '2', '3'], 'started in the order given')
})

t.test('sixteen at once, the oldest of those ready first', async t => {
  let open: (() => void) | undefined
  const gate = new Promise<void>(resolve => {
    open = resolve
  })
  const { downloads, most, started } = setUp(t, {
    sizes: Array.from({ length: 40 }, () => 1),
    onGet: () => gate,
  })
  const first = downloads.next()
  // The first of all looks into the spool, which takes its time.
  while (started.length < 16) await turns(1)
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
  const { downloads } = setUp(t, {
    sizes: Array.from({ length: 50 }, () => 1),
    onGet: key => (key === '0' ? stalled : undefined),
  })
  const others = await take(downloads, 49)
  t.notOk(others.includes('0'))
  release?.()
  t.strictSame(await take(downloads), ['0'])
})

t.test('no more wait than DataFolderFilesCount', async t => {
  const { downloads, started } = setUp(t, {
    sizes: Array.from({ length: 300 }, () => 1),
    maxWaiting: 100,
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
  const { downloads, started } = setUp(t, {
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

t.test('four large objects at once, and others beside them', async t => {
  const { downloads, started } = setUp(t, {
    sizes: [...Array<number>(30).fill(9 * MIB), 1, 1, 1],
    onGet: key => (Number(key) < 30 ? new Promise(() => {}) : undefined),
  })
  t.strictSame((await take(downloads, 3)).toSorted(), ['30', '31', '32'])
  t.strictSame(
    started.toSorted(),
    ['0', '1', '2', '3', '30', '31', '32'].toSorted(),
  )
})

t.test('an object that fails for what it is fails alone', async t => {
  const { downloads, store, refusals } = setUp(t, { sizes: [1, 1, 1] })
  store.delete('1')
  const ends: Record<string, string> = {}
  for await (const { candidate, end } of downloads) ends[candidate.key] = end
  t.strictSame(ends, { 0: 'fetched', 1: 'failed', 2: 'fetched' })
  t.strictSame(refusals.held, [])
})

const refused = new SourceError('reading it: AccessDenied', {
  code: 'AccessDenied',
  kind: 'access',
})

t.test('a folder that is refused ten times is left alone', async t => {
  const { downloads, started, refusals } = setUp(t, {
    sizes: Array.from({ length: 60 }, () => 1),
    onGet: async key => {
      await turns(1)
      if (Number(key) < 50) throw refused
    },
  })
  t.strictSame(
    await take(downloads),
    [],
    'all are of one folder, and none of it was read in time',
  )
  t.ok(started.length >= 10 && started.length < 26, 'and those under way')
  t.equal(refusals.held.length, started.length)
})

t.test('retries have four workers while there is anything new', async t => {
  const never = new Promise<void>(() => {})
  const { downloads, started } = setUp(t, {
    sizes: Array.from({ length: 60 }, () => 1),
    retries: 20,
    onGet: key => (Number(key) < 20 ? never : undefined),
  })
  t.equal((await take(downloads, 40)).length, 40, 'all that is new')
  await turns()
  const retried = started.filter(key => Number(key) < 20)
  t.equal(retried.length, 16, 'then all of them')
})

t.test(
  'nothing is started when time is up; what was fetched comes',
  async t => {
    let time = 20
    const { downloads, started, candidates } = setUp(t, {
      sizes: Array.from({ length: 60 }, () => 1),
      isLate: () => time-- <= 0,
    })
    t.equal((await take(downloads)).length, 20)
    t.equal(started.length, 20)
    t.ok(candidates.length >= 60 - 20 - 16, 'few were asked for in vain')
  },
)

t.test('one new object is started however late it is', async t => {
  const { downloads, started } = setUp(t, {
    sizes: Array.from({ length: 60 }, () => 1),
    retries: 20,
    isLate: () => true,
  })
  t.strictSame(await take(downloads), ['20'])
  t.strictSame(started, ['20'])
  const aborted = setUp(t, { sizes: [1], signal: AbortSignal.abort() })
  t.strictSame(await take(aborted.downloads), [])
  t.strictSame(aborted.started, [])
})

t.test('nothing is started when nobody takes any more', async t => {
  const { downloads, started } = setUp(t, {
    sizes: Array.from({ length: 300 }, () => 1),
    maxWaiting: 20,
  })
  await downloads.next()
  await downloads.return(undefined)
  await turns(50)
  t.equal(started.length, 20)
})

t.test('requests end with it, and it waits for what they do last', async t => {
  const { downloads, store, clock } = setUp(t, { sizes: [1, 1] })
  let ended = false
  store.onPiece = async ({ key, signal }) => {
    if (key === '0') return
    await new Promise(resolve => signal?.addEventListener('abort', resolve))
    await turns(5)
    ended = true
    throw new Error('aborted')
  }
  t.strictSame(await take(downloads, 1), ['0'])
  await turns()
  await downloads.return(undefined)
  t.ok(ended)
  t.equal(clock.elapsed(), 0, 'and no longer')
})

t.test('a request that does not end is waited for one second', async t => {
  for (const how of ['return', 'signal']) {
    const stop = new AbortController()
    const { downloads, clock } = setUp(t, {
      sizes: [1, 1],
      signal: stop.signal,
      onGet: key => (key === '0' ? undefined : new Promise(() => {})),
    })
    t.strictSame(await take(downloads, 1), ['0'])
    stop.abort()
    const end = how === 'return' ? downloads.return(undefined) : take(downloads)
    await clock.run(end as Promise<unknown>)
    t.equal(clock.elapsed(), 1000, how)
  }
})

t.test('who waits for something new is waited for', async t => {
  let give: ((found: Candidate) => void) | undefined
  const { context, store } = fetching(t)
  let asked = 0
  const downloads = downloadObjects({
    ...context,
    retries: [],
    next: () =>
      asked++ === 0
        ? new Promise(resolve => {
            give = resolve
          })
        : Promise.resolve(undefined),
    maxWaiting: 100,
    isLate: () => false,
  })
  const first = take(downloads)
  await turns()
  give?.({ ...put(store, 'late', 1, 0), folder: newFolder('', '') })
  t.strictSame(await first, ['late'])
})

t.test('where no cycle follows, no large one is left to it', async t => {
  for (const isLast of [false, true]) {
    const { store, context } = fetching(t)
    const candidates = Array.from({ length: 130 }, (_, index) =>
      put(store, `${index}`, 20, index),
    )
    const downloads = downloadObjects({
      ...context,
      clock: new FakeClock(),
      largeBytes: 10,
      retries: [],
      next: async () => candidates.shift(),
      maxWaiting: 100,
      isLate: () => false,
      isLast,
    })
    const { length } = await take(downloads)
    t.ok(isLast ? length === 130 : length < 130, `${length} came`)
  }
})

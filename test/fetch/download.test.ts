// What is fetched when, how much of it waits, and who waits for whom.

import t, { type Test } from 'tap'
import { downloadObjects } from '../../src/fetch/download.ts'
import type { Download } from '../../src/fetch/fetch-object.ts'
import { LAST_WRITES_MS } from '../../src/fetch/last-writes.ts'
import type { Candidate } from '../../src/find/listing-result.ts'
import { AgeQueue } from '../../src/find/queue.ts'
import { SourceError } from '../../src/s3/errors/source-error.ts'
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
  const found = queueOf(all.slice(retries))
  store.onGet = async ({ key }) => {
    started.push(key)
    most.running = Math.max(most.running, ++running)
    await onGet?.(key)
    running--
  }
  const clock = new FakeClock()
  const downloads = downloadObjects(
    {
      retries: all
        .slice(0, retries)
        .map(candidate => ({ ...candidate, etag: undefined })),
      found,
      isLate: setup.isLate ?? (() => false),
    },
    { ...context, clock, signal: setup.signal ?? context.signal },
    setup.maxWaiting ?? 100,
  )
  return { ...context, downloads, started, most, store, found, clock }
}

/** All that was found, in a search that has ended. */
function queueOf(candidates: readonly Candidate[]): AgeQueue<Candidate> {
  const queue = new AgeQueue<Candidate>(5000, ({ modified }) => modified)
  queue.restore(candidates)
  queue.close()
  return queue
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
  t.strictSame(started.toSorted(), ['0', '1', '2', '3'])
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
  const large = started.filter(key => Number(key) < 30)
  t.equal(large.length, 4)
  t.ok(large.includes('0'), 'the oldest among them')
  t.equal(started.length, 7)
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

t.test(
  'half start the oldest, a quarter the youngest, a quarter any',
  async t => {
    const { downloads, started } = setUp(t, {
      sizes: Array.from({ length: 1000 }, () => 1),
      onGet: () => new Promise(() => {}),
    })
    void downloads.next()
    while (started.length < 16) await turns(1)
    const numbers = started.map(Number)
    t.strictSame(
      numbers.filter(number => number < 8),
      [0, 1, 2, 3, 4, 5, 6, 7],
    )
    t.strictSame(
      numbers.filter(number => number > 995),
      [999, 998, 997, 996],
    )
  },
)

t.test('a folder that gives nothing is left alone once sampled', async t => {
  const { downloads, started, refusals } = setUp(t, {
    sizes: Array.from({ length: 600 }, () => 1),
    onGet: async () => {
      await turns(1)
      throw refused
    },
  })
  t.strictSame(await take(downloads), [])
  t.ok(started.length >= 10, 'ten and the sample')
  t.ok(started.length < 26 + 10, 'and those under way')
  t.equal(refusals.held.length, started.length)
})

t.test(
  'what is readable is found, wherever it lies, and then all of it',
  async t => {
    const where: [string, (index: number) => boolean][] = [
      ['the oldest', index => index === 0],
      ['the youngest', index => index === 599],
      ['most', index => index >= 100 && index < 500],
      ['behind 200', index => index >= 200],
      ['before 200', index => index < 400],
    ]
    for (const [name, isReadable] of where) {
      const { downloads, refusals } = setUp(t, {
        sizes: Array.from({ length: 600 }, () => 1),
        onGet: async key => {
          // What is refused answers sooner than what is read.
          await turns(isReadable(Number(key)) ? 5 : 1)
          if (!isReadable(Number(key))) throw refused
        },
      })
      const keys = (await take(downloads)).map(Number)
      const all = Array.from({ length: 600 }, (_, index) => index)
      t.strictSame(
        keys.toSorted((a, b) => a - b),
        all.filter(isReadable),
        name,
      )
      t.equal(refusals.outage, undefined)
    }
  },
)

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
    const { downloads, started, found } = setUp(t, {
      sizes: Array.from({ length: 60 }, () => 1),
      isLate: () => time-- <= 0,
    })
    t.equal((await take(downloads)).length, 20)
    t.equal(started.length, 20)
    const left = found.draw(() => true, 60)
    t.ok(left.length >= 60 - 20 - 16, 'few were asked for in vain')
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
  await turns(200)
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
    t.equal(clock.elapsed(), LAST_WRITES_MS, how)
  }
})

t.test('who waits for something new is waited for', async t => {
  const { context, store } = fetching(t)
  const found = new AgeQueue<Candidate>(9, ({ modified }) => modified)
  const downloads = downloadObjects(
    { retries: [], found, isLate: () => false },
    context,
    100,
  )
  const first = take(downloads)
  await turns()
  await found.push([put(store, 'late', 1, 0)])
  found.close()
  t.strictSame(await first, ['late'])
})

t.test('where no cycle follows, no large one is left to it', async t => {
  for (const isLast of [false, true]) {
    const { store, context } = fetching(t)
    const candidates = Array.from({ length: 130 }, (_, index) =>
      put(store, `${index}`, 20, index),
    )
    const downloads = downloadObjects(
      {
        retries: [],
        found: queueOf(candidates),
        isLate: () => false,
        isLast,
      },
      { ...context, clock: new FakeClock(), largeBytes: 10 },
      100,
    )
    const { length } = await take(downloads)
    t.ok(isLast ? length === 130 : length < 130, `${length} came`)
  }
})

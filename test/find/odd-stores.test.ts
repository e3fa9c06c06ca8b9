// Listings are not trusted: whatever a store does to order, StartAfter, pages
// and tokens, all is found and nothing twice, or the cycle says what is wrong.

import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { SourceError } from '../../src/s3/errors/source-error.ts'
import {
  SimulatedSearch,
  type SearchSettings,
} from '../lib/cycle/simulated-search.ts'
import { LIKE_S3, OddStore, type Oddities } from '../lib/s3/odd-store.ts'

const DAY = 'AWSLogs/111122223333/CloudTrail/us-east-1/2026/03/10/'
const FLAT = 'AWSLogs/111122223333/CloudTrail/'
type Tap = Parameters<typeof SimulatedSearch.start>[0]

async function oddSearch(
  t: Tap,
  oddities: Partial<Oddities>,
  settings: Partial<SearchSettings> = {},
): Promise<{ sim: SimulatedSearch; store: OddStore }> {
  const store = new OddStore()
  store.oddities = { ...LIKE_S3, ...oddities }
  const sim = await SimulatedSearch.start(t, settings, undefined, store)
  return { sim, store }
}

const keys = (count: number, folder = DAY): string[] =>
  Array.from({ length: count }, (_, n) => `${folder}${100 + n}.gz`)

const codeOf = (error: unknown): string =>
  error instanceof SourceError ? error.code : ''

const message = (errors: readonly unknown[]): string =>
  errors.map(error => (error instanceof Error ? error.message : '')).join('\n')

for (const [name, oddities] of [
  ['ignores StartAfter', { ignoresStartAfter: true }],
  ['gives the key of StartAfter, too', { includesStartAfter: true }],
  ['gives keys in reverse order', { order: 'reversed' }],
  ['gives keys in no order', { order: 'mixed' }],
  ['gives overlapping pages', { overlap: 2 }],
  ['gives empty pages', { empty: 3 }],
  ['forgets its tokens', { tokens: 'expire', order: 'mixed' }],
] satisfies [string, Partial<Oddities>][])
  t.test(`a store that ${name} hides nothing`, async t => {
    const { sim, store } = await oddSearch(t, oddities)
    store.perPage = 4
    sim.put(...keys(18), ...keys(9, FLAT))
    const taken: string[] = []
    for (let cycle = 0; cycle < 6; cycle++) {
      const result = await sim.cycle({ take: 7 })
      taken.push(...result.committed)
      await sim.reopen()
      store.generation++
      sim.wait(3)
    }
    t.strictSame(taken.toSorted(), [...keys(18), ...keys(9, FLAT)].toSorted())
    const late = `${DAY}050.gz`
    sim.put(late)
    sim.wait(16)
    t.strictSame((await sim.cycle()).taken, [late])
    sim.wait(16)
    t.strictSame((await sim.cycle()).taken, [])
  })

t.test('tokens that lead in a circle are named, and end', async t => {
  const { sim, store } = await oddSearch(t, { tokens: 'circle' })
  store.perPage = 4
  sim.put(...keys(18))
  for (let cycle = 0; cycle < 3; cycle++) {
    const { search } = await sim.cycle()
    t.match(message(search.errors), /lead in a circle/)
    sim.wait(16)
  }
  t.ok(store.lists.length < 60, `${store.lists.length} LISTs`)
})

t.test('order by UTF-16 is no order', async t => {
  const { sim, store } = await oddSearch(t, { order: 'utf16' })
  store.perPage = 1
  const names = ['\u{1F600}', '\uFB01', 'a'].map(name => `${DAY}${name}.gz`)
  sim.put(...names)
  const taken: string[] = []
  for (let cycle = 0; cycle < 4; cycle++) {
    taken.push(...(await sim.cycle({ take: 1 })).committed)
    sim.wait(2)
  }
  t.strictSame(taken.toSorted(), names.toSorted())
})

t.test('a run of empty pages longer than a cycle comes to its end', async t => {
  const { sim, store } = await oddSearch(t, { empty: 40 })
  store.perPage = 2
  sim.put(...keys(3))
  sim.settings = { ...sim.settings, FilePath: DAY }
  const taken: string[] = []
  const told: string[][] = []
  for (let cycle = 0; cycle < 30 && taken.length < 3; cycle++) {
    const { committed, search } = await sim.cycle({
      seconds: 10,
      listMs: 700,
    })
    taken.push(...committed)
    told.push(search.errors.map(error => codeOf(error)))
    await sim.reopen()
    sim.wait(1)
  }
  t.strictSame(taken.toSorted(), keys(3))
  const expected = ['SearchUnfinished', 'EmptyPages']
  t.ok(
    told.flat().every(code => expected.includes(code)),
    `${told.flat()}`,
  )
  t.same(told[0], ['SearchUnfinished'], 'none was found yet')
  t.same(told.at(-1), [], 'all was seen')
})

t.test('a listing that never comes to its end is named', async t => {
  const { sim, store } = await oddSearch(
    t,
    { order: 'mixed', tokens: 'expire' },
    { FilePath: DAY },
  )
  store.perPage = 1
  sim.put(...keys(40))
  await sim.cycle({ take: 0 })
  const said: string[] = []
  for (let cycle = 0; cycle < 4; cycle++) {
    store.generation++
    sim.wait(16)
    const { search } = await sim.cycle({ seconds: 8, listMs: 600 })
    said.push(message(search.errors))
  }
  t.match(said.at(-1), /out of order.*raise MaxCycleSeconds/)
})

t.test('an entry that cannot be read is named and hides no other', async t => {
  const { sim, store } = await oddSearch(t, {})
  sim.put(...keys(3))
  const list = store.list.bind(store)
  store.list = async request => {
    const page = await list(request)
    if (request.delimiter) return page
    const fault = new SourceError('an odd entry', {
      code: 'BadEntry',
      kind: 'object',
    })
    return { ...page, fault }
  }
  const { taken, search } = await sim.cycle()
  t.strictSame(taken, keys(3))
  t.match(message(search.errors), /an odd entry/)
  t.strictSame((await sim.cycle()).taken, [])
})

const oddity = fc.record({
  ignoresStartAfter: fc.boolean(),
  includesStartAfter: fc.boolean(),
  order: fc.constantFrom('bytes', 'bytes', 'utf16', 'reversed', 'mixed'),
  overlap: fc.constantFrom(0, 0, 1, 2),
  empty: fc.constantFrom(0, 0, 1, 5),
  tokens: fc.constantFrom('hold', 'hold', 'expire'),
})
const step = fc.record({
  arrivals: fc.array(
    fc.tuple(
      fc.constantFrom(DAY, FLAT, DAY.replace('/10/', '/09/')),
      fc.constantFrom(...'abcdefgh', '\u{1F600}', '\uFB01'),
    ),
    { maxLength: 8 },
  ),
  perPage: fc.constantFrom(1, 2, 3, 1000),
  seconds: fc.constantFrom(10, 20, Infinity),
  take: fc.constantFrom(1, 3, 1e9),
  minutes: fc.constantFrom(1, 16, 70, 1440),
})

t.test('odd stores and random histories: all, and once', async t => {
  await fc.assert(
    fc.asyncProperty(
      oddity,
      fc.array(step, { maxLength: 6 }),
      async (oddities, steps) => {
        const { sim, store } = await oddSearch(t, oddities)
        const taken = new Set<string>()
        const stored = new Set<string>()
        const cycle = async (
          options: Parameters<typeof sim.cycle>[0] = {},
        ): Promise<void> => {
          const { committed } = await sim.cycle(options)
          for (const key of committed) {
            assert(!taken.has(key), `${key} came twice`)
            taken.add(key)
          }
          store.generation++
          await sim.reopen()
        }
        sim.put(`${DAY}0.gz`)
        await cycle()
        for (const { arrivals, perPage, minutes, ...limits } of steps) {
          for (const [folder, name] of arrivals) {
            const key = `${folder}${name}.gz`
            if (!stored.has(key)) sim.put(key)
            stored.add(key)
          }
          store.perPage = perPage
          await cycle({ ...limits, listMs: 400 })
          sim.wait(minutes)
        }
        for (const minutes of [61, 16, 1440, 16]) {
          await cycle()
          sim.wait(minutes)
        }
        assert.deepEqual(
          [...stored].filter(key => !taken.has(key)),
          [],
          'missed',
        )
        await sim.cursor.close()
      },
    ),
    { numRuns: Number(process.env['RUNS'] ?? 25) },
  )
})

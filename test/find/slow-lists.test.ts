// What time cuts is told of where it lasted, and only there. A fake clock
// stands for the cycle's.

import t, { type Test } from 'tap'
import { CycleTime } from '../../src/clock.ts'
import { SlowLists } from '../../src/find/slow-lists.ts'
import { SourceError } from '../../src/s3/errors/source-error.ts'
import type { ListPage } from '../../src/s3/object-store.ts'
import { SimulatedSearch } from '../lib/cycle/simulated-search.ts'
import { FakeClock } from '../lib/fake-clock.ts'

const DAY = 'AWSLogs/111122223333/CloudTrail/us-east-1/2026/03/10/'
const cutOff = new SourceError('cut', { code: 'AbortError', kind: 'network' })
const empty = (next?: string): ListPage => ({ objects: [], folders: [], next })
const page = (next?: string): ListPage => ({ ...empty(next), folders: ['a/'] })

/** Asks for pages, each of which takes so many ms of a cycle of 20 s; gives the codes of what was told. */
async function told(
  t: Test,
  answers: readonly (readonly [milliseconds: number, ListPage | Error])[],
  seconds = 20,
): Promise<string[]> {
  const clock = new FakeClock()
  const codes: string[] = []
  let index = 0
  const slow = new SlowLists(new CycleTime(clock, seconds), ({ code }) =>
    codes.push(code),
  )
  const store = slow.over({
    list: async () => {
      const [milliseconds, answer] = answers[index++] ?? [0, empty()]
      clock.advance(milliseconds)
      if (answer instanceof Error) throw answer
      return answer
    },
  })
  for (const [, answer] of answers) {
    const asked = store.list({ prefix: DAY, delimiter: false, startAfter: '' })
    if (answer instanceof Error) await t.rejects(asked, answer)
    else t.equal(await asked, answer)
  }
  const { cursor } = await SimulatedSearch.start(t)
  cursor.state.discovery.complete = clock.now()
  slow.end(cursor.state, '', 1, clock.now())
  return codes
}

t.test(
  'a LIST that time cut after a quarter of the cycle is told of',
  async t => {
    t.strictSame(await told(t, [[5000, cutOff]]), ['SlowAnswer'])
    t.strictSame(await told(t, [[4999, cutOff]]), [], 'cut by what else ended')
    t.strictSame(await told(t, [[9000, page()]]), [], 'slow, and whole')
    t.strictSame(await told(t, [[9000, cutOff]], Infinity), [], 'no limits')
    const refused = new SourceError('no', {
      code: 'AccessDenied',
      kind: 'access',
    })
    t.strictSame(await told(t, [[9000, refused]]), [], 'told of by itself')
  },
)

t.test(
  'a listing that is cut after page upon page was empty is told of',
  async t => {
    const pages = (count: number) =>
      Array.from({ length: count }, (_, i) => [5, empty(`${i}`)] as const)
    t.strictSame(await told(t, pages(11)), ['EmptyPages'])
    t.strictSame(await told(t, pages(10)), [], 'a few are no fault')
    t.strictSame(await told(t, [...pages(50), [5, empty()]]), [], 'it ended')
    t.strictSame(
      await told(t, [...pages(50), [5, page('n')]]),
      [],
      'a name came',
    )
  },
)

t.test(
  'a search for folders that is not over is told of until it is',
  async t => {
    const sim = await SimulatedSearch.start(t)
    for (let region = 10; region < 40; region++)
      sim.put(`${DAY.replace('us-east-1', `r-${region}`)}a.gz`)
    const taken = new Set<string>()
    const codes: string[] = []
    while (codes.at(-1) !== '' && codes.length < 40) {
      const result = await sim.cycle({ seconds: 20, listMs: 500 })
      const [error] = result.search.errors
      codes.push(error instanceof SourceError ? error.code : '')
      for (const key of result.taken) taken.add(key)
      sim.wait(1)
    }
    t.ok(codes.length > 2, `${codes.length} cycles`)
    t.strictSame(
      codes,
      codes.map((_, at) => (at < codes.length - 1 ? 'SearchUnfinished' : '')),
    )
    const later = await sim.cycle({ seconds: 20, listMs: 500 })
    for (const key of later.taken) taken.add(key)
    t.strictSame(later.search.errors, [], 'the next searches have their time')
    t.equal(taken.size, 30)
  },
)

t.test(
  'a store whose pages are empty for ever is told of, whatever is listed',
  async t => {
    for (const part of ['us-east-1/', 'us-east-1/2026/03/10/']) {
      const sim = await SimulatedSearch.start(t)
      sim.put(`${DAY}a.gz`, `${DAY.replace('us-east-1', 'us-west-2')}a.gz`)
      const { store } = sim
      let tokens = 0
      const prefix = `AWSLogs/111122223333/CloudTrail/${part}`
      const list = store.list.bind(store)
      store.list = async request => {
        if (request.prefix !== prefix) return list(request)
        await list({ ...request, token: undefined })
        return empty(`t${tokens++}`)
      }
      for (const cycle of [1, 2, 3]) {
        const { search, taken } = await sim.cycle({ seconds: 20, listMs: 10 })
        t.match(search.errors, [{ code: 'EmptyPages' }], `${part} ${cycle}`)
        t.equal(taken.length, cycle === 1 ? 1 : 0, 'what lies beside it')
        sim.wait(1)
      }
    }
  },
)

// What time cuts is told of where it lasted, and only there. A fake clock
// stands for the cycle's.

import t, { type Test } from 'tap'
import { CycleTime } from '../../src/clock.ts'
import { withPatience } from '../../src/find/slow-lists.ts'
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
  const store = withPatience(
    {
      list: async () => {
        const [milliseconds, answer] = answers[index++] ?? [0, empty()]
        clock.advance(milliseconds)
        if (answer instanceof Error) throw answer
        return answer
      },
      get: async () => t.fail('no object is asked for') as never,
    },
    new CycleTime(clock, seconds),
    ({ code }) => codes.push(code),
  )
  for (const [, answer] of answers) {
    const asked = store.list({ prefix: DAY, delimiter: false, startAfter: '' })
    if (answer instanceof Error) await t.rejects(asked, answer)
    else t.equal(await asked, answer)
  }
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
  'a listing whose pages stay empty for a quarter of the cycle is told of once',
  async t => {
    const pages = Array.from(
      { length: 12 },
      (_, i) => [1000, empty(`${i}`)] as const,
    )
    t.strictSame(await told(t, pages), ['EmptyPages'])
    t.strictSame(await told(t, pages.slice(0, 4)), [])
    t.strictSame(
      await told(t, [
        ...pages.slice(0, 4),
        [1000, page('n')],
        ...pages.slice(0, 4),
      ]),
      [],
      'a name begins the wait anew',
    )
    t.strictSame(await told(t, pages, Infinity), [], 'no limits')
    t.strictSame(await told(t, [[9000, empty()]]), [], 'an empty folder')
  },
)

t.test(
  'a search that found no folder yet, and is not over, says so',
  async t => {
    const sim = await SimulatedSearch.start(t)
    sim.put(`${DAY}a.gz`)
    const slow = { seconds: 5, listMs: 1500 }
    const codes: string[] = []
    for (let cycle = 0; cycle < 10; cycle++) {
      const { findings, taken } = await sim.cycle(slow)
      const [error] = findings.errors
      codes.push(error instanceof SourceError ? error.code : '')
      if (taken.length > 0) break
      sim.wait(1)
    }
    t.equal(codes[0], 'SearchUnfinished')
    t.equal(codes.at(-1), '', 'until the folder is found')
  },
)

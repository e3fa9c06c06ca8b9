// An object that takes several cycles, whose ETag is told in other ways from
// answer to answer: the same one in other marks is gone on with, and one that
// is another each time is no reason to print the same records for ever.

import { gzipSync } from 'node:zlib'
import t from 'tap'
import { InProcessCycle } from '../lib/cycle/in-process-cycle.ts'

const RECORDS = 2000
const MANY = 12_000
const ATTEMPTS = 3

/** Runs cycles over one object; gives what each printed, and what it came to. */
async function cycles(
  cycle: InProcessCycle,
  etags: readonly string[],
  records = RECORDS,
): Promise<{ ids: string[]; outcome: string | undefined; said: string }[]> {
  const { store } = cycle
  const Records = Array.from({ length: records }, (_, index) => ({
    eventID: `${index}`,
    requestParameters: 'x'.repeat(1000),
  }))
  // So small that it lies in no spool, which would keep the version it began.
  cycle.putBody('large', gzipSync(JSON.stringify({ Records })))
  const get = store.get.bind(store)
  const runs = []
  for (const etag of etags) {
    store.get = async request => ({
      ...(await get({ ...request, etag: undefined })),
      etag,
    })
    const { ids, verdict, said } = await cycle.run()
    const errors = said.filter(({ level }) => level === 'error')
    runs.push({ ids, outcome: verdict?.outcome, said: JSON.stringify(errors) })
  }
  return runs
}

const limited = 'MaxCycleMegabytes=1\n'

t.test('one ETag in several marks is one version', async t => {
  const marks = ['"x"', 'W/"x"', 'x']
  const many = Array.from({ length: 12 }, (_, index) => marks[index % 3] ?? '')
  const runs = await cycles(new InProcessCycle(t, limited), many)
  t.strictSame(new Set(runs.map(({ outcome }) => outcome)), new Set(['done']))
  const ids = runs.flatMap(({ ids: some }) => some)
  t.equal(ids.length, RECORDS)
  t.equal(new Set(ids).size, RECORDS)
})

t.test('steps that were committed meanwhile hide no other ETag', async t => {
  const settings = `MaxCycleMegabytes=12\nMaxObjectAttempts=${ATTEMPTS}\n`
  const many = Array.from({ length: 8 }, (_, index) => `"${index}"`)
  const runs = await cycles(new InProcessCycle(t, settings), many, MANY)
  const printing = runs.filter(({ ids }) => ids.length > 0)
  t.equal(printing.length, 1 + ATTEMPTS)
  t.match(printing.at(-1), { outcome: 'partial', said: /quarantined/ })
})

t.test(
  'an ETag that is another in each cycle is an attempt each time',
  async t => {
    const settings = `${limited}MaxObjectAttempts=${ATTEMPTS}\n`
    const many = Array.from({ length: 12 }, (_, index) => `"${index}"`)
    const runs = await cycles(new InProcessCycle(t, settings), many)
    const printing = runs.filter(({ ids }) => ids.length > 0)
    t.equal(printing.length, 1 + ATTEMPTS)
    t.match(printing.slice(1), [
      { outcome: 'partial', said: /its ETag has changed/ },
      { outcome: 'partial', said: /attempt 2/ },
      { outcome: 'partial', said: /quarantined/ },
    ])
  },
)

t.test(
  'a new version is read to its end, with one failed attempt at most',
  async t => {
    const many = Array.from(
      { length: 12 },
      (_, index) => `"${Number(index > 1)}"`,
    )
    const runs = await cycles(new InProcessCycle(t, limited), many)
    const ids = runs.slice(2).flatMap(({ ids: some }) => some)
    t.equal(new Set(ids).size, RECORDS)
    t.equal(ids.length, RECORDS, 'none of it twice')
    const failed = runs.filter(({ outcome }) => outcome !== 'done')
    t.ok(failed.length <= 1)
    t.equal(runs.at(-1)?.outcome, 'done')
  },
)

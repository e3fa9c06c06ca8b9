// Objects that are refused or cannot be reached: when it is all of many, that
// is an outage and nobody's fault; when it is some, they are tried again, and
// once a day even when they were given up.

import t, { type Test } from 'tap'
import {
  cloudTrailObject,
  daysAgo,
  startCollector,
  trailKey,
  type Collector,
} from '../lib/hosts/collector.ts'
import { differences, stockOf, type Output } from '../lib/cycle/exactly-once.ts'
import type { Fault } from '../lib/s3/faults.ts'
import type { Cycle } from '../lib/cycle/in-process-collect.ts'

const HOUR = 3_600_000
const denied: Fault = { status: 403, code: 'AccessDenied' }

const errorsOf = ({ events }: Cycle) =>
  events.filter(({ level }) => level === 'error')

/** Starts a bucket of so many objects and a fault for those whose key has a text. */
async function refusing(
  t: Test,
  keys: readonly string[],
  fault: Fault,
  settings: Record<string, number> = {},
  clock?: () => number,
): Promise<Collector & { refuse(text: string | undefined): void }> {
  const collector = await startCollector(t, settings, clock)
  const { s3 } = collector
  for (const key of keys) s3.put(key, cloudTrailObject(3))
  const refuse = (text: string | undefined): void => {
    s3.fault = ({ kind, key }) =>
      kind === 'GET' && text !== undefined && key?.includes(text)
        ? fault
        : undefined
  }
  return { ...collector, refuse }
}

const names = (count: number, name = 'n', region = 'us-east-1'): string[] =>
  Array.from({ length: count }, (_, index) =>
    trailKey(daysAgo(0), `${name}-${index}`, { region }),
  )

for (const [name, fault, outcome] of [
  ['refused', denied, 'access'],
  ['cut off', { kind: 'reset' }, 'network'],
] as const)
  t.test(`all ${name}: an outage, which counts for nothing`, async t => {
    const { s3, runHere, refuse } = await refusing(t, names(12), fault, {
      MaxCycleSeconds: 10,
      MaxObjectAttempts: 2,
    })
    refuse('n-')
    for (let cycle = 0; cycle < 3; cycle++) {
      const refused = await runHere()
      t.equal(refused.outcome, outcome)
      t.equal(refused.stdout, '')
      t.match(errorsOf(refused), [{ event: 'outage' }])
      t.equal(errorsOf(refused).length, 1, 'one line')
      t.match(refused.summary, { objects_quarantined: 0 })
    }
    refuse(undefined)
    const mended = await runHere()
    t.equal(mended.outcome, 'done')
    t.strictSame(differences(stockOf(s3), [mended]), [], 'all at once')
  })

t.test('all but one, or all of nine: bad objects', async t => {
  for (const [count, text, failed] of [
    [12, 'n-1', 3],
    [9, 'n-', 9],
  ] as const)
    await t.test(`${failed} of ${count}`, async t => {
      const { s3, runHere, refuse } = await refusing(t, names(count), denied)
      refuse(text)
      const runs = [await runHere()]
      t.match(runs[0], {
        outcome: 'partial',
        summary: { objects_failed: failed, objects_done: count - failed },
      })
      t.equal(runs[0] && errorsOf(runs[0]).length, failed, 'a line each')
      refuse(undefined)
      runs.push(await runHere())
      t.strictSame(differences(stockOf(s3), runs), [])
    })
})

t.test('a folder that is refused keeps none back of another', async t => {
  const { s3, runHere, refuse } = await refusing(
    t,
    [...names(40, 'a', 'refused'), ...names(20, 'b', 'open')],
    denied,
  )
  refuse('/refused/')
  const runs: Output[] = []
  const first = await runHere()
  runs.push(first)
  t.match(first, { outcome: 'partial', summary: { objects_done: 20 } })
  for (let cycle = 0; cycle < 3; cycle++) {
    const idle = await runHere()
    t.equal(idle.stdout, '')
    runs.push(idle)
  }
  refuse(undefined)
  // The last of them failed in four cycles, and waits for eight.
  for (let cycle = 0; cycle < 16; cycle++) runs.push(await runHere())
  t.strictSame(differences(stockOf(s3), runs), [])
})

t.test('what was refused and given up is tried once a day', async t => {
  let now = Date.parse('2026-03-10T12:00:00Z')
  const { s3, runHere, refuse } = await refusing(
    t,
    [trailKey('2026-03-10', 'n'), trailKey('2026-03-10', 'good')],
    denied,
    { MaxObjectAttempts: 1 },
    () => now,
  )
  refuse('/n.')
  const runs: Output[] = []
  // Two cycles, since the first may not know yet how S3's clock has moved.
  const after = async (hours: number): Promise<[string, boolean]> => {
    now += hours * HOUR
    s3.resetRequests()
    const two = [await runHere(), await runHere()]
    runs.push(...two)
    const isTried = s3.requests.some(({ key }) => key?.includes('/n.'))
    return [two.map(({ outcome }) => outcome).join(), isTried]
  }
  t.strictSame((await after(0))[0], 'partial,done')
  t.strictSame(await after(23), ['done,done', false], 'not within a day')
  t.strictSame(await after(2), ['done,done', true], 'once, and it is no news')
  t.strictSame(await after(1), ['done,done', false])
  refuse(undefined)
  // A clock that leaps by a week is believed in the fourth cycle.
  const late = [await after(7 * 24), await after(0), await after(0)]
  t.ok(
    late.some(([, isTried]) => isTried),
    'long after its day',
  )
  t.strictSame(differences(stockOf(s3), runs), [])
})

const isHit = (name = ''): boolean =>
  name.includes('bad') || name.includes('a+b')

t.test('what looks like everyone’s fault keeps nothing else back', async t => {
  const bad = names(1, 'bad')
  const rewritten = names(3, 'c', 'a+b')
  const { s3, run, runHere } = await refusing(
    t,
    [...bad, ...rewritten, ...names(20), ...names(20, 'n', 'z')],
    denied,
  )
  s3.fault = ({ kind, key, prefix }) =>
    isHit(kind === 'GET' ? key : prefix)
      ? { status: 403, code: 'SignatureDoesNotMatch' }
      : undefined
  const runs: Cycle[] = []
  for (let cycle = 0; cycle < 3; cycle++) runs.push(await runHere())
  const stock = stockOf(s3)
  for (const key of stock.keys()) if (isHit(key)) stock.delete(key)
  t.strictSame(differences(stock, runs), [], 'all that can be read, once')
  for (const { outcome } of runs) t.equal(outcome, 'partial')
  const { stdout } = await run(['status'])
  t.match(stdout, /bad-0/, 'the object is listed')
  s3.fault = () => undefined
  for (let cycle = 0; cycle < 3; cycle++) runs.push(await runHere())
  t.strictSame(differences(stockOf(s3), runs), [])
})

t.test('a key that ends in mid-cycle is an outage', async t => {
  const { s3, runHere } = await refusing(t, names(60), denied)
  let gets = 0
  let isOver = false
  s3.fault = ({ kind }) => {
    if (kind === 'GET' && ++gets > 20) isOver = true
    return isOver ? { status: 400, code: 'ExpiredToken' } : undefined
  }
  const first = await runHere()
  t.equal(first.outcome, 'access')
  t.match(first.summary, { objects_failed: 0 })
  s3.fault = () => undefined
  t.strictSame(differences(stockOf(s3), [first, await runHere()]), [])
})

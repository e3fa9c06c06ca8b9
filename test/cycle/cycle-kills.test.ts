// A cycle that is killed when it has just learnt what day it is, and the next
// one days later: what the first opened stays open. A kill leaves the cursor
// file as it was at that moment, so the file is put back.

import t, { type Test } from 'tap'
import { InProcessCycle } from '../lib/cycle/in-process-cycle.ts'

const DAY_MS = 86_400_000
const TRAIL = 'AWSLogs/111122223333/CloudTrail/'
const WINDOW = 'NoOfBackDaysData=2\nLateArrivalDays=0\n'

/** How many LISTs find the two regions, and what lies in their year and month. */
const WALK = 10

/** What the kill waits for. */
type Moment = 'list' | 'get' | 'batch'

/** Stores an object in a region's day, arriving now; gives its one record. */
function put(
  { store, clock }: InProcessCycle,
  region: string,
  day: string,
): string {
  const key = `${TRAIL}${region}/2026/03/${day}/${clock.now()}.json`
  store.put(key, clock.now(), '{"Records":[{"eventID":"1"}]}')
  return `${key}#1`
}

const putWindow = (cycle: InProcessCycle): string[] =>
  ['us-east-1', 'eu-west-1'].flatMap(region =>
    ['08', '09', '10'].map(day => put(cycle, region, day)),
  )

/** Kills a cycle at its so many-th LIST, GET or batch; false if it ended before. */
async function kill(
  cycle: InProcessCycle,
  moment: Moment,
  count: number,
): Promise<boolean> {
  let file: string | undefined
  let left = count
  const pass = (now: Moment) => () => {
    if (now === moment && --left === 0) file = cycle.cursorFile()
  }
  cycle.store.onList = pass('list')
  cycle.store.onGet = pass('get')
  cycle.host = pass('batch')
  await cycle.run()
  cycle.store.onList = () => {}
  cycle.store.onGet = () => {}
  cycle.host = () => {}
  if (file === undefined) return false
  cycle.restore(file)
  return true
}

/** Runs cycles two days later, until the day is over; gives what they printed. */
async function collectLater(
  cycle: InProcessCycle,
  arrive: () => string[] = () => [],
): Promise<{ printed: string[]; arrived: string[] }> {
  cycle.clock.advance(2 * DAY_MS)
  const arrived = arrive()
  const printed: string[] = []
  for (let hours = 0; hours < 30; hours += 10) {
    printed.push(...(await cycle.run()).ids)
    cycle.clock.advance(10 * 3_600_000)
  }
  return { printed: printed.toSorted(), arrived }
}

/** Tries every moment from a LIST on, and those of the first GET and batch. */
async function atEachMoment(
  t: Test,
  firstList: number,
  check: (t: Test, moment: Moment, count: number) => Promise<boolean>,
): Promise<void> {
  t.ok(await check(t, 'get', 1))
  t.ok(await check(t, 'batch', 1))
  let lists = firstList
  while (await check(t, 'list', lists)) lists++
  t.ok(lists > WALK + 1, 'in the listings of days, too')
}

t.test('a first cycle that is killed leaves its window open', t =>
  atEachMoment(t, 2, async (t, moment, count) => {
    const cycle = new InProcessCycle(t, WINDOW)
    const expected = putWindow(cycle)
    put(cycle, 'us-east-1', '07')
    if (!(await kill(cycle, moment, count))) return false
    const { printed } = await collectLater(cycle)
    t.strictSame(printed, expected.toSorted(), `${moment} ${count}`)
    return true
  }),
)

t.test('so does one that is killed again and again', async t => {
  const cycle = new InProcessCycle(t, WINDOW)
  const expected = putWindow(cycle)
  for (let lists = 2; lists < 6; lists++) {
    t.ok(await kill(cycle, 'list', lists))
    cycle.clock.advance(DAY_MS)
  }
  const { printed } = await collectLater(cycle)
  t.strictSame(printed, expected.toSorted())
})

t.test('an object that arrives after it is not history', async t => {
  const cycle = new InProcessCycle(t)
  const history = put(cycle, 'us-east-1', '01')
  const expected = [put(cycle, 'us-east-1', '10')]
  cycle.clock.advance(3_600_000)
  t.ok(await kill(cycle, 'list', 2))
  const { printed, arrived } = await collectLater(cycle, () => [
    put(cycle, 'us-east-1', '02'),
  ])
  t.strictSame(printed, [...expected, ...arrived].toSorted())
  t.notOk(printed.includes(history))
})

t.test('a change of the scope counts from its first cycle', t =>
  atEachMoment(t, 2, async (t, moment, count) => {
    const cycle = new InProcessCycle(t, `${WINDOW}RegionFolders=none\n`)
    const expected = putWindow(cycle)
    t.strictSame((await cycle.run()).ids, [])
    cycle.configure('NoOfBackDaysData=2\n')
    cycle.clock.advance(3_600_000)
    if (!(await kill(cycle, moment, count))) return false
    const { printed, arrived } = await collectLater(cycle, () => [
      put(cycle, 'eu-west-1', '02'),
    ])
    t.strictSame(printed, [...expected, ...arrived].toSorted())
    return true
  }),
)

t.test('a larger NoOfBackDaysData counts from its first cycle', t =>
  atEachMoment(t, WALK + 1, async (t, moment, count) => {
    const cycle = new InProcessCycle(t, 'LateArrivalDays=0\n')
    const expected = putWindow(cycle)
    t.equal((await cycle.run()).ids.length, 4)
    cycle.configure(WINDOW)
    if (!(await kill(cycle, moment, count))) return false
    const { printed } = await collectLater(cycle)
    const reopened = expected.filter(id => id.includes('/08/'))
    t.strictSame(printed, reopened.toSorted(), `${moment} ${count}`)
    return true
  }),
)

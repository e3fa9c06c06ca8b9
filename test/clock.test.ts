// Limits of time, and the shares of a cycle to the millisecond.
import t from 'tap'
import {
  CycleTime,
  inTime,
  SHARES,
  systemClock,
  untilAborted,
} from '../src/clock.ts'
import { FakeClock } from './lib/fake-clock.ts'

t.test(
  'splits a cycle: new work ends at half, emission before the end',
  async t => {
    const clock = new FakeClock()
    clock.advance(123_456)
    const time = new CycleTime(clock, 20)
    const over = (): string[] =>
      (Object.keys(SHARES) as (keyof typeof SHARES)[]).filter(share =>
        time.isOver(share),
      )
    const steps: [number, string[]][] = [
      [0, []],
      [1999, []],
      [2000, ['discovery']],
      [4999, ['discovery']],
      [5000, ['discovery', 'listing']],
      [9999, ['discovery', 'listing']],
      [10_000, ['discovery', 'listing', 'newWork']],
      [14_999, ['discovery', 'listing', 'newWork']],
      [15_000, ['discovery', 'listing', 'newWork', 'emission']],
      [19_999, ['discovery', 'listing', 'newWork', 'emission']],
      [20_000, ['discovery', 'listing', 'newWork', 'emission', 'all']],
    ]
    for (const [at, expected] of steps) {
      clock.advance(at - time.spent)
      t.equal(time.spent, at)
      t.strictSame(over(), expected, `after ${at} ms`)
      t.equal(time.until('all'), 20_000 - at)
    }
  },
)

t.test('what was lost before it began shortens a cycle', async t => {
  const clock = new FakeClock()
  const time = new CycleTime(clock, 20, 4000)
  t.equal(time.until('all'), 16_000)
  t.equal(time.until('newWork'), 8000)
  clock.advance(1000)
  t.equal(time.spent, 1000)
  t.equal(time.duration, 5000)
  t.equal(new CycleTime(clock, 20, 60_000).until('all'), 10_000, 'half is left')
  t.equal(new CycleTime(clock, Infinity, 60_000).until('all'), Infinity)
})

t.test('goes by the clock that only goes forward', async t => {
  const clock = new FakeClock()
  const time = new CycleTime(clock, 20)
  clock.setWall(clock.now() + 86_400_000)
  t.equal(time.spent, 0)
  t.notOk(time.isOver('discovery'))
})

t.test('without limits nothing is ever over', async t => {
  const clock = new FakeClock()
  const time = new CycleTime(clock, Infinity)
  clock.advance(1e12)
  t.notOk(time.isOver('discovery'))
  t.equal(time.until('all'), Infinity)
})

const late = (): Error => new Error('too late')

t.test('what is waited for in vain ends in time, by the clock', async t => {
  const clock = new FakeClock()
  const never = new Promise<void>(() => {})
  await t.rejects(clock.run(inTime(never, 1000, clock, late)), /too late/)
  t.equal(await inTime(Promise.resolve('soon'), 1000, clock, late), 'soon')
})

t.test('a timer of the machine keeps no process alive', t => {
  const before = process.getActiveResourcesInfo()
  systemClock.after(60_000, () => {})
  t.strictSame(process.getActiveResourcesInfo(), before)
  t.end()
})

t.test('a signal ends a wait with its reason, before it or during', async t => {
  const never = new Promise<void>(() => {})
  const stop = new AbortController()
  const waiting = untilAborted(never, stop.signal)
  stop.abort(new Error('stopped'))
  await t.rejects(waiting, /stopped/)
  await t.rejects(untilAborted(never, stop.signal), /stopped/)
})

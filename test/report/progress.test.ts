// The live line as a terminal gets it. The clock is moved by hand.
import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { showProgress } from '../../src/report/progress.ts'
import { Report } from '../../src/report/report.ts'
import { noCounts } from '../../src/cycle/summary.ts'
import { FakeClock } from '../lib/fake-clock.ts'

const WIPE = '\r\u001b[K'

function start(isTerminal: boolean) {
  const clock = new FakeClock()
  const counts = noCounts()
  const written: string[] = []
  const report = new Report({
    write: text => written.push(text),
    now: () => 0,
    isTerminal,
    quiet: false,
  })
  const end = showProgress({ counts, clock, report })
  const pass = async (milliseconds: number): Promise<string | undefined> => {
    clock.advance(milliseconds)
    await setImmediate()
    return written.at(-1)
  }
  return { clock, counts, report, written, end, pass }
}

t.test('tells what is done, what is left, and how fast it goes', async t => {
  const { counts, written, end, pass } = start(true)
  t.strictSame(written, [], 'nothing at once')
  Object.assign(counts, { objects_found: 1200, objects_done: 10 })
  Object.assign(counts, { objects_failed: 2, records: 500, bytes_out: 400_000 })
  t.equal(
    await pass(250),
    `${WIPE}10 of 1,200 objects, 1,188 left, 2,000 records/s, 1.6 MB/s`,
  )
  t.match(await pass(250), ' left, 1,000 records/s, 0.8 MB/s')
  for (let quarter = 0; quarter < 8; quarter++) await pass(250)
  t.match(written.at(-1), ', 0 records/s, 0.0 MB/s', 'of two seconds')
  end()
  t.equal(written.at(-1), WIPE)
})

t.test('is drawn four times a second, and no more once it ended', async t => {
  const { clock, written, end, pass } = start(true)
  for (let step = 0; step < 1000; step += 50) await pass(50)
  t.equal(written.length, 4)
  end()
  const { length } = written
  await pass(10_000)
  t.equal(written.length, length)
  t.ok(clock.sleeps.every(pause => pause === 250))
})

t.test('a line of the report wipes it, and it comes again', async t => {
  const { report, written, pass, end } = start(true)
  await pass(250)
  report.warn('odd', 'is odd')
  t.strictSame(written.slice(-2), [WIPE, 'warning: is odd\n'])
  t.match(await pass(250), `${WIPE}0 of 0 objects`)
  end()
})

t.test('costs nothing where there is no terminal', async t => {
  const { clock, written, end, pass } = start(false)
  await pass(1000)
  end()
  t.strictSame(clock.sleeps, [], 'no timer')
  t.strictSame(written, [])
})

// A cycle notes how long the oldest of what it found and left has waited.
import t from 'tap'
import { Cursor } from '../../src/cursor/cursor.ts'
import { InProcessCycle } from '../lib/cycle/in-process-cycle.ts'

const HOUR = 3_600_000

t.test('the oldest of what is left, and none once all is done', async t => {
  const cycle = new InProcessCycle(t, 'MaxCycleMegabytes=1\n')
  const waiting = async (): Promise<number | undefined> => {
    const { cursorPath: path } = cycle
    const names = { bucket: 'logs', logType: 'CloudTrail' }
    const { state } = await Cursor.open({ path, ...names, readOnly: true })
    return state.cycle.waiting
  }
  const times = new Map<string, number>()
  for (const name of ['a', 'b', 'c']) {
    const at = cycle.clock.now()
    times.set(cycle.put(name, 900, 500), at)
    cycle.clock.advance(HOUR)
  }
  const seen = new Set<number | undefined>()
  for (let run = 0; run < 5; run++) {
    const { counts, error } = await cycle.run()
    t.equal(error, undefined)
    const { whole } = await cycle.committed()
    const left = [...times].filter(([key]) => !whole.includes(key))
    const oldest = Math.min(...left.map(([, at]) => at))
    t.equal(await waiting(), left.length === 0 ? 0 : oldest)
    t.equal(counts.objects_left, left.length)
    seen.add(await waiting())
  }
  t.ok(seen.size > 1 && seen.has(0))
})

// What a cycle commits where stdout is no pipe.
import t from 'tap'
import { HostGoneError } from '../../src/output/stdout.ts'
import { distanceOf } from '../../src/output/stdout-kind.ts'
import { InProcessCycle } from '../lib/cycle/in-process-cycle.ts'

/** Puts objects of some 4 MiB in all. */
function putObjects(cycle: InProcessCycle): void {
  for (let index = 10; index < 50; index++) cycle.put(`n-${index}`, 100, 1000)
}

t.test('in a file all that was written and synced is committed', async t => {
  const cycle = new InProcessCycle(t)
  putObjects(cycle)
  let written = ''
  let synced = ''
  let most = 0
  cycle.stdout = {
    kind: 'file',
    distance: distanceOf('file'),
    sync: async () => {
      synced = written
    },
  }
  cycle.host = async ({ text }) => {
    const { whole } = await cycle.committed()
    for (const key of whole) t.ok(synced.includes(`${key}","s3_record":100,`))
    most = Math.max(most, whole.length)
    written += text
  }
  t.equal((await cycle.run()).ids.length, 4000)
  t.equal(synced, written, 'all of it at the end')
  t.ok(most > 20, 'and the most of it before')
  t.equal((await cycle.committed()).whole.length, 40)
})

t.test('records that could not be synced are not committed', async t => {
  const cycle = new InProcessCycle(t)
  putObjects(cycle)
  cycle.stdout = {
    kind: 'file',
    distance: distanceOf('file'),
    sync: () => Promise.reject(new HostGoneError('writing to stdout: EIO')),
  }
  t.type((await cycle.run()).error, HostGoneError)
  t.strictSame((await cycle.committed()).whole, [])
})

// How many cycles a backlog needs, from what the last cycle tells.
import t from 'tap'
import { estimateBacklog } from '../../../src/commands/plan/backlog.ts'

const MIB = 1024 * 1024
const limits = { MaxCycleMegabytes: 100, MaxCycleSeconds: 20 }

const cycles = (objects: number, bytes: number): number =>
  estimateBacklog({ objects, bytes }, {}, limits).cycles

t.test('nothing new needs no cycle, and anything at least one', async t => {
  t.equal(cycles(0, 0), 0)
  t.equal(cycles(1, 0), 1, 'an object without a byte')
  t.equal(cycles(3, 5 * MIB), 1)
  t.equal(cycles(3, 5 * MIB + 1), 2, 'twenty times as much is printed')
})

t.test('a cycle that left nothing tells what objects come to', async t => {
  const last = { bytes_in: 100, bytes_out: 700, objects_left: 0 }
  const backlog = { objects: 9, bytes: 100 * MIB }
  t.strictSame(estimateBacklog(backlog, last, limits), {
    cycles: 7,
    outputBytes: 700 * MIB,
  })
  for (const useless of [
    { ...last, bytes_in: 0 },
    { ...last, bytes_out: 0 },
    { ...last, objects_left: 1 },
  ])
    t.equal(estimateBacklog(backlog, useless, limits).cycles, 20)
  const spooled = { ...last, bytes_in: 1 }
  t.equal(estimateBacklog(backlog, spooled, limits).cycles, 100, 'at most')
})

t.test('where time ended the last cycle it will end the next', async t => {
  const last = {
    bytes_in: MIB,
    bytes_out: 10 * MIB,
    objects_left: 5,
    duration_ms: 15_000,
  }
  const backlog = { objects: 9, bytes: 10 * MIB }
  t.equal(estimateBacklog(backlog, last, limits).cycles, 20)
  const longer = { ...limits, MaxCycleSeconds: 60 }
  t.equal(estimateBacklog(backlog, last, longer).cycles, 2)
  const full = { ...last, bytes_out: 200 * MIB }
  t.equal(estimateBacklog(backlog, full, limits).cycles, 2, 'the limit holds')
})

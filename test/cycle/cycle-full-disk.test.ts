// Whole cycles beside a disk that is full, or was when the cycle began: before
// a line is printed the cursor has room for the commits, or nothing is printed.

import t from 'tap'
import { CursorError } from '../../src/cursor/cursor-error.ts'
import { InProcessCycle } from '../lib/cycle/in-process-cycle.ts'
import { wrappedFs } from '../lib/files/wrapped-fs.ts'

const ROOM = 65_536

const roomIn = (file: string): number => /\0*$/.exec(file)?.[0].length ?? 0

/** Gives the cursor a disk that takes so many bytes more while it is full, and then none. */
function diskOf(cycle: InProcessCycle, bytes: number) {
  const disk = { isFull: false, writes: 0 }
  let left = bytes
  cycle.fs = wrappedFs(async (name, run, args) => {
    if (name !== 'handle.write') return run()
    disk.writes++
    if (!disk.isFull) return run()
    const length = Math.min(left, Number(args[2]))
    left -= length
    if (length > 0) return run(args[0], args[1], length, args[3])
    throw Object.assign(new Error('ENOSPC: no space'), { code: 'ENOSPC' })
  })
  return disk
}

for (const events of [1, 5000])
  t.test(`a full disk prints nothing of ${events} records`, async t => {
    const cycle = new InProcessCycle(t)
    const disk = diskOf(cycle, 4096)
    cycle.put('a', 2)
    await cycle.run()
    const before = cycle.cursorFile()
    const key = cycle.put('b', events, 100)
    disk.isFull = true
    for (let count = 0; count < 2; count++) {
      const run = await cycle.run()
      t.type(run.error, CursorError)
      t.match(run.error, { code: 'CURSOR_UNWRITABLE', message: /make room/ })
      t.equal(run.output, '')
      t.equal(cycle.cursorFile(), before)
    }
    disk.isFull = false
    const { ids } = await cycle.run()
    t.equal(ids.length, events)
    t.equal(ids[0], `${key}#1`)
  })

t.test('a disk that is full in a first cycle prints nothing', async t => {
  const cycle = new InProcessCycle(t)
  const disk = diskOf(cycle, 4096)
  disk.isFull = true
  cycle.put('a', 2)
  const { error, output } = await cycle.run()
  t.match(error, { code: 'CURSOR_UNWRITABLE' })
  t.equal(output, '')
})

t.test('room is there before the first line and gone at the end', async t => {
  const cycle = new InProcessCycle(t)
  cycle.put('old', 1)
  await cycle.run()
  cycle.put('a', 3000, 1000)
  const files: string[] = []
  cycle.host = async () => {
    files.push(cycle.cursorFile())
    // As `status` reads it meanwhile.
    await cycle.committed()
  }
  t.equal((await cycle.run()).ids.length, 3000)
  t.equal(roomIn(files[0] ?? ''), ROOM)
  t.equal(new Set(files.map(({ length }) => length)).size, 1, 'not renewed')
  t.ok(roomIn(files.at(-1) ?? '') < ROOM, 'commits are in it')
  t.equal(roomIn(cycle.cursorFile()), 0)
})

t.test('room that a kill leaves is none to the next cycle', async t => {
  const cycle = new InProcessCycle(t)
  const keys = ['a', 'b'].map(name => cycle.put(name, 1500, 1000))
  let killed = ''
  let taken = 0
  cycle.host = ({ before }) => {
    killed = cycle.cursorFile()
    taken = before.records
  }
  const { ids } = await cycle.run()
  cycle.restore(killed)
  t.ok(roomIn(killed) > 0)
  t.ok(taken > 2000)
  cycle.host = () => {}
  const again = await cycle.run()
  t.ok(again.ids.length < ids.length)
  t.equal(again.error, undefined)
  t.equal(roomIn(cycle.cursorFile()), 0)
  t.strictSame((await cycle.committed()).whole, keys)
})

t.test('a cycle that prints nothing keeps no room', async t => {
  const cycle = new InProcessCycle(t)
  cycle.put('a', 1)
  await cycle.run()
  const disk = diskOf(cycle, 0)
  await cycle.run()
  const idle = disk.writes
  t.equal(idle, 1)
})

// What the notes of three cycles tell of a backlog.
import t from 'tap'
import {
  isGrowing,
  leftBefore,
  leftBehind,
  type CycleNote,
} from '../../src/cursor/cycle-note.ts'
import { emptyState } from '../../src/cursor/cursor-state.ts'
import { openCursor } from '../lib/cursor/cursor-operations.ts'
import { InProcessCycle } from '../lib/cycle/in-process-cycle.ts'

// The notes of cycles that left so many, as each is made from the one before.
function noteAfter(leaving: readonly number[]): CycleNote {
  let note = emptyState().cycle
  for (const objects_left of leaving)
    note = {
      ...note,
      number: note.number + 1,
      summary: { objects_left },
      left: leftBefore(note),
    }
  return note
}

t.test('keeps three cycles, however many there were', async t => {
  for (const [leaving, left, growing] of [
    [[], [], false],
    [[5], [5], false],
    [[1, 5], [1, 5], false],
    [[1, 5, 6], [1, 5, 6], true],
    [[9, 1, 5, 6], [1, 5, 6], true],
    [[1, 2, 3, 3], [2, 3, 3], false],
    [[3, 2, 1], [3, 2, 1], false],
    [[1, 1, 2], [1, 1, 2], false],
    [[0, 0, 0], [0, 0, 0], false],
  ] as const) {
    const note = noteAfter(leaving)
    t.strictSame(leftBehind(note), left)
    t.equal(isGrowing(note), growing, leaving.join())
  }
})

t.test('a note of before begins with what it has', async t => {
  const { left: _, ...old } = noteAfter([1, 2])
  t.strictSame(leftBehind(old), [2])
  t.strictSame(leftBehind({ ...old, summary: {} }), [0])
})

t.test('cycles that cannot keep up leave ever more behind', async t => {
  const bucket = new InProcessCycle(t, 'MaxCycleMegabytes=1\n')
  for (const cycle of [1, 2, 3]) {
    for (let index = 0; index < 3; index++)
      bucket.put(`${cycle}-${index}`, 1, 700_000)
    await bucket.run()
  }
  const { state } = await openCursor(bucket.cursorPath, { readOnly: true })
  t.strictSame(leftBehind(state.cycle), [2, 4, 6], 'one object a cycle')
  t.ok(isGrowing(state.cycle))
})

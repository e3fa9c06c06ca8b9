// A backlog is not a fault: a proof waits until each open day was listed whole
// and nothing is pending in it.

import t from 'tap'
import {
  emptyState,
  leafKey,
  newPartition,
  type CursorState,
  type Partition,
  type Leaf,
} from '../../src/cursor/cursor-state.ts'
import { isCaughtUp as whenAtRest } from '../../src/verify/caught-up.ts'
import { leafEntry } from '../lib/cursor/entries.ts'

const to = Date.parse('2026-03-10T10:00:00Z')
const range = { from: to - 86_400_000, to }
const isCaughtUp = (state: CursorState, time: typeof range): boolean =>
  whenAtRest(state, time, () => false)
const done = { swept: to, dirty: false }

/** Makes the state of a leaf and what is known of its days. */
function stateOf(
  days: Readonly<Record<string, Partial<Partition>>>,
  leaf: Partial<Leaf> = {},
) {
  const state = emptyState()
  const entry = leafEntry({ prefix: 'a/', ...leaf }) as unknown as Leaf
  state.leaves.set(leafKey(entry.prefix, entry.layout), entry)
  for (const [day, folder] of Object.entries(days)) {
    const prefix = `a/${day.replaceAll('-', '/')}${day === '' ? '' : '/'}`
    state.partitions.set(prefix, { ...newPartition(prefix, day), ...folder })
  }
  return state
}

const both = { '2026-03-09': done, '2026-03-10': done }
const yesterday = { '2026-03-09': done }

t.test('each open day must have been listed whole since', async t => {
  t.ok(isCaughtUp(stateOf(both), range))
  const late = { ...both, '2026-03-10': { ...done, swept: to - 1 } }
  t.notOk(isCaughtUp(stateOf(late), range))
  t.notOk(isCaughtUp(stateOf(yesterday), range), 'never listed')
  const waits = { ...both, '2026-03-09': { ...done, dirty: true } }
  t.notOk(isCaughtUp(stateOf(waits), range))
  t.ok(isCaughtUp(stateOf(waits, { from: '2026-03-10' }), range), 'closed')
})

t.test('a day at rest need not be listed', async t => {
  const rests = { '2026-03-09': { swept: 1 }, '2026-03-10': done }
  t.notOk(isCaughtUp(stateOf(rests), range))
  t.ok(whenAtRest(stateOf(rests), range, (_, day) => day === '2026-03-09'))
})

t.test('a leaf that is refused or gone need not be listed', async t => {
  const long = { '2026-03-09': { swept: range.from - 1 } }
  t.ok(isCaughtUp(stateOf(long, { refused: to }), range))
  t.notOk(isCaughtUp(stateOf(long), range))
  const lately = stateOf(yesterday, { refused: to })
  t.notOk(isCaughtUp(lately, range), 'it may be back at once')
  t.ok(isCaughtUp(stateOf(yesterday, { missed: to }), range))
})

t.test('a leaf without dates must have been listed whole since', async t => {
  const flat = { layout: 'flat' } as const
  t.ok(isCaughtUp(stateOf({ '': { swept: 1 } }, flat), range))
  t.notOk(isCaughtUp(stateOf({}, flat), range))
  t.notOk(isCaughtUp(stateOf({ '': { swept: to, dirty: true } }, flat), range))
})

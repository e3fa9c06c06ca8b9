// A backlog is no fault: what still waits, or was not listed since, is not
// judged yet.

import t from 'tap'
import {
  emptyState,
  leafKey,
  newFolder,
  type Folder,
  type Leaf,
} from '../../src/cursor/cursor-state.ts'
import { isCaughtUp } from '../../src/verify/caught-up.ts'
import { leafEntry } from '../lib/cursor/entries.ts'

const to = Date.parse('2026-03-10T10:00:00Z')
const range = { from: to - 86_400_000, to }
const done = { swept: to, dirty: false }

/** Makes the state of a leaf and what is known of its days. */
function stateOf(
  days: Readonly<Record<string, Partial<Folder>>>,
  leaf: Partial<Leaf> = {},
) {
  const state = emptyState()
  const entry = leafEntry({ prefix: 'a/', ...leaf }) as unknown as Leaf
  state.leaves.set(leafKey(entry.prefix, entry.layout), entry)
  for (const [day, folder] of Object.entries(days)) {
    const prefix = `a/${day.replaceAll('-', '/')}${day === '' ? '' : '/'}`
    state.folders.set(prefix, { ...newFolder(prefix, day), ...folder })
  }
  return state
}

const both = { '2026-03-09': done, '2026-03-10': done }
const yesterday = { '2026-03-09': done }

t.test('each open day was listed whole since', async t => {
  t.ok(isCaughtUp(stateOf(both), range))
  const late = { ...both, '2026-03-10': { ...done, swept: to - 1 } }
  t.notOk(isCaughtUp(stateOf(late), range))
  t.notOk(isCaughtUp(stateOf(yesterday), range), 'never listed')
  const waits = { ...both, '2026-03-09': { ...done, dirty: true } }
  t.notOk(isCaughtUp(stateOf(waits), range))
  t.ok(isCaughtUp(stateOf(waits, { from: '2026-03-10' }), range), 'closed')
})

t.test('a leaf that is refused, or gone, is not waited for', async t => {
  t.ok(isCaughtUp(stateOf(yesterday, { refused: to }), range))
  t.ok(isCaughtUp(stateOf(yesterday, { missed: to }), range))
})

t.test('a leaf without dates', async t => {
  const flat = { layout: 'flat' } as const
  t.ok(isCaughtUp(stateOf({ '': { swept: 1 } }, flat), range))
  t.notOk(isCaughtUp(stateOf({}, flat), range))
  t.notOk(isCaughtUp(stateOf({ '': { swept: to, dirty: true } }, flat), range))
})

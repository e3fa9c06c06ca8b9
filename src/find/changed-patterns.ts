// Keeps the patterns before a change of Inclusions or Exclusions. In closed
// days, an object that a change lets in is history, unless it was modified
// after the last complete look at these days; only the former patterns tell
// which objects a change let in.

import type { Cursor } from '../cursor/cursor.ts'
import type { CursorState } from '../cursor/cursor-state.ts'
import type { Settings } from '../settings/settings-table.ts'
import { filePatterns } from './file-patterns.ts'

export type PatternSettings = Pick<Settings, 'Inclusions' | 'Exclusions'>

const MAX_CHANGES = 10
// Cursors of version 1 have no patterns, and the default of flow logs has been
// widened since.
const V1_DEFAULT = JSON.stringify([['*.gz'], []])
const WIDER_DEFAULT = JSON.stringify([['*.gz', '*.parquet'], []])

/** Records the patterns of a cycle; tells whether they have changed. */
export function recordPatterns(
  cursor: Cursor,
  { Inclusions, Exclusions }: PatternSettings,
): boolean {
  const text = JSON.stringify([Inclusions, Exclusions])
  const { patterns, lookBack, cycle } = cursor.state
  if (patterns.text === text) return false
  const isUntold = patterns.text === '' && cycle.number > 0
  const last =
    isUntold && text === WIDER_DEFAULT
      ? { text: V1_DEFAULT, before: cycle.at }
      : { text: patterns.text, before: lookBack.complete }
  const changes = [...patterns.former, last]
  // Going back to former patterns brings back the objects that the change left
  // out.
  const back = changes.findIndex(former => former.text === text)
  const former = changes
    .slice(0, back < 0 ? changes.length : back)
    .filter(change => change.text !== '')
    .slice(-MAX_CHANGES)
  cursor.record({ k: 'patterns', text, former })
  return true
}

/** Makes the test that an object of a closed day was let in by a change and is too old for that. */
export function letInTooLate(
  state: CursorState,
): (object: { key: string; modified: number }) => boolean {
  const { patterns } = state
  const former = patterns.former.map(({ text, before }) => {
    const [inclusions, exclusions] = JSON.parse(text) as [string[], string[]]
    return { before, wanted: filePatterns(inclusions, exclusions) }
  })
  return ({ key, modified }) =>
    former.some(({ before, wanted }) => modified < before && !wanted(key))
}

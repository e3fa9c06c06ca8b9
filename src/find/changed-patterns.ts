// What a change of Inclusions or Exclusions lets in is history in closed days,
// unless it was modified after the last complete look at these. The patterns
// before a change are kept, since only they tell what was let in by it.

import type { Cursor } from '../cursor/cursor.ts'
import type { Settings } from '../settings/settings-table.ts'
import { filePatterns } from './file-patterns.ts'

export type PatternSettings = Pick<Settings, 'Inclusions' | 'Exclusions'>

const MAX_CHANGES = 10
// Cursors of version 1 know of no patterns. What the default of flow logs has
// gained since was not collected then.
const V1_DEFAULT = JSON.stringify([['*.gz'], []])
const WIDER_DEFAULT = JSON.stringify([['*.gz', '*.parquet'], []])

/** Notes the patterns of a cycle; tells whether they are others than before. */
export function notePatterns(
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
  // Who takes a change back wants what was left out by it.
  const back = changes.findIndex(former => former.text === text)
  const former = changes
    .slice(0, back < 0 ? changes.length : back)
    .filter(change => change.text !== '')
    .slice(-MAX_CHANGES)
  cursor.record({ k: 'patterns', text, former })
  return true
}

/** Makes the test that an object of a closed day was let in by a change and is older than that allows. */
export function letInTooLate({
  state,
}: Pick<Cursor, 'state'>): (object: {
  key: string
  modified: number
}) => boolean {
  const former = state.patterns.former.map(({ text, before }) => {
    const [inclusions, exclusions] = JSON.parse(text) as [string[], string[]]
    return { before, wanted: filePatterns(inclusions, exclusions) }
  })
  return ({ key, modified }) =>
    former.some(({ before, wanted }) => modified < before && !wanted(key))
}

// Names the one of Inclusions and Exclusions that leaves out every object.
// `check` and a cycle use the same words.

import { filePatterns } from '../../find/file-patterns.ts'
import type { Settings } from '../../settings/settings-table.ts'
import { counted } from '../../report/words.ts'

/** Names the setting that leaves out all of so many objects, with some of their names. */
export function explainPatterns(
  count: number,
  names: readonly string[],
  { Inclusions, Exclusions }: Pick<Settings, 'Inclusions' | 'Exclusions'>,
): string {
  const isIncluded = filePatterns(Inclusions, [])
  const [which, cure] = names.some(isIncluded)
    ? [`Exclusions ${Exclusions.join(',')}`, 'do not want']
    : [`Inclusions ${Inclusions.join(',')}`, 'want']
  return `${which} leaves out all ${counted(count, 'object')} that were looked at, such as ${names.join(', ')}: change it to match the names that you ${cure}`
}

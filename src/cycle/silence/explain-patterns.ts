// Says which of Inclusions and Exclusions leaves out all objects that there
// are. `check` and a cycle say it in the same words.

import { filePatterns } from '../../find/file-patterns.ts'
import type { Settings } from '../../settings/settings-table.ts'
import { counted } from '../../report/words.ts'

/** Names the setting that leaves out so many objects, all of them, with some of their names. */
export function explainPatterns(
  count: number,
  names: readonly string[],
  { Inclusions, Exclusions }: Pick<Settings, 'Inclusions' | 'Exclusions'>,
): string {
  const isIncluded = filePatterns(Inclusions, [])
  const [which, cure] = names.some(isIncluded)
    ? [`Exclusions ${Exclusions.join(',')}`, 'do not want']
    : [`Inclusions ${Inclusions.join(',')}`, 'want']
  return `${which} leaves out all ${counted(count, 'object')} looked at, such as ${names.join(', ')}: let it fit the names that you ${cure}`
}

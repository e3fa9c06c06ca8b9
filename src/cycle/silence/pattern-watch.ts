// Watches the pages of listings for objects that pass Inclusions and
// Exclusions, whether collected before or not, and names the one of the two that
// leaves out every object. After the first object no page is checked any more.

import type { CursorState } from '../../cursor/cursor-state.ts'
import { filePatterns } from '../../find/file-patterns.ts'
import { counted } from '../../report/words.ts'
import { isFolderMarker, type ObjectStore } from '../../s3/object-store.ts'
import type { Settings } from '../../settings/settings-table.ts'

const MAX_NAMES = 3

/** Counts the objects that the patterns leave out, until one passes. */
export class PatternWatch {
  /** Whether an object passed the patterns. */
  passed: boolean
  /** The number of objects left out before one passed, and some of their names. */
  leftOut = 0
  readonly names: string[] = []
  readonly #matchesPatterns: (key: string) => boolean

  /** Begins with the known findings; once an object has passed, nothing is watched. */
  constructor(passed: boolean, matchesPatterns: (key: string) => boolean) {
    this.passed = passed
    this.#matchesPatterns = matchesPatterns
  }

  /** Makes a store that watches the listings of the cursor's partitions. */
  over(store: ObjectStore, { partitions }: CursorState): ObjectStore {
    if (this.passed) return store
    return {
      get: request => store.get(request),
      list: async request => {
        const page = await store.list(request)
        if (!this.passed && partitions.has(request.prefix))
          for (const object of page.objects)
            if (!this.passed && !isFolderMarker(object))
              this.matches(object.key)
        return page
      },
    }
  }

  /** Tells whether a key passes the patterns, and counts it. */
  matches(key: string): boolean {
    if (this.#matchesPatterns(key)) {
      this.passed = true
      return true
    }
    this.leftOut++
    if (this.names.length < MAX_NAMES)
      this.names.push(key.slice(key.lastIndexOf('/') + 1))
    return false
  }
}

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

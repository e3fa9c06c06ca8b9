// Watches the pages of listings for objects that pass Inclusions and
// Exclusions, whether collected before or not. After the first such object no
// page is checked any more.

import type { CursorState } from '../../cursor/cursor-state.ts'
import { isFolderMarker, type ObjectStore } from '../../s3/object-store.ts'

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
            if (!isFolderMarker(object)) this.#see(object.key)
        return page
      },
    }
  }

  #see(key: string): void {
    if (this.passed) return
    this.passed = this.#matchesPatterns(key)
    if (this.passed) return
    this.leftOut++
    if (this.names.length < MAX_NAMES)
      this.names.push(key.slice(key.lastIndexOf('/') + 1))
  }
}

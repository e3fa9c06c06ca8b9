// Tells the findings of a search whether S3 was asked, and reached, at all.

import type { Findings } from './search-result.ts'
import type { ObjectStore } from '../s3/object-store.ts'

/** Makes a store whose LISTs are noted; `onReached` is called before the first that succeeds is. */
export function notingStore(
  store: ObjectStore,
  findings: Findings,
  onReached = (): void => {},
): ObjectStore {
  return {
    get: request => store.get(request),
    list: async request => {
      findings.asked = true
      const page = await store.list(request)
      if (!findings.reached) onReached()
      findings.reached = true
      return page
    },
  }
}

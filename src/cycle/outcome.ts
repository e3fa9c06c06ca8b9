// How a cycle ended, from what kept it from its work: the name that becomes
// the exit code, and what the cursor keeps of it.

import type { Findings } from '../find/search-result.ts'
import type { Outage } from '../fetch/refusals.ts'
import { SourceError } from '../s3/errors/source-error.ts'
import type { CycleOutcome } from '../cursor/cursor-state.ts'

/** Names how a cycle ended; where several apply, what kept everything from being read comes first. */
export function cycleOutcome(
  { asked, reached, errors }: Findings,
  { objects_failed }: { objects_failed: number },
  outage: Outage | undefined,
): CycleOutcome {
  if (asked && !reached) {
    const [first] = errors
    // Requests that were cut off with the cycle left no error of their own.
    return first instanceof SourceError && first.kind !== 'network'
      ? 'access'
      : 'network'
  }
  if (outage) return outage.kind
  return errors.length > 0 || objects_failed > 0 ? 'partial' : 'done'
}

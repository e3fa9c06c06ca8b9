// Judges a cycle: its outcome, which becomes its exit code, and one sentence on
// the fault. A fault that kept everything from being read comes before single
// failures.

import type { SearchResult } from '../find/search-result.ts'
import type { Outage } from '../fetch/refusals.ts'
import { SourceError } from '../s3/errors/source-error.ts'
import { CursorError } from '../cursor/cursor-error.ts'
import { isGrowing, leftBehind, type Backlog } from '../cursor/cycle-note.ts'
import type { CycleOutcome } from '../report/outcome.ts'
import { messageOf } from '../report/words.ts'

/** The end of a cycle; `reason` is '' if nothing is wrong. */
export interface Verdict {
  outcome: CycleOutcome
  reason: string
}

const noAnswer = new SourceError(
  'S3 gave no answer within the time of the cycle; check Endpoint, Region and the network',
  { code: 'NoAnswer', kind: 'network' },
)

/** Judges a cycle by its search, its failures and an outage; `backlog` is the objects that it and earlier cycles left undone. */
export function judgeCycle(
  search: SearchResult,
  { objects_failed: failed }: { objects_failed: number },
  outage?: Outage,
  backlog?: Backlog,
): Verdict {
  const { asked, reached, errors } = search
  const fault = cursorFault(errors)
  if (fault) return { outcome: 'cursor', reason: fault.message }
  if (asked && !reached) {
    const error = firstError(errors)
    const isAccess = error instanceof SourceError && error.kind !== 'network'
    const outcome = isAccess ? 'access' : 'network'
    return { outcome, reason: messageOf(error) }
  }
  if (outage) return { outcome: outage.kind, reason: outage.message }
  if (errors.length > 0) {
    const reason = troubleOf(errors)
    return { outcome: 'partial', reason }
  }
  if (failed > 0) {
    const reason = `objects that failed in this cycle: ${failed}; \`status\` names them`
    return { outcome: 'partial', reason }
  }
  const reason =
    backlog && isGrowing(backlog)
      ? `the backlog grows: ${leftBehind(backlog).join(', ')} objects left in three cycles`
      : ''
  return { outcome: 'done', reason }
}

const isListed = (error: unknown): boolean =>
  error instanceof SourceError && error.kind === 'object'

// A listing that succeeded with a fault is reported, too.
function troubleOf(errors: readonly unknown[]): string {
  const unlisted = errors.filter(error => !isListed(error))
  const [one = errors[0]] = unlisted
  const others = errors.length - 1
  if (unlisted.length > 0)
    return `folders that were not listed: ${unlisted.length}; ${messageOf(one)}`
  return `${messageOf(one)}${others > 0 ? `; and ${others} more like it` : ''}`
}

/** Adds the reason why the settings match nothing to a cycle that is otherwise good; `silence` is '' if they match. */
export function orSilent(verdict: Verdict, silence: string): Verdict {
  if (silence === '' || verdict.outcome !== 'done') return verdict
  return { outcome: 'partial', reason: silence }
}

/** Gives the error that kept the search from reading the file of older days, by which it knows the collected objects. */
export function cursorFault(
  errors: readonly unknown[],
): CursorError | undefined {
  return errors.find(error => error instanceof CursorError)
}

/** Gives the first error of the search; requests that were cut off with the cycle left none. */
export function firstError(errors: readonly unknown[]): unknown {
  return errors.length > 0 ? errors[0] : noAnswer
}

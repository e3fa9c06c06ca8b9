// Explains settings that match no folder, for commands that would otherwise answer
// with a zero and no fault.

import {
  judgeSilence,
  knownOf,
  recordNoFolders,
} from '../cycle/silence/find-silence.ts'
import type { PatternWatch } from '../cycle/silence/pattern-watch.ts'
import type { Session } from '../cycle/session.ts'

/** Reports why no folder with logs is in scope, or, if the listings were watched, why no object passes the patterns; '' if something matches. */
export async function explainSilence(
  session: Session,
  watch?: PatternWatch,
): Promise<string> {
  const { cursor, scope, settings, report } = session
  await recordNoFolders(session)
  const reason = watch
    ? judgeSilence(watch, session)
    : knownOf(cursor, scope, settings).noFolders
  if (reason !== '') report.error('nothing_matches', reason)
  return reason
}

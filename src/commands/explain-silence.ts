// Explains settings that match no folder, for commands that would otherwise answer
// with a zero and no fault.

import { knownOf, recordNoFolders } from '../cycle/silence/find-silence.ts'
import type { Session } from '../cycle/session.ts'

/** Explains that no folder with logs is in scope; '' if one is. */
export async function explainSilence(session: Session): Promise<string> {
  const { cursor, scope, settings, report } = session
  await recordNoFolders(session)
  const { noFolders } = knownOf(cursor, scope, settings)
  if (noFolders !== '') report.error('nothing_matches', noFolders)
  return noFolders
}

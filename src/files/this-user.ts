// Who this process runs as, which is what the system judges it by: of what it
// may not read or write this is half of the reason.

import { userInfo } from 'node:os'
import { orElse } from './error-code.ts'

/** Names the user of this process, such as `siem (uid 998)`. */
export function thisUser(): string {
  const uid = process.geteuid?.()
  // A container often runs as a user of whom no file knows.
  const name = orElse('', () => userInfo().username)
  if (uid === undefined) return name
  return name === '' ? `uid ${uid}` : `${name} (uid ${uid})`
}

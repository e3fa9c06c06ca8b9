// Where AWS's tools keep their files, as the SDK looks for it.

import { homedir } from 'node:os'
import { join } from 'node:path'

/** Gives the path of the folder `.aws`. */
export function awsFolder(env: NodeJS.ProcessEnv): string {
  const home = env['HOME'] || env['USERPROFILE'] || homedir()
  return join(home, '.aws')
}

// The files of AWS's tools, which the SDK reads where it is asked. Opening a pipe
// in the place of one could wait for ever, in a call that even the end of the
// process waits for, so such a place is refused before.

import { homedir } from 'node:os'
import { join } from 'node:path'
import { kindAt } from '../../files/named-file.ts'
import { SourceError } from '../errors/source-error.ts'

/** Gives the path of the folder `.aws`, as the SDK looks for it. */
export function awsFolder(env: NodeJS.ProcessEnv): string {
  const home = env['HOME'] || env['USERPROFILE'] || homedir()
  return join(home, '.aws')
}

/** Gives the paths of the config file and the credentials file. */
export function awsFiles(env: NodeJS.ProcessEnv): [string, string] {
  const folder = awsFolder(env)
  return [
    env['AWS_CONFIG_FILE'] || join(folder, 'config'),
    env['AWS_SHARED_CREDENTIALS_FILE'] || join(folder, 'credentials'),
  ]
}

/** Throws SourceError if one of the two is a pipe, a socket or a device. */
export function expectAwsFiles(env: NodeJS.ProcessEnv): void {
  for (const path of awsFiles(env)) {
    const kind = kindAt(path)
    if (kind !== undefined && path !== '/dev/null')
      throw new SourceError(
        `reading ${path}: it is ${kind}, which could be waited for without an end; let AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE name files`,
        {
          code: 'NoFile',
          kind: 'access',
          about: 'credentials',
          affectsAll: true,
          unsigned: true,
        },
      )
  }
}

// Who may read the ini and the key file, and whether LogFile can be written:
// a host that throws stderr away would hide that it cannot.

import { constants, type Stats } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { errorReason } from '../../files/error-code.ts'
import { exposure } from '../../files/exposure.ts'
import { keyFileOf } from '../../settings/encryption-key.ts'
import type { Settings } from '../../settings/settings-table.ts'
import { ok, warn, type Finding } from './finding.ts'

/** Looks at the ini and the files beside it. */
export async function* checkFiles(
  config: string,
  settings: Settings | undefined,
): AsyncGenerator<Finding> {
  const ini = resolve(config)
  // Windows keeps its permissions elsewhere.
  if (process.platform !== 'win32')
    for (const path of [ini, keyFileOf(settings?.KeyFile ?? '', ini)])
      yield* checkReaders(path)
  const logFile = settings?.LogFile ?? ''
  if (logFile !== '') yield await checkLogFile(logFile)
}

async function* checkReaders(path: string): AsyncGenerator<Finding> {
  const file = await statOf(path)
  if (file === undefined) return
  const exposed = exposure(file)
  yield exposed === undefined
    ? ok('files', `${path} is its owner's alone`)
    : warn(
        'files',
        `${path} ${exposed}, and it is where keys are kept: chmod 600 it`,
      )
}

async function checkLogFile(path: string): Promise<Finding> {
  const target = (await statOf(path)) === undefined ? dirname(path) : path
  try {
    await access(target, constants.W_OK)
    return ok('log_file', `${path} can be written`)
  } catch (error) {
    return warn(
      'log_file',
      `LogFile ${path} cannot be written (${errorReason(error)}): let it name a file that can, or leave it blank`,
    )
  }
}

const statOf = (path: string): Promise<Stats | undefined> =>
  stat(path).catch(() => undefined)

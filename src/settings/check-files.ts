// Finds settings that name the same file, since writing one would destroy the
// other, such as a LogFile that names the ini; and a LogFile that is a folder or
// a device.
import { readlinkSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { orElse } from '../files/error-code.ts'
import { kindAt } from '../files/named-file.ts'
import { addProblem, type Ini } from './ini-problems.ts'
import { keyFileOf } from './encryption-key.ts'

/** Gives the path of the cursor: `state` of the command line overrides StateFile. */
export const cursorPathOf = (
  stateFile: string,
  iniPath: string,
  state: string | undefined,
): string =>
  state === undefined
    ? stateFile || `${resolve(iniPath)}.cursor`
    : resolve(state)

/** Notes each setting that names a file already in use, and a LogFile that is not a file. */
export function checkFiles(
  ini: Ini,
  files: Record<'StateFile' | 'KeyFile' | 'LogFile', string>,
  state: string | undefined,
) {
  const { StateFile, KeyFile, LogFile } = files
  const cursor = cursorPathOf(StateFile, ini.path, state)
  const known = new Map([[fileIdentity(ini.path), 'the ini']])
  const take = (setting: string, path: string, what: string): void => {
    const identity = fileIdentity(path)
    const other = known.get(identity)
    if (other === undefined) known.set(identity, what)
    else
      addProblem(
        ini,
        setting,
        `names a file that is already ${other}: name a file of its own`,
      )
  }
  take('KeyFile', keyFileOf(KeyFile, ini.path), 'the key')
  take('StateFile', cursor, 'the cursor')
  for (const [end, what] of [
    ['.late', 'the file of older days'],
    ['.quarantine', 'the file of quarantined objects'],
    ['.lock', "the cursor's lock"],
    ['.spool', "the cursor's spool"],
    ['.rewriting', 'the cursor while it is made compact'],
  ] as const)
    take('StateFile', cursor + end, what)
  if (LogFile === '') return
  take('LogFile', LogFile, 'the log')
  const kind = kindAt(LogFile)
  if (kind !== undefined)
    addProblem(ini, 'LogFile', `leads to ${kind}: let it name a file`)
}

const MAX_LINKS = 40

// Gives the identity of a path's file: two paths have the same one exactly if they
// lead to one file, through links of either kind, as far as this process can see.
function fileIdentity(path: string, links = MAX_LINKS): string {
  try {
    const { dev, ino } = statSync(path, { bigint: true })
    return `${dev}:${ino}`
  } catch {
    // The file does not exist, or is hidden: its folder and name identify it.
  }
  const target = links > 0 && orElse('', () => readlinkSync(path))
  if (target) return fileIdentity(resolve(dirname(path), target), links - 1)
  const folder = dirname(resolve(path))
  return join(
    orElse(folder, () => realpathSync(folder)),
    basename(path),
  )
}

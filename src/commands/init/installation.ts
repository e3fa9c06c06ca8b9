// Describes this installation for a host's configuration: the command that the
// host runs, and the numbers that follow from the settings. Without an ini it has
// the usual paths. Secrets are not read, so that LogRhythm's own ini, or one whose
// key is elsewhere, can be used.

import { basename, dirname, join, resolve } from 'node:path'
import { cursorPathOf } from '../../settings/check-files.ts'
import { loadSettings } from '../../settings/load-settings.ts'
import { parseSettings } from '../../settings/parse-settings.ts'
import type { SettingsWarning } from '../../settings/settings-error.ts'
import type { Settings } from '../../settings/settings-table.ts'
import { hostTimes } from '../host-numbers.ts'

/** The paths of node and this program, and the machine's threads. */
export interface Runtime {
  node: string
  program: string
  threads: number
}

/** Describes an installation; all paths are absolute. */
export interface Installation extends Runtime {
  ini: string
  cursor: string
  /** True if the command line names the cursor. */
  namesCursor: boolean
  /** The folder for a host's lasting state. */
  stateFolder: string
  settings: Settings
  /** The seconds after which a hanging cycle is ended, and those between two cycles. */
  timeout: number
  interval: number
}

const EXAMPLE_INI = '/etc/lr-s3-input/awsS3CloudTrail.ini'
const EXAMPLE =
  'Region=us-east-1\nBucketName=BUCKET\nLogType=CloudTrail\nFilePath=AWSLogs/\n'
/** The folder for state that must not lie beside the ini. */
export const STATE_FOLDER = '/var/lib/lr-s3-input'

/** Describes the installation that an ini belongs to, or one with the usual paths; throws SettingsError. */
export function findInstallation(
  config: string | undefined,
  state: string | undefined,
  runtime: Runtime,
): { installation: Installation; warnings: readonly SettingsWarning[] } {
  const ini = resolve(config ?? EXAMPLE_INI)
  const { settings, warnings, cursorPath } =
    config === undefined
      ? exampleSettings(ini, state)
      : loadSettings(ini, state, 'left blank')
  const installation: Installation = {
    ...runtime,
    ini,
    cursor: cursorPath,
    namesCursor: state !== undefined,
    stateFolder: isInEtc(cursorPath) ? STATE_FOLDER : dirname(cursorPath),
    settings,
    ...hostTimes(settings.MaxCycleSeconds),
  }
  return { installation, warnings }
}

function exampleSettings(ini: string, state: string | undefined) {
  const parsed = parseSettings(Buffer.from(EXAMPLE), ini, state)
  return { ...parsed, cursorPath: cursorPathOf('', ini, state) }
}

const isInEtc = (path: string): boolean => path.startsWith('/etc/')

/** Moves the cursor out of /etc, which services cannot write to. */
export function outsideEtc(installation: Installation): Installation {
  const { cursor, stateFolder } = installation
  if (!isInEtc(cursor)) return installation
  const moved = join(stateFolder, basename(cursor))
  return { ...installation, cursor: moved, namesCursor: true }
}

/** Gives the words of a cycle's command. */
export function collectWords(installation: Installation): string[] {
  const { node, program, ini, cursor, namesCursor } = installation
  const state = namesCursor ? ['--state', cursor] : []
  return [node, program, 'collect', '--config', ini, ...state]
}

/** Quotes a word for a shell, if necessary. */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`

/** Quotes words for a shell. */
export const shellWords = (words: readonly string[]): string =>
  words.map(shellWord).join(' ')

// A bucket, and a program that needs nothing of its surroundings, under the
// doubles of both hosts: the credentials are in the ini, the environment is
// empty, the folder is the root.

import { join } from 'node:path'
import type { Test } from 'tap'
import {
  cloudTrailObject,
  daysAgo,
  startCollector,
  trailKey,
} from './collector.ts'
import { differences, stockOf, type Output } from '../cycle/exactly-once.ts'
import {
  execTick,
  startExec,
  type ExecOptions,
  type Tick,
} from './fluent-bit-double.ts'
import type { Line } from './run-program.ts'
import { startSource, type SourceOptions } from './vector-double.ts'

/** The secret in the ini, which nothing may repeat. */
export const SECRET = 'a test secret'
/** The day that objects are put under. */
export const TODAY = daysAgo(0)
const PROGRAM = join(process.cwd(), 'dist/lr-s3-input.cjs')

/** Starts a bucket, and gives the ways to run the program on it. */
export async function hostWorld(
  t: Test,
  settings: Readonly<Record<string, string | number>> = {},
) {
  const { s3, ini, folder } = await startCollector(t, {
    AccessKeyId: 'AKIDTEST',
    SecretAccessKey: SECRET,
    ...settings,
  })
  const argv = [process.execPath, PROGRAM, 'collect', '--config', ini]
  const bare = { cwd: '/', env: {} }
  const exec: ExecOptions = { bufSize: 2_000_000, ...bare }
  const command = `exec ${argv.map(word => `'${word}'`).join(' ')}`
  return {
    s3,
    folder,
    ini,
    argv,
    fill: (objects: number, records: number, padding = 300): void => {
      for (let index = 0; index < objects; index++)
        s3.put(
          trailKey(TODAY, `n-${index}`),
          cloudTrailObject(records, padding),
        )
    },
    startTick: (more: Partial<ExecOptions> = {}) =>
      startExec(command, { ...exec, ...more }),
    tick: (more: Partial<ExecOptions> = {}) =>
      execTick(command, { ...exec, ...more }),
    source: (more: Pick<SourceOptions, 'mode'> & Partial<SourceOptions>) =>
      startSource({ command: argv, ...bare, ...more }),
    missing: (runs: readonly Output[]) =>
      differences(stockOf(s3), runs, { repeatBytes: Infinity }),
    /** What is wrong where nothing was killed: each record once. */
    wrong: (runs: readonly Output[]) => differences(stockOf(s3), runs),
  }
}

/** Reads what arrived as records. */
export const recordsOf = ({ stdout }: Output): Line[] =>
  stdout
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as Line)
/** Reads what was said on stderr as events. */
export const eventsOf = ({ stderr }: Tick): Line[] =>
  recordsOf({ stdout: stderr })

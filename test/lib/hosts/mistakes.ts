// A table of mistakes that people make: each row sets one up, and says with
// which exit code and in which words it is met. `collect` and `check` are asked
// in this process, so that a row costs little.

import { chmodSync } from 'node:fs'
import type { Test } from 'tap'
import {
  cloudTrailObject,
  daysAgo,
  startCollector,
  trailKey,
  type Collector,
} from './collector.ts'
import { runHere, type HereRun } from './run-here.ts'

export type Environment = Readonly<Record<string, string | undefined>>

type Made = Environment | void

export interface Mistake {
  /** What was done wrong. */
  what: string
  /** Does it, and gives what it changes in the environment; the bucket holds one object of today, the ini is right. */
  make?: (world: Collector, t: Test) => Made | Promise<Made>
  /** The exit code of `collect`. */
  code: number
  /** What was being done, on what, what came back and what to do: both say it. */
  says: RegExp
  /** The exit code of `check`, where it is another. */
  checked?: number
  /** How many faults `check` finds, where these are not one. */
  faults?: number
}

/** Never stands in any answer. */
export const SECRET = 'a test secret'
/** Credentials that the bucket takes, and no others. */
export const ACCESS: Environment = {
  AWS_ACCESS_KEY_ID: 'AKIDTEST',
  AWS_SECRET_ACCESS_KEY: SECRET,
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_PROFILE: undefined,
  HOME: '/nonexistent',
}

const STACK = /\n\s+at |node:internal|\.[tcm]s:\d+:\d+/

/** Starts what a mistake is made in. */
export async function startWorld(t: Test): Promise<Collector> {
  const world = await startCollector(t, { MaxCycleSeconds: 20 })
  world.s3.put(trailKey(daysAgo(0), 'a'), cloudTrailObject(3))
  chmodSync(world.ini, 0o600)
  return world
}

/** Holds a text to what holds for all that is said: no stack, no secret. */
export function expectDecent(t: Test, text: string): void {
  t.notMatch(text, STACK)
  t.notMatch(text, SECRET)
  t.notMatch(text, /undefined|\[object|NaN/)
}

/** Holds `collect` and `check` to the rows, each in a world of its own. */
export function tryMistakes(t: Test, mistakes: readonly Mistake[]): void {
  for (const mistake of mistakes)
    t.test(mistake.what, async t => {
      const { make, code, says, checked = code } = mistake
      const world = await startWorld(t)
      const more = await make?.(world, t)
      const run = (command: string): Promise<HereRun> =>
        runHere([command, '--config', world.ini], { ...ACCESS, ...more })
      // First, since it changes nothing.
      const check = await run('check')
      const collect = await run('collect')
      t.equal(collect.code, code, collect.stderr)
      t.match(wrongIn(collect.stderr), says)
      t.equal(check.code, checked, check.stdout)
      const bad = check.stdout.split('\n').filter(line => /^[fw]/.test(line))
      t.match(bad.join('\n'), says, 'check says it too')
      const faults = bad.filter(line => line.startsWith('fail')).slice(0, -1)
      t.equal(faults.length, mistake.faults ?? (checked === 0 ? 0 : 1))
      t.match(check.stdout, /\n(warn|fail) verdict: .*\n$/)
      expectDecent(t, collect.stderr + check.stdout + check.stderr)
    })
}

// The messages of warnings and errors, a line each.
const wrongIn = (stderr: string): string =>
  stderr
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as { level: string; message: string })
    .filter(({ level }) => level !== 'info')
    .map(({ message }) => message)
    .join('\n')

/** Configures the world with settings on top of the common ones. */
export const set =
  (settings: Readonly<Record<string, string | number>>) => (world: Collector) =>
    world.configure(settings)

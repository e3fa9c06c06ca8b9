// A bucket with a chain of digests and the logs that they name, a collector
// that has collected them, and a way to verify that by the built program.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { folderState } from '../files/folder-state.ts'
import { startCollector, type Collector } from '../hosts/collector.ts'
import type { Run } from '../hosts/run-program.ts'
import {
  HOUR,
  keysFile,
  makeChain,
  objectsOf,
  signingKey,
  type ChainPlan,
  type MadeDigest,
  type MadeLog,
  type MadeObject,
} from './chain-maker.ts'

export interface DigestWorld extends Collector {
  chain: MadeDigest[]
  logs: MadeLog[]
  /** The end of what can be proved, in ms. */
  to: number
  /** The file of the public keys. */
  keys: string
  put(...objects: readonly MadeObject[]): void
  /** Makes a chain that ends where the first does, and stores it. */
  more(plan: Partial<ChainPlan>): MadeDigest[]
  /** Verifies with the keys, and has the test fail if a file changed. */
  verify(...args: string[]): Promise<Verified>
  /** Writes a file in the test's folder; gives its path. */
  file(name: string, text: string | Buffer): string
}

export interface Verified extends Run {
  /** Of the lines that break the proof what they say, without those that count a day's logs. */
  fails: string[]
  warns: string[]
  /** The last line. */
  last: string
}

/** Hours of a chain, up to the last that can be proved. */
export const HOURS = 6

const DAY_LINE = / (?:\d{4}-\d\d-\d\d|no day): [\d,]+ logs/

/** Stores a chain and its logs. */
export async function startDigestWorld(
  t: Test,
  plan: Partial<ChainPlan> = {},
  settings: Readonly<Record<string, string | number>> = {},
): Promise<DigestWorld> {
  // An hour must not end while a test runs.
  const hour = Math.floor(Date.now() / HOUR) * HOUR
  const shift = hour + HOUR / 3 - Date.now()
  const clock = (): number => Date.now() + shift
  const collector = await startCollector(t, settings, clock)
  const { s3, folder, run } = collector
  s3.maxSkewMs = Infinity
  const to = hour - 2 * HOUR
  const key = signingKey('key', hour - 720 * HOUR, hour + 720 * HOUR)
  const file: DigestWorld['file'] = (name, text) => {
    const path = join(folder, name)
    writeFileSync(path, text)
    return path
  }
  const keys = file('keys.json', keysFile(key))
  const put: DigestWorld['put'] = (...objects) => {
    for (const { key, body, modified, metadata } of objects)
      s3.put(key, body, { modified, metadata })
  }
  const more: DigestWorld['more'] = other => {
    const { hours = HOURS } = { ...plan, ...other }
    const start = to - hours * HOUR
    const chain = makeChain({ key, start, hours, ...plan, ...other })
    for (const object of objectsOf(chain)) put(object)
    return chain
  }
  const chain = more({})
  const verify: DigestWorld['verify'] = async (...args) => {
    const before = folderState(folder)
    const result = await run(['verify', '--keys', keys, ...args])
    t.strictSame(folderState(folder), before, 'no file was changed')
    const lines = result.stdout.trim().split('\n')
    const said = (level: string): string[] =>
      lines
        .filter(line => line.startsWith(`${level} `) && !DAY_LINE.test(line))
        .map(line => line.slice(5))
    const last = lines.at(-1) ?? ''
    return { ...result, fails: said('fail'), warns: said('warn'), last }
  }
  const logs = chain.flatMap(digest => digest.logs)
  return { ...collector, chain, logs, to, keys, put, more, verify, file }
}

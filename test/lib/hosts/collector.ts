// A bucket and a user of it: the stand-in S3, an ini in a folder of its own,
// and a way to run cycles. Everything goes with the test.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { gzipSync } from 'node:zlib'
import { collectHere, type Cycle } from '../cycle/in-process-collect.ts'
import { runProgram, runScript, type Run } from './run-program.ts'
import { StandInS3 } from '../s3/stand-in-s3.ts'

export interface Collector {
  s3: StandInS3
  folder: string
  ini: string
  /** Runs one cycle, or another command, with the ini. */
  run(args?: readonly string[], env?: NodeJS.ProcessEnv): Promise<Run>
  /** Runs one cycle in this process, by another clock if one is given. */
  runHere(
    host?: (batch: Buffer) => Promise<void>,
    elapsed?: () => number,
  ): Promise<Cycle>
  /** Runs a shell script in which `"$@"` is a cycle with the ini, in the test's folder. */
  script(text: string): Promise<void>
  /** Writes the ini anew with these settings on top of the common ones. */
  configure(settings: Readonly<Record<string, string | number>>): void
}

const KEY = { accessKeyId: 'AKIDTEST', secretAccessKey: 'a test secret' }
/** The environment of a user of the bucket. */
export const USER_ENV = {
  AWS_ACCESS_KEY_ID: KEY.accessKeyId,
  AWS_SECRET_ACCESS_KEY: KEY.secretAccessKey,
}

/** Starts a bucket and writes an ini for it; sweeps and discoveries come with every cycle unless set otherwise. */
export async function startCollector(
  t: Test,
  settings: Readonly<Record<string, string | number>> = {},
  clock?: () => number,
): Promise<Collector> {
  const s3 = await StandInS3.start({
    ...KEY,
    bucket: 'logs',
    region: 'us-east-1',
    ...(clock && { clock }),
  })
  t.teardown(() => s3.close())
  const folder = t.testdir()
  const ini = join(folder, 'awsS3CloudTrail.ini')
  const configure: Collector['configure'] = more => {
    const all = {
      Region: 'us-east-1',
      BucketName: 'logs',
      LogType: 'CloudTrail',
      FilePath: 'AWSLogs/',
      MaxResultCount: 1000,
      StartupDelayInSeconds: 0,
      // No limit bites that a test is not about, however busy the machine is.
      MaxCycleSeconds: 600,
      Endpoint: s3.endpoint,
      ForcePathStyle: 'true',
      SweepMinutes: 0,
      DiscoveryMinutes: 0,
      ...settings,
      ...more,
    }
    const lines = Object.entries(all).map(([name, value]) => `${name}=${value}`)
    writeFileSync(ini, `[any]\n${lines.join('\n')}\n`)
  }
  configure({})
  return {
    s3,
    folder,
    ini,
    configure,
    script: text =>
      runScript(text, ['collect', '--config', ini], {
        env: USER_ENV,
        cwd: folder,
      }),
    run: (args = ['collect'], more = {}) =>
      runProgram([...args, '--config', ini], { env: { ...USER_ENV, ...more } }),
    runHere: (host, elapsed) => {
      Object.assign(process.env, USER_ENV)
      return collectHere(ini, host, elapsed)
    },
  }
}

let made = 0

/** Makes a CloudTrail object of so many events, each with an eventID of its own. */
export function cloudTrailObject(count: number, padding = 0): Buffer {
  const events = Array.from({ length: count }, () => ({
    eventVersion: '1.11',
    eventTime: '2026-01-02T03:04:05Z',
    eventID: `event-${++made}`,
    eventName: 'GetObject',
    ...(padding > 0 && { requestParameters: { text: 'x'.repeat(padding) } }),
  }))
  return gzipSync(JSON.stringify({ Records: events }), { level: 1 })
}

/** Gives the key of an object in AWS's layout; `day` is YYYY-MM-DD. */
export function trailKey(
  day: string,
  name: string,
  { account = '111122223333', region = 'us-east-1', prefix = '' } = {},
): string {
  return `${prefix}AWSLogs/${account}/CloudTrail/${region}/${day.replaceAll('-', '/')}/${name}.json.gz`
}

/** Stores a CloudTrail object of today, as `put` does. */
export function putToday(
  s3: StandInS3,
  name: string,
  records: number,
  padding = 0,
): ReturnType<StandInS3['put']> {
  return s3.put(trailKey(daysAgo(0), name), cloudTrailObject(records, padding))
}

/** Gives the UTC day so many days before today, YYYY-MM-DD. */
export function daysAgo(days: number, now = Date.now()): string {
  return new Date(now - days * 86_400_000).toISOString().slice(0, 10)
}

/** Lists what was emitted as `KEY#RECORD`, sorted, to compare with what lay in the bucket. */
export function emitted(runs: readonly Run[]): string[] {
  return runs
    .flatMap(run => run.records)
    .map(
      ({ s3_object, s3_record }) => `${String(s3_object)}#${String(s3_record)}`,
    )
    .toSorted()
}

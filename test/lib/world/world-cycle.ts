// One cycle of a world: the program's own, with the world's store, clock, disk
// and host, cut short where the history says so.

import { setMaxListeners } from 'node:events'
import { resolve } from 'node:path'
import type { Clock } from '../../../src/clock.ts'
import { lastOffset } from '../../../src/cursor/clock-note.ts'
import { Cursor } from '../../../src/cursor/cursor.ts'
import { runCycle, type CycleEnd } from '../../../src/cycle.ts'
import { noCounts } from '../../../src/cycle/summary.ts'
import { Spool } from '../../../src/fetch/spool.ts'
import { filePatterns } from '../../../src/find/file-patterns.ts'
import { makeScope } from '../../../src/find/scope.ts'
import { findLogType, type LogType } from '../../../src/normalize/log-types.ts'
import { pipeTo } from '../../../src/output/open-stdout.ts'
import { HostGoneError } from '../../../src/output/stdout.ts'
import { S3Clock } from '../../../src/s3/s3-clock.ts'
import { confirmFaults } from '../../../src/s3/confirm-faults.ts'
import { parseSettings } from '../../../src/settings/parse-settings.ts'
import type { Settings } from '../../../src/settings/settings-table.ts'
import type { Ending, Pace } from './history.ts'
import type { WorldClock } from './world-clock.ts'
import { noRoom, type DiskImage, type WorldDisk } from './world-disk.ts'
import type { WorldStore } from './world-store.ts'
import { silentReport } from '../silent-report.ts'

/** What a cycle runs in. */
export interface Surroundings {
  settings: Settings
  store: WorldStore
  clock: WorldClock
  disk: WorldDisk
  /** What the store takes for the time, in ms since 1970. */
  storeTime(): number
  /** The process that reads. */
  host: { boot: string; pid: number; start: string }
}

/** What a cycle left behind. */
export interface WorldCycle {
  /** The records that the host has taken, in order, as KEY#NUMBER. */
  taken: string[]
  end: CycleEnd | undefined
  error: unknown
  /** It was killed, stopped or lost its host or its disk. */
  isCut: boolean
}

const BASE = 'Region=us-east-1\nBucketName=logs\nLogType=CloudTrail\n'

/** Reads settings as lines of an ini. */
export function worldSettings(lines: string): Settings {
  return parseSettings(Buffer.from(BASE + lines), resolve('aws.ini')).settings
}

/** Runs one cycle. */
export async function runWorldCycle(
  { settings, store, clock, disk, storeTime, host }: Surroundings,
  pace: Pace,
  ending?: Ending,
): Promise<WorldCycle> {
  const stop = new AbortController()
  const taken: string[] = []
  let image: DiskImage | undefined
  let isCut = false
  let left = ending?.count ?? 0
  const pass = (moment: Ending['at']): void => {
    if (ending === undefined || ending.at !== moment || --left !== 0) return
    isCut = true
    if (ending.how === 'kill') image = disk.image()
    if (ending.how === 'kill' || ending.how === 'stop') stop.abort()
  }
  const isOut = (how: Ending['how']): boolean => isCut && ending?.how === how
  const s3Clock = (cursor: Cursor): S3Clock =>
    new S3Clock(clock, lastOffset(cursor.state))
  const wait = (milliseconds: number, signal?: AbortSignal): Promise<void> => {
    // As many requests wait at once as the program likes.
    if (signal) setMaxListeners(0, signal)
    return milliseconds > 0
      ? clock.sleep(milliseconds, signal)
      : Promise.resolve()
  }
  const write = async (bytes: Buffer): Promise<void> => {
    await wait(pace.batch)
    pass('batch')
    if (image) return
    if (isOut('hostGone')) throw new HostGoneError('EPIPE')
    taken.push(...idsOf(bytes.toString()))
  }
  const run = async (): Promise<CycleEnd> => {
    const cursor = await openCursor(disk)
    try {
      const time = s3Clock(cursor)
      store.onList = async signal => {
        await wait(pace.list, signal)
        pass('list')
        time.observe(new Date(storeTime()).toUTCString())
      }
      store.onGet = async signal => {
        await wait(pace.get, signal)
        pass('get')
        time.observe(new Date(storeTime()).toUTCString())
      }
      const logType = paced(
        findLogType('CloudTrail', settings),
        pace.decode,
        clock,
      )
      const session = {
        settings,
        logType,
        cursor,
        clock: clock as Clock,
        store: confirmFaults(store, settings),
        spool: new Spool(`${disk.cursorPath}.spool`, () => Date.now()),
        s3Clock: time,
        counts: noCounts(),
        scope: makeScope(settings, logType.service),
        matchesPatterns: filePatterns(settings.Inclusions, settings.Exclusions),
        report: silentReport(),
        stop: stop.signal,
      }
      return await runCycle(session, pipeTo(write), 0, () => host)
    } finally {
      await cursor.close()
    }
  }
  disk.onWrite = () => {
    pass('write')
    if (isOut('diskFull')) throw noRoom()
  }
  let end: CycleEnd | undefined
  let error: unknown
  try {
    end = await clock.run(run())
  } catch (thrown) {
    error = thrown
  }
  disk.onWrite = () => {}
  if (image) disk.restore(image)
  return { taken, end, error, isCut: isCut || error !== undefined }
}

/** Opens the cursor of a disk. */
export function openCursor(disk: WorldDisk, readOnly = false): Promise<Cursor> {
  const { cursorPath: path } = disk
  return Cursor.open({
    path,
    bucket: 'logs',
    logType: 'CloudTrail',
    readOnly,
    // Often, so that it is small: most of a world's time went into reading it.
    rewriteBytes: 32_768,
  })
}

// Decoding takes its time on the processor: nobody wakes meanwhile.
function paced(logType: LogType, ms: number, clock: WorldClock): LogType {
  if (ms === 0) return logType
  return {
    ...logType,
    decoder: () => {
      const decoder = logType.decoder()
      const push = decoder.push.bind(decoder)
      decoder.push = chunk => {
        clock.spend((chunk.length / 1024) * ms)
        return push(chunk)
      }
      return decoder
    },
  }
}

function idsOf(text: string): string[] {
  if (!text.endsWith('\n')) throw new Error('the last line is cut')
  return text
    .slice(0, -1)
    .split('\n')
    .map(line => {
      const { s3_object: url, s3_record: number } = JSON.parse(line) as {
        s3_object: string
        s3_record: number
      }
      return `${url.slice('s3://logs/'.length)}#${number}`
    })
}

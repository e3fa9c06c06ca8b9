// One attempt at one object, as a cycle makes it, and what came of it.

import { join } from 'node:path'
import type { Test } from 'tap'
import type { Fetched } from '../../src/fetch/fetch-object.ts'
import type { Candidate } from '../../src/find/listing-result.ts'
import { Cursor } from '../../src/cursor/cursor.ts'
import { fingerprint } from '../../src/cursor/fingerprint-set.ts'
import { findLogType } from '../../src/normalize/log-types.ts'
import {
  collectObject,
  type Collecting,
} from '../../src/cycle/collect-object.ts'
import { Commits } from '../../src/cycle/commits.ts'
import { HostMemory } from '../../src/cycle/host-memory.ts'
import { LineWriter } from '../../src/output/line-writer.ts'
import type { Turn } from '../../src/cycle/turns.ts'
import { Report } from '../../src/report/report.ts'
import { noCounts } from '../../src/cycle/summary.ts'

export const DAY = '2026-01-02'
export const FOLDER = 'AWSLogs/1/CloudTrail/us-east-1/2026/01/02/'
export const KEY = `${FOLDER}a.json`

/** What an object is collected with. */
export interface Tried extends Collecting {
  /** Its turn in the output. */
  turn: Turn
}

export interface Attempt extends Tried {
  /** Sends all, and lists it as RECORD:EVENT. */
  emitted(): Promise<string[]>
  /** The lines on stderr. */
  said: { [name: string]: unknown }[]
  /** The keys that were removed from the spool. */
  removed: string[]
}

/** Opens an empty cursor in the test's folder. */
export function openCursor(t: Test): Promise<Cursor> {
  return Cursor.open({
    path: join(t.testdir(), 'cursor'),
    bucket: 'logs',
    logType: 'CloudTrail',
  })
}

/** Makes what a cycle hands to collectObject; the output may take so many bytes. */
export function attempt(cursor: Cursor, limit = Infinity): Attempt {
  const batches: Buffer[] = []
  const said: Attempt['said'] = []
  const removed: string[] = []
  const writer = new LineWriter(async bytes => {
    batches.push(Buffer.from(bytes))
  }, limit)
  return {
    settings: {
      BucketName: 'logs',
      OriginalMessage: true,
      MaxRecordBytes: 1_048_576,
      MaxObjectAttempts: 3,
      MaxCycleSeconds: 20,
    },
    logType: findLogType('CloudTrail'),
    cursor,
    writer,
    said,
    removed,
    spool: { remove: async key => void removed.push(key) },
    s3Clock: { now: () => 0 },
    cycle: 1,
    counts: noCounts(),
    commits: new Commits(),
    memory: new HostMemory(cursor, 1, 0),
    quarantine: { takes: () => false },
    report: new Report({
      write: line => said.push(JSON.parse(line)),
      now: () => 0,
      isTerminal: false,
      quiet: false,
    }),
    mustStop: () => false,
    turn: turnOf({}),
    drain: () => writer.send(),
    emitted: async () => {
      await writer.send()
      await writer.sendLast()
      return Buffer.concat(batches)
        .toString()
        .split('\n')
        .filter(Boolean)
        .map(line => {
          const { s3_record, original_message } = JSON.parse(line)
          return `${s3_record}:${JSON.parse(original_message).eventID}`
        })
    },
  }
}

/** Collects an object in the turn of an attempt. */
export const collect = (
  fetched: Pick<Fetched, 'candidate' | 'body'>,
  { turn, ...context }: Tried,
): Promise<boolean> => collectObject(fetched, turn, context)

/** Makes a turn that goes on to its end, or as a test says. */
export function turnOf(turn: Partial<Turn>): Turn & { idle: number } {
  return {
    idle: 0,
    mustStop: () => false,
    waiting: wait => wait,
    used: () => 0,
    recordIdle() {
      this.idle++
    },
    ...turn,
  }
}

/** Makes the object that has a body, fetched. */
export function download(
  cursor: Cursor,
  body: string | AsyncIterable<Buffer>,
  etag = '"1"',
): Pick<Fetched, 'candidate' | 'body'> {
  const chunks = typeof body === 'string' ? Buffer.from(body) : body
  const size = Buffer.isBuffer(chunks) ? chunks.length : 99
  const pending = new Set<Candidate>()
  const candidate: Candidate = {
    key: KEY,
    size,
    etag,
    modified: 7,
    day: DAY,
    folder: cursor.partition(FOLDER, DAY),
    before: '',
    position: 1,
    pending,
  }
  pending.add(candidate)
  return { candidate, body: { etag, size, chunks } }
}

/** Makes a body of events with these ids. */
export function records(...ids: string[]): string {
  const Records = ids.map(eventID => ({
    eventID,
    eventTime: '2026-01-02T03:04:05Z',
  }))
  return JSON.stringify({ Records })
}

/** Tells whether the object of this size is in the cursor. */
export function isCommitted(cursor: Cursor, size: number): boolean {
  const set = cursor.state.partitions.get(FOLDER)?.sets.get(DAY)
  return set?.has(fingerprint(KEY, size)) ?? false
}

// Whole cycles in this process: a bucket in memory, a host that takes each
// batch as the test says, a clock that stands. Only the cursor is a real file.

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Test } from 'tap'
import type { SearchResult } from '../../../src/find/search-result.ts'
import { S3Clock } from '../../../src/s3/s3-clock.ts'
import type { Outage } from '../../../src/fetch/refusals.ts'
import { makeScope } from '../../../src/find/scope.ts'
import { Spool } from '../../../src/fetch/spool.ts'
import { Cursor } from '../../../src/cursor/cursor.ts'
import type { FailedObject } from '../../../src/cursor/kept-objects.ts'
import { fingerprint } from '../../../src/cursor/fingerprint-set.ts'
import { runCycle, type CycleEnd } from '../../../src/cycle.ts'
import type { Verdict } from '../../../src/cycle/judge-cycle.ts'
import { filePatterns } from '../../../src/find/file-patterns.ts'
import type { Host } from '../../../src/cycle/host.ts'
import { findLogType } from '../../../src/normalize/log-types.ts'
import type { Written } from '../../../src/output/line-writer.ts'
import { pipeTo, type Stdout } from '../../../src/output/open-stdout.ts'
import { Report } from '../../../src/report/report.ts'
import { noCounts, type Counts } from '../../../src/cycle/summary.ts'
import { parseSettings } from '../../../src/settings/parse-settings.ts'
import type { Settings } from '../../../src/settings/settings-table.ts'
import type { FileSystem } from '../../../src/files/replace-file.ts'
import { FakeClock } from '../fake-clock.ts'
import { MemoryStore } from '../s3/memory-store.ts'

const FOLDER = 'AWSLogs/111122223333/CloudTrail/us-east-1/2026/03/10/'
const INI = `Region=us-east-1
BucketName=logs
LogType=CloudTrail
Inclusions=
SweepMinutes=0
DiscoveryMinutes=0
`
const LAST_LINE_MS = 500

/** What a cycle left behind; `error` is what it threw. */
export interface CycleRun {
  output: string
  /** KEY#RECORD of every whole line. */
  ids: string[]
  counts: Counts
  search: SearchResult | undefined
  outage: Outage | undefined
  /** What the cycle came to; undefined where it was cut short. */
  verdict: Verdict | undefined
  /** The lines on stderr. */
  said: { [name: string]: unknown }[]
  error: unknown
}

/** A batch that a host is to take, and what it took before. */
export interface Offer {
  /** Counts from 1. */
  batch: number
  text: string
  before: Written
  /** Ends the cycle as a signal does. */
  stop: AbortController
}

/** What is on the disk: keys wholly committed, and records of those in part. */
export interface Committed {
  whole: string[]
  partial: Map<string, number>
}

// Waits for the last line are over at once, or when the test wants.
class CycleClock extends FakeClock {
  onLastLine: () => void | Promise<void> = () => {}

  override async sleep(milliseconds: number, stop?: AbortSignal) {
    if (milliseconds === LAST_LINE_MS) await this.onLastLine()
    else await super.sleep(milliseconds, stop)
  }
}

export class InProcessCycle {
  readonly store = new MemoryStore()
  readonly clock = new CycleClock('2026-03-10T12:00:00Z')
  readonly cursorPath: string
  /** Takes a batch, as a host does. */
  host: (offer: Offer) => void | Promise<void> = () => {}
  /** What stdout is otherwise than a pipe. */
  stdout: Partial<Omit<Stdout, 'write'>> = {}
  /** What the cursor's file is written through, where it is not the disk. */
  fs: FileSystem | undefined
  /** The process that reads. */
  hostProcess: Host = { boot: 'b', pid: 100, start: '1' }
  /** The host that the last cycle remembered. */
  rememberedHost: Host | undefined
  #settings: Settings
  readonly #sizes = new Map<string, number>()

  constructor(t: Test, settings = '') {
    this.cursorPath = join(t.testdir(), 'cursor')
    this.#settings = settingsOf(settings)
  }

  /** Has the next cycles run with these settings. */
  configure(settings: string): void {
    this.#settings = settingsOf(settings)
  }

  /** Stores an object of so many events, each with so much text; gives its key. */
  put(name: string, events: number, padding = 0): string {
    const Records = Array.from({ length: events }, (_, index) => ({
      eventID: `${name}-${index + 1}`,
      requestParameters: 'x'.repeat(padding),
    }))
    return this.putBody(name, JSON.stringify({ Records }))
  }

  putBody(name: string, body: string | Buffer): string {
    return this.putAt(`${FOLDER}${name}.json`, body)
  }

  /** Stores an object under any key; gives the key. */
  putAt(key: string, body: string | Buffer = '{"Records":[]}'): string {
    const object = this.store.put(key, this.clock.now(), body)
    this.#sizes.set(key, object.size)
    return key
  }

  sizeOf(key: string): number {
    return this.#sizes.get(key) ?? 0
  }

  async run(): Promise<CycleRun> {
    const { store, clock } = this
    const settings = this.#settings
    const stop = new AbortController()
    const cursor = await this.#openCursor(false)
    const s3Clock = new S3Clock(clock, 0)
    const { onList } = store
    store.onList = async request => {
      s3Clock.observe(new Date(clock.now()).toUTCString())
      await onList(request)
    }
    const counts = noCounts()
    const logType = findLogType('CloudTrail', settings)
    const batches: Buffer[] = []
    const taken: Written = { bytes: 0, records: 0 }
    let error: unknown
    const said: CycleRun['said'] = []
    let end: CycleEnd | undefined
    try {
      const session = {
        settings,
        logType,
        cursor,
        store,
        // The files get their times from this machine.
        spool: new Spool(this.spoolPath, () => Date.now()),
        clock,
        s3Clock,
        counts,
        scope: makeScope(settings, logType.service),
        matchesPatterns: filePatterns(settings.Inclusions, settings.Exclusions),
        report: new Report({
          write: line => said.push(JSON.parse(line)),
          now: () => 0,
          isTerminal: false,
          quiet: true,
        }),
        stop: stop.signal,
      }
      const pipe = pipeTo(async bytes => {
        batches.push(Buffer.from(bytes))
        const text = bytes.toString()
        const before = { ...taken }
        await this.host({ batch: batches.length, text, before, stop })
        taken.bytes += bytes.length
        taken.records += text.split('\n').length - 1
      })
      const stdout = { ...pipe, ...this.stdout }
      end = await runCycle(session, stdout, 0, last => {
        this.rememberedHost = last
        return this.hostProcess
      })
    } catch (thrown) {
      error = thrown
    }
    store.onList = onList
    await cursor.close()
    const output = Buffer.concat(batches).toString()
    return { output, ids: idsOf(output), counts, said, error, ...ends(end) }
  }

  /** Reads what another process would find committed. */
  async committed(): Promise<Committed> {
    const { state } = await this.#openCursor(true)
    const sets = [...state.partitions.values()].flatMap(({ sets }) => [
      ...sets.values(),
    ])
    return {
      whole: [...this.#sizes.keys()].filter(key => {
        const print = fingerprint(key, this.sizeOf(key))
        return sets.some(set => set.has(print))
      }),
      partial: new Map(
        [...state.partial].map(([key, { records }]) => [key, records]),
      ),
    }
  }

  /** The failed objects that are on the disk. */
  async failed(): Promise<FailedObject[]> {
    const { state } = await this.#openCursor(true)
    return [...state.failed.values()]
  }

  get spoolPath(): string {
    return `${this.cursorPath}.spool`
  }

  /** The cursor file as it is, '' when there is none. */
  cursorFile(): string {
    const { cursorPath } = this
    return existsSync(cursorPath) ? readFileSync(cursorPath, 'latin1') : ''
  }

  /** Puts a cursor file back, or ('') takes it away: so a kill leaves the disk. */
  restore(cursorFile: string): void {
    const { cursorPath } = this
    if (cursorFile === '') rmSync(cursorPath, { force: true })
    else writeFileSync(cursorPath, cursorFile, 'latin1')
  }

  #openCursor(readOnly: boolean): Promise<Cursor> {
    return Cursor.open({
      path: this.cursorPath,
      bucket: 'logs',
      logType: 'CloudTrail',
      readOnly,
      ...(this.fs && { fs: this.fs }),
    })
  }
}

const settingsOf = (settings: string): Settings =>
  parseSettings(Buffer.from(INI + settings), resolve('aws.ini')).settings

const ends = (end: CycleEnd | undefined) => ({
  search: end?.search,
  outage: end?.outage,
  verdict: end?.verdict,
})

/** Lists the records of an output as KEY#RECORD. */
export function idsOf(output: string): string[] {
  if (!/(^|\n)$/.test(output)) throw new Error('The last line is cut')
  return output
    .split('\n')
    .slice(0, -1)
    .map(line => {
      const { s3_object, s3_record } = JSON.parse(line) as {
        [name: string]: unknown
      }
      return `${String(s3_object).replace('s3://logs/', '')}#${String(s3_record)}`
    })
}

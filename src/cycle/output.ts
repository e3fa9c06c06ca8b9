// The output of a cycle: lines go through the writer to stdout, and the commits
// that they stand for are made and saved, in groups, once the host must have
// read them. Before the first line, room on the disk is reserved for the cursor,
// and the cursor records that the host gets records.

import { setImmediate } from 'node:timers/promises'
import type { CycleTime } from '../clock.ts'
import { LineWriter } from '../output/line-writer.ts'
import type { Stdout } from '../output/open-stdout.ts'
import { Commits } from './commits.ts'
import { Deadline } from './deadline.ts'
import type { findHost } from './host.ts'
import { heldRecords, meetHost, type HostMemory } from './host-memory.ts'
import type { Session } from './session.ts'
import { countOutput } from './summary.ts'

const MIB = 1024 * 1024
const SAVE_BYTES = MIB
const SAVE_MS = 500
// The pause before the last line, in which the host may go away.
const LAST_LINE_MS = 500

/** The printed lines of a cycle, and the commits and the end that depend on them. */
export class CycleOutput {
  readonly maxBytes: number
  readonly writer: LineWriter
  readonly commits: Commits
  readonly memory: HostMemory
  readonly deadline: Deadline
  readonly #session: Session
  readonly #stdout: Stdout
  readonly #time: CycleTime
  #begun: Promise<void> | undefined
  #savedBytes = 0
  #savedAt: number

  /** Meets the host of a cycle by its number; throws CursorError. */
  constructor(
    session: Session,
    stdout: Stdout,
    time: CycleTime,
    cycle: number,
    host: typeof findHost,
  ) {
    const { settings, clock, stop } = session
    this.#session = session
    this.#stdout = stdout
    this.#time = time
    this.#savedAt = time.spent
    this.maxBytes = settings.MaxCycleMegabytes * MIB
    this.writer = new LineWriter(stdout.write, this.maxBytes, () =>
      clock.elapsed(),
    )
    const held = heldRecords(settings, stdout.distance)
    this.commits = new Commits(stdout.distance, held)
    this.memory = meetHost(session, held, cycle, this.commits, host)
    this.deadline = new Deadline(stop, time, clock)
  }

  /** Whether no more may be printed. */
  readonly mustStop = (): boolean =>
    this.deadline.signal.aborted ||
    this.#time.isOver('emission') ||
    this.writer.isBehind(this.#time.until('all'))

  /** Sends a batch, and makes and saves commits when due; throws the errors that end the cycle. */
  readonly drain = async (): Promise<void> => {
    const { deadline, writer } = this
    const { cursor, counts } = this.#session
    // A write that succeeds at once would never let signals and sockets in.
    await deadline.orAbort(setImmediate())
    await this.#begin()
    await deadline.orAbort(writer.send())
    if (writer.isCautious) await deadline.orAbort(writer.settle())
    countOutput(counts, writer.accepted)
    const accepted = { ...writer.accepted }
    const isDue =
      accepted.bytes - this.#savedBytes >= SAVE_BYTES ||
      this.#time.spent - this.#savedAt >= SAVE_MS
    if (!isDue) return
    await deadline.orAbort(this.#stdout.sync())
    this.commits.release(accepted)
    await cursor.flush()
    this.#savedBytes = accepted.bytes
    this.#savedAt = this.#time.spent
  }

  /** Sends the rest, the last line after a pause in which the host may go away; throws the errors that end the cycle. */
  async sendRest(): Promise<void> {
    const { deadline, writer } = this
    const { clock, stop } = this.#session
    const isEmpty = writer.added.records === 0
    if (!isEmpty) await this.#begin()
    await deadline.orAbort(writer.send())
    await deadline.orAbort(writer.settle())
    if (isEmpty) return
    await deadline.orAbort(clock.sleep(LAST_LINE_MS, stop))
    await deadline.orAbort(writer.sendLast())
    await deadline.orAbort(this.#stdout.sync())
  }

  /** Makes or keeps open all commits, once everything was accepted. */
  commitAll(): void {
    const { accepted } = this.writer
    this.commits.end(accepted)
    this.memory.end(accepted.records)
    countOutput(this.#session.counts, accepted)
  }

  /** Ends the requests and the output, whole or not. */
  async close(): Promise<void> {
    await this.deadline.finish(this.writer.close())
    countOutput(this.#session.counts, this.writer.accepted)
  }

  #begin(): Promise<void> {
    const begin = async (): Promise<void> => {
      await this.#session.cursor.reserve()
      await this.memory.begin()
    }
    return (this.#begun ??= begin())
  }
}

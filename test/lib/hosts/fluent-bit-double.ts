// What Fluent Bit's exec input does with a command, as it was measured: a
// shell in a process group of its own, lines read by a buffer of Buf_Size,
// each piece parsed alone and lost when it is no object; then it waits for the
// exit, however long. It never looks at the exit code.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync } from 'node:fs'
import { realPipe } from './real-pipe.ts'

export interface ExecOptions {
  /** Buf_Size in bytes; Fluent Bit's default loses all above 4 KB. */
  bufSize: number
  /** The folder and environment that the shell starts with. */
  cwd?: string
  env?: NodeJS.ProcessEnv
  /** Waits before more is read, told how many bytes have been. */
  pace?: (bytes: number) => Promise<void> | void
}

/** What one run of the command came to. */
export interface Tick {
  /** The lines that became records. */
  stdout: string
  /** Their times, ms since 1970; NaN where that of the reading is taken. */
  times: number[]
  /** Pieces that were cut, or are no record: gone, but for an error line. */
  lost: string[]
  stderr: string
  code: number | null
  ms: number
}

export interface Exec {
  pid: number
  done: Promise<Tick>
  /** Does what a threaded input does at a stop or reload: signals the group, and loses what is printed from here on. */
  stopThreaded(): void
  /** Closes the pipe, as the end of a killed host does. */
  die(): void
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}Z$/
const MOST_LEVELS = 63
const LINE_FEED = 10

/** Runs a Command once; `done` comes when the command has exited. */
export function startExec(command: string, options: ExecOptions): Exec {
  const began = Date.now()
  const tick: Tick = {
    stdout: '',
    times: [],
    lost: [],
    stderr: '',
    code: null,
    ms: 0,
  }
  const { reader, writer } = realPipe()
  const child = spawn('/bin/sh', ['-c', command], {
    stdio: ['ignore', writer, 'pipe'],
    cwd: options.cwd,
    env: options.env,
    detached: true,
  })
  closeSync(writer)
  child.stderr?.on('data', (text: Buffer) => (tick.stderr += String(text)))
  const pid = child.pid ?? 0
  let isStopped = false
  async function read(): Promise<void> {
    let pending: Buffer = Buffer.alloc(0)
    let bytes = 0
    for await (const chunk of reader) {
      pending = Buffer.concat([pending, chunk as Buffer])
      bytes += (chunk as Buffer).length
      await options.pace?.(bytes)
      pending = takePieces(pending, options.bufSize, piece => {
        if (!isStopped) take(piece, tick)
      })
    }
    if (pending.length > 0 && !isStopped) take(pending, tick)
  }
  async function run(): Promise<Tick> {
    const exit = once(child, 'close') as Promise<[number | null]>
    // A reader that was closed ends in an error here.
    await read().catch(() => {})
    const [code] = await exit
    return Object.assign(tick, { code, ms: Date.now() - began })
  }
  return {
    pid,
    done: run(),
    stopThreaded: () => {
      isStopped = true
      process.kill(-pid, 'SIGTERM')
    },
    die: () => reader.destroy(),
  }
}

/** Runs a Command once and waits for its end. */
export function execTick(command: string, options: ExecOptions): Promise<Tick> {
  return startExec(command, options).done
}

// As fgets does: up to and with a line feed, but at most size - 1 bytes.
function takePieces(
  bytes: Buffer,
  size: number,
  onPiece: (piece: Buffer) => void,
): Buffer {
  let at = 0
  for (;;) {
    const end = bytes.indexOf(LINE_FEED, at) + 1
    const length = end > 0 ? end - at : bytes.length - at
    if (end === 0 && length < size - 1) return bytes.subarray(at)
    const piece = bytes.subarray(at, at + Math.min(length, size - 1))
    onPiece(piece)
    at += piece.length
  }
}

function take(piece: Buffer, tick: Tick): void {
  // The text ends at its line feed, or at a NUL before it.
  const [text = ''] = String(piece).replace(/\n$/, '').split('\0', 1)
  const time = timeOf(text)
  if (time === undefined) tick.lost.push(text.slice(0, 200))
  else {
    tick.stdout += `${text}\n`
    tick.times.push(time)
  }
}

/** Gives the time of a record, undefined when it is lost. */
function timeOf(text: string): number | undefined {
  let record: unknown
  try {
    record = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof record !== 'object' || record === null) return undefined
  if (Array.isArray(record) || levels(record) > MOST_LEVELS) return undefined
  const { normal_msg_date: date } = record as { [name: string]: unknown }
  if (typeof date !== 'string') return NaN
  const time = TIME.test(date) ? Date.parse(date) : -1
  return time >= 0 && time < Date.UTC(2038, 0, 19) ? time : undefined
}

const levels = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? 1 + Math.max(0, ...Object.values(value).map(levels))
    : 0

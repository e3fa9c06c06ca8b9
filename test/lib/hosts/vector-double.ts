// What Vector's exec source does with a command, as its source says: no shell,
// the first run at once, records in a queue of 1,024 before the sink. A
// scheduled run is killed at the interval, and what is in the queue is lost; a
// streaming run is killed when it lives at the end of its output, and comes
// again after a pause.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { realPipe } from './real-pipe.ts'

export interface SourceOptions {
  command: readonly string[]
  mode: { intervalMs: number } | { respawnMs: number }
  cwd?: string
  env?: NodeJS.ProcessEnv
  /** Takes a record into the sink; a slow one fills the queue. */
  sink?: (line: string) => Promise<void> | void
  /** How long a stop waits for the end of a run. */
  graceMs?: number
}

/** What one run came to. */
export interface SourceRun {
  /** The lines that reached the sink. */
  stdout: string
  /** Lines that are no JSON object: dropped with an error. */
  lost: string[]
  /** Why SIGKILL was sent, if the process was alive to get it. */
  killed?: 'interval' | 'end of output' | 'stop'
  code: number | null
  ms: number
}

export interface Source {
  /** The runs that have ended. */
  readonly runs: readonly SourceRun[]
  /** Waits until so many runs have ended. */
  ended(runs: number): Promise<void>
  /** How many records wait for the sink. */
  queued(): number
  /** Lets the interval of a scheduled run be over now. */
  endInterval(): void
  /** Sends SIGTERM, reads to the end, and starts no other run. */
  stop(): Promise<void>
}

/** How many records wait for the sink at most. */
export const QUEUE = 1024
const STEP_MS = 5

/** Starts a source; its first run begins at once. */
export function startSource(options: SourceOptions): Source {
  const runs: SourceRun[] = []
  const stopped = new AbortController()
  const { mode } = options
  let queue: string[] = []
  let interval = new AbortController()
  async function schedule(): Promise<void> {
    while (!stopped.signal.aborted) {
      const began = Date.now()
      queue = []
      interval = new AbortController()
      const signals = { stopped: stopped.signal, interval: interval.signal }
      runs.push(await runOnce(options, queue, signals))
      const next = 'intervalMs' in mode ? began + mode.intervalMs : Infinity
      const pause =
        'respawnMs' in mode ? mode.respawnMs : Math.max(0, next - Date.now())
      await sleep(pause, undefined, { signal: stopped.signal }).catch(() => {})
    }
  }
  const all = schedule()
  return {
    runs,
    ended: async count => {
      while (runs.length < count) await sleep(STEP_MS)
    },
    queued: () => queue.length,
    endInterval: () => interval.abort(),
    stop: () => {
      stopped.abort()
      return all
    },
  }
}

async function runOnce(
  { command: [file = '', ...args], mode, cwd, env, ...more }: SourceOptions,
  queue: string[],
  { stopped, interval }: { stopped: AbortSignal; interval: AbortSignal },
): Promise<SourceRun> {
  const began = Date.now()
  const run: SourceRun = { stdout: '', lost: [], code: null, ms: 0 }
  const { reader, writer } = realPipe()
  // With include_stderr = false what is said there is thrown away.
  const child = spawn(file, args, {
    stdio: ['ignore', writer, 'ignore'],
    cwd,
    env,
  })
  closeSync(writer)
  const exit = once(child, 'exit') as Promise<[number | null, string | null]>
  const dropped = new AbortController()
  let reason: SourceRun['killed']
  const kill = (why: SourceRun['killed']): void => {
    reason = why
    child.kill('SIGKILL')
  }
  const drop = (why: SourceRun['killed']): void => {
    kill(why)
    dropped.abort()
    reader.destroy()
  }
  const timers: NodeJS.Timeout[] = []
  if ('intervalMs' in mode)
    timers.push(setTimeout(drop, mode.intervalMs, 'interval'))
  interval.addEventListener('abort', () => drop('interval'), { once: true })
  const onStop = (): void => {
    child.kill('SIGTERM')
    timers.push(setTimeout(drop, more.graceMs ?? 60_000, 'stop'))
  }
  stopped.addEventListener('abort', onStop, { once: true })

  let isOver = false
  async function read(): Promise<void> {
    let pending = ''
    for await (const chunk of reader.setEncoding('utf8')) {
      const lines = (pending + String(chunk)).split('\n')
      pending = lines.pop() ?? ''
      for (const line of lines) {
        while (queue.length >= QUEUE && !dropped.signal.aborted)
          await sleep(STEP_MS)
        queue.push(line)
      }
    }
    if (pending !== '') queue.push(pending)
    // One look whether the process has ended, and no patience.
    kill('end of output')
  }
  async function forward(): Promise<void> {
    while (!dropped.signal.aborted) {
      const line = queue.shift()
      if (line !== undefined) {
        await more.sink?.(line)
        if (!dropped.signal.aborted) deliver(line, run)
      } else if (isOver) return
      else await sleep(STEP_MS)
    }
  }
  const forwarding = forward()
  // A reader that was dropped ends in an error here.
  await read().catch(() => {})
  isOver = true
  await forwarding
  const [code, signal] = await exit
  timers.forEach(clearTimeout)
  stopped.removeEventListener('abort', onStop)
  if (signal === 'SIGKILL' && reason) run.killed = reason
  return Object.assign(run, { code, ms: Date.now() - began })
}

// An empty line is passed over in silence.
function deliver(line: string, run: SourceRun): void {
  if (line === '') return
  if (isObject(line)) run.stdout += `${line}\n`
  else run.lost.push(line.slice(0, 200))
}

function isObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

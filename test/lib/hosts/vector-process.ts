// A Vector whose disk buffer is full, as a process of its own, so that the
// program finds it at the other end of its pipe and it can be killed. What the
// exec source has read goes to the sender, which holds so many records in
// memory; so many of them reach the disk, and then nothing moves. SIGTERM
// drops what is held after the graceful limit, SIGKILL at once; SIGHUP is a
// reload with another source and a sink that works again.

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import type { Output } from '../cycle/exactly-once.ts'
import { startSource } from './vector-double.ts'

export interface VectorOptions {
  command: readonly string[]
  /** How many records the source sender and the transforms hold, beside the 1,024 of the source. */
  holds: number
  /** How many records reach the disk before it is full; absent: it never is. */
  passes?: number
  /** The file that is the disk. */
  disk: string
  respawnMs?: number
  graceMs?: number
}

/** What a Vector tells of itself. */
export interface VectorState {
  /** The exit codes of the runs that ended. */
  codes: (number | null)[]
  held: number
  passed: number
}

export interface Vector {
  readonly pid: number
  readonly state: VectorState
  /** Waits until it tells so. */
  until(isSo: (state: VectorState) => boolean): Promise<void>
  /** Has it read its configuration anew. */
  reload(): void
  /** Ends it, and gives what is on its disk. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<Output>
}

const STEP_MS = 5

/** Starts a Vector; its first run begins at once. */
export function startVector(options: VectorOptions): Vector {
  writeFileSync(options.disk, '')
  const program = `${options.disk}.mjs`
  // A plain program starts at once, what the test runner loads takes seconds.
  buildSync({
    entryPoints: ['test/lib/hosts/vector-process.ts'],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['esbuild'],
    logLevel: 'warning',
  })
  const child = fork(program, [JSON.stringify(options)], { execArgv: [] })
  let state: VectorState = { codes: [], held: 0, passed: 0 }
  child.on('message', message => {
    state = message as VectorState
  })
  const exit = once(child, 'exit')
  return {
    pid: child.pid ?? 0,
    get state() {
      return state
    },
    until: async isSo => {
      while (!isSo(state)) {
        if (child.exitCode !== null) throw new Error('Vector has ended')
        await sleep(STEP_MS)
      }
    },
    reload: () => {
      child.kill('SIGHUP')
    },
    end: async signal => {
      child.kill(signal)
      await exit
      return { stdout: readFileSync(options.disk, 'utf8') }
    },
  }
}

async function beVector({
  command,
  holds,
  passes = Infinity,
  disk,
  respawnMs = 10,
  graceMs = 300,
}: VectorOptions): Promise<void> {
  const held: string[] = []
  let passed = 0
  let room = passes
  const start = () =>
    startSource({
      command,
      mode: { respawnMs },
      cwd: '/',
      env: {},
      graceMs,
      sink: async line => {
        if (passed < room) {
          passed++
          held.push(line)
          appendFileSync(disk, `${held.shift()}\n`)
          return
        }
        while (held.length >= holds) await sleep(STEP_MS)
        held.push(line)
      },
    })
  let source = start()
  const tell = (): void => {
    const codes = source.runs.map(({ code }) => code)
    if (process.connected) process.send?.({ codes, held: held.length, passed })
  }
  setInterval(tell, 4 * STEP_MS)
  process.once('SIGHUP', () => {
    void source.stop().then(() => {
      held.length = 0
      room = Infinity
      source = start()
    })
  })
  process.once('SIGTERM', () => {
    void source.stop()
    // What still is in memory then is dropped, as is what the source reads on.
    setTimeout(() => process.exit(), graceMs)
  })
  // Whoever started it is gone.
  process.once('disconnect', () => process.exit())
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await beVector(JSON.parse(process.argv[2] ?? '') as VectorOptions)

// Runs a program of Node's as a host does, its stdout through a real pipe into
// a reader that only counts, and takes what that one process used.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a process used; times in seconds. */
export interface Usage {
  user: number
  system: number
  wall: number
  peakMiB: number
}

/** What a run used, and what it left behind. */
export interface Measured {
  usage: Usage
  /** What the reader said on its own stdout. */
  read: string
  stderr: string
}

/** Where runs are measured; aborting `signal` ends the run and its reader. */
export interface Place {
  /** The folder of this bench's programs. */
  programs: string
  /** Takes the files of a run. */
  folder: string
  signal: AbortSignal
}

/** Runs Node with these arguments, a shell command reading its stdout; throws when it fails. */
export async function measure(
  { programs, folder, signal }: Place,
  args: readonly string[],
  reader: string,
): Promise<Measured> {
  signal.throwIfAborted()
  const path = (name: string) => join(folder, name)
  const hook = join(programs, 'usage-hook.cjs')
  const child = spawn(
    '/bin/sh',
    [
      '-c',
      `{ "$@" 2>err; echo $? >code; } | ${reader} >read`,
      'sh',
      process.execPath,
      '--require',
      hook,
      ...args,
    ],
    {
      cwd: folder,
      // Nothing of the user's own AWS set-up or Node options.
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        TMPDIR: folder,
        AWS_ACCESS_KEY_ID: 'AKIDBENCH',
        AWS_SECRET_ACCESS_KEY: 'a bench secret',
        BENCH_USAGE: path('usage'),
      },
      stdio: ['ignore', 'ignore', 'inherit'],
      // A group of its own, so that it can be ended with all it started.
      detached: true,
    },
  )
  const stop = () => process.kill(-(child.pid ?? 0), 'SIGKILL')
  signal.addEventListener('abort', stop)
  await once(child, 'close')
  signal.removeEventListener('abort', stop)
  signal.throwIfAborted()
  const text = (name: string) => readFileSync(path(name), 'utf8')
  const code = text('code').trim()
  if (code !== '0')
    throw new Error(
      `${args.join(' ')} ended with ${code}: ${text('err').slice(-2000)}`,
    )
  return {
    usage: JSON.parse(text('usage')) as Usage,
    read: text('read'),
    stderr: text('err'),
  }
}

// Runs the built program as a host does: through a shell, its stdout a real
// pipe (a Node parent's pipe is a socket pair), its stderr beside it.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import ndjson from 'ndjson'

export type Line = { [name: string]: unknown }

/** What a run left behind: exit code, stdout as records, stderr as events. */
export interface Run {
  code: number
  stdout: string
  records: Line[]
  stderr: string
  events: Line[]
  summary: Line
}

const PROGRAM = resolve('dist/lr-s3-input.cjs')

/** Runs a shell script in which `"$@"` is the program with these arguments. */
export async function runScript(
  script: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string },
): Promise<void> {
  // The test runner adds a loader of its own to NODE_OPTIONS.
  const nodeOptions = options.env?.['NODE_OPTIONS'] ?? ''
  const text = `NODE_OPTIONS='${nodeOptions}'\n${script}`
  const child = spawn(
    '/bin/sh',
    ['-c', text, 'sh', process.execPath, PROGRAM, ...args],
    {
      cwd: options.cwd,
      env: { PATH: process.env['PATH'], ...options.env },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  await once(child, 'close')
}

/** Runs the program to its end; `reader` is the shell command that reads its stdout. */
export async function runProgram(
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string; reader?: string } = {},
): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'run-'))
  const out = join(folder, 'out')
  const reader = options.reader ?? 'cat'
  const script = `{ "$@" 2>"${folder}/err"; echo $? >"${folder}/code"; } | ${reader} >"${out}"`
  await runScript(script, args, { cwd: folder, ...options })
  const stdout = readFileSync(out, 'utf8')
  const stderr = readFileSync(join(folder, 'err'), 'utf8')
  const records = args[0] === 'collect' ? await readRecords(out) : []
  const code = Number(readFileSync(join(folder, 'code'), 'utf8'))
  rmSync(folder, { recursive: true })
  const events = stderr
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as Line)
  return {
    code,
    stdout,
    records,
    stderr,
    events,
    summary: events.find(({ event }) => event === 'summary') ?? {},
  }
}

// Reads our output as a host's consumer would; a line that is no JSON throws.
async function readRecords(file: string): Promise<Line[]> {
  const records: Line[] = []
  for await (const record of createReadStream(file).pipe(ndjson.parse()))
    records.push(record as Line)
  return records
}

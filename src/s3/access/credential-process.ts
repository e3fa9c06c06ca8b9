// Runs the credential_process of a profile in place of the SDK, which leaves a
// hanging command and its children behind. The command is ended when it is
// given up, when this process ends, and, by a watch in its own shell, also when
// this process is killed. Its answer is complete once it has ended: a process
// that it leaves in the background may hold its stdout for ever.

import { spawn, type ChildProcess } from 'node:child_process'
import { promisify } from 'node:util'
import { externalDataInterceptor } from './aws-sdk.ts'
import { descendantsOf } from './descendants.ts'

// The watch ends its whole process group as soon as our end of the pipe is
// closed. The shell waits for it, since not every PID 1 reaps orphans.
const WATCHED = `{ read -r _ <&3 || kill -9 -$$; } >/dev/null & watch=$!
/bin/sh -c "$1" 3<&-; code=$?; kill $watch; wait $watch; exit $code`

const MAX_OUTPUT_BYTES = 1024 * 1024

const running = new Set<ChildProcess>()

/** Makes the SDK run commands so that endCommands ends them. */
export function superviseCommands(): void {
  const exec = Object.assign(() => {}, { [promisify.custom]: runCommand })
  externalDataInterceptor.interceptToken('exec', exec)
}

/** Ends every running command, and its children. */
export function endCommands(): void {
  for (const child of running) endCommand(child)
}

/** Gives the output of a shell command; its error never repeats the command, which may hold a secret. */
export function runCommand(command: string): Promise<{ stdout: string }> {
  return new Promise((resolve, reject) => {
    const child = start(command)
    if (running.size === 0) process.once('exit', endCommands)
    running.add(child)
    const finish = (): void => {
      running.delete(child)
      if (running.size === 0) process.off('exit', endCommands)
    }
    const output: Buffer[] = []
    let bytes = 0
    const fail = (why: string): void => {
      finish()
      reject(new Error(`its credential_process ${why}`))
    }
    // Everything printed before the end is in the pipe by then, and each turn
    // of the event loop reads the pipe.
    const takeRest = (end: () => void): void => {
      const before = bytes
      setImmediate(() =>
        setImmediate(() => (bytes > before ? takeRest(end) : end())),
      )
    }
    child.stdout?.on('data', (chunk: Buffer) => {
      output.push(chunk)
      bytes += chunk.length
      if (bytes <= MAX_OUTPUT_BYTES) return
      fail(`printed more than ${MAX_OUTPUT_BYTES} bytes`)
      child.stdout?.destroy()
      endCommand(child)
    })
    child.once('error', () => fail('could not be started'))
    child.once('exit', (code, signal) =>
      takeRest(() => {
        child.stdout?.destroy()
        if (code !== 0) return fail(endedHow(code, signal))
        finish()
        resolve({ stdout: Buffer.concat(output).toString() })
      }),
    )
  })
}

// The exit codes of a shell whose command is missing, or may not be run.
const SHELL_CODES = new Map([
  [126, 'names a command that cannot be run: check its path and its mode'],
  [127, 'names a command that is not there: check its path, and PATH'],
])

// Its output, on stderr too, may hold a secret.
const endedHow = (code: number | null, signal: string | null): string =>
  code === null
    ? `was ended by ${signal}`
    : (SHELL_CODES.get(code) ??
      `failed with exit code ${code}: run it by hand to see why`)

// On a terminal it stays in the terminal's own group, so that it can ask a
// person there, and Ctrl-C reaches it.
function ownsGroup(): boolean {
  return process.platform !== 'win32' && !process.stdin.isTTY
}

function start(command: string): ChildProcess {
  if (!ownsGroup())
    return spawn(command, {
      shell: true,
      stdio: ['ignore', 'pipe', 'ignore'],
      windowsHide: true,
    })
  return spawn('/bin/sh', ['-c', WATCHED, 'sh', command], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
  })
}

function endCommand(child: ChildProcess): void {
  const { pid } = child
  if (pid === undefined) return
  // Searched while they still have their parents.
  const started = ownsGroup() ? descendantsOf(pid) : []
  for (const one of ownsGroup() ? [-pid, ...started] : [pid])
    try {
      process.kill(one, 'SIGKILL')
    } catch {
      // The process has just ended by itself.
    }
}

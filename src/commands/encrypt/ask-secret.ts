// Reads a secret: on a terminal from a prompt that hides it, else from one line of
// stdin. It is never an argument, since any user of a machine can list those.

import type { Key } from 'node:readline'
import { addAbortSignal, Writable, type Readable } from 'node:stream'
import { UsageError } from '../../settings/settings-error.ts'

/** The source of a secret: stdin, and the function that shows the prompt. */
export interface SecretSource {
  stdin: Readable & {
    isTTY?: boolean
    setRawMode?(isRaw: boolean): unknown
  }
  prompt(text: string): void
}

// Far longer than any secret, and far smaller than the memory.
const MAX_CHARACTERS = 65_536

/** Asks for a secret; undefined if it was stopped before. Throws UsageError. */
export async function askSecret(
  source: SecretSource,
  question: string,
  stop: AbortSignal,
): Promise<string | undefined> {
  const { stdin } = source
  stdin.setEncoding('utf8')
  try {
    const text = stdin.isTTY
      ? await typed(source, question, stop)
      : await piped(stdin, stop)
    return text === undefined ? undefined : secretIn(text)
  } catch (error) {
    if (stop.aborted) return undefined
    throw error
  }
}

async function piped(stdin: Readable, stop: AbortSignal): Promise<string> {
  let text = ''
  for await (const chunk of addAbortSignal(stop, stdin)) {
    text += String(chunk)
    if (text.length > MAX_CHARACTERS) throw tooMuch()
  }
  // PowerShell sends a byte order mark first.
  return text.replace(/^\ufeff/, '').replace(/\r?\n$/, '')
}

function secretIn(text: string): string {
  if (/[\r\n]/.test(text)) throw tooMuch()
  if (text === '')
    throw new UsageError(
      'no secret was given: give it on stdin, in one line, or at the prompt',
    )
  // The same rule holds for values in the ini.
  if (/(?!\t)[\p{Cc}\ufffd]/u.test(text))
    throw new UsageError(
      'the secret holds control characters, or is not UTF-8; secrets of AWS and of proxies are plain text',
    )
  return text
}

const tooMuch = (): UsageError =>
  new UsageError(
    'stdin holds more than one line: give the secret alone, one for each run',
  )

// The usual keys edit the line, but the output of readline is dropped.
async function typed(
  { stdin, prompt }: SecretSource,
  question: string,
  stop: AbortSignal,
): Promise<string | undefined> {
  // Loaded on demand, since it would slow down each cycle.
  const { createInterface } = await import('node:readline')
  // Comes before the prompt, so that text typed ahead stays hidden.
  const line = createInterface({
    input: stdin,
    output: new Writable({ write: (_, __, done) => done() }),
    terminal: true,
    historySize: 0,
    signal: stop,
  })
  // Ctrl-D ends a line, as in a terminal's own line mode.
  stdin.prependListener('keypress', (_: unknown, { ctrl, name }: Key) => {
    if (ctrl && name === 'd' && line.line !== '')
      line.write(null, { name: 'return' })
  })
  const lines: string[] = []
  let isGivenUp = false
  try {
    prompt(question)
    await new Promise<void>((resolve, reject) => {
      line.on('line', text => resolve(void lines.push(text)))
      line.on('SIGINT', () => resolve(void (isGivenUp = true)))
      line.on('SIGTSTP', () => {})
      line.on('close', resolve)
      line.on('error', reject)
      stdin.once('close', resolve)
    })
    if (isGivenUp || stop.aborted) return undefined
    // Text after the end of the line was pasted too: it is refused.
    const [first = '', ...others] = [...lines, line.line]
    return [first, ...others.filter(Boolean)].join('\n')
  } finally {
    line.close()
    prompt('\n')
  }
}

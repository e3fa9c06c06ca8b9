// Reads a secret from whoever gives it: on a terminal from a prompt that shows
// nothing of it, else one line of stdin. Never from an argument: any user of a
// machine can list those.

import { on } from 'node:events'
import { addAbortSignal, type Readable } from 'node:stream'
import { UsageError } from '../../settings/usage-error.ts'

/** Where a secret comes from: stdin, and what shows the prompt. */
export interface SecretSource {
  stdin: Readable & {
    isTTY?: boolean
    setRawMode?(isRaw: boolean): unknown
  }
  prompt(text: string): void
}

// Far more than any secret, far less than what would fill the memory.
const MOST_CHARACTERS = 65_536

/** Asks for a secret; undefined when it was stopped before there was one. Throws UsageError. */
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
    if (text.length > MOST_CHARACTERS) throw tooMuch()
  }
  // PowerShell sends a byte order mark ahead.
  return text.replace(/^\ufeff/, '').replace(/\r?\n$/, '')
}

function secretIn(text: string): string {
  if (/[\r\n]/.test(text)) throw tooMuch()
  if (text === '')
    throw new UsageError(
      'there is no secret: give it on stdin, in one line, or at the prompt',
    )
  // The ini is held to the same.
  if (/(?!\t)[\p{Cc}\ufffd]/u.test(text))
    throw new UsageError(
      'the secret holds control characters, or is not UTF-8: that is no secret of AWS or of a proxy',
    )
  return text
}

const tooMuch = (): UsageError =>
  new UsageError(
    'stdin holds more than one line: give the secret alone, one for each run',
  )

async function typed(
  { stdin, prompt }: SecretSource,
  question: string,
  stop: AbortSignal,
): Promise<string | undefined> {
  // First of all, so that nothing typed ahead is shown.
  stdin.setRawMode?.(true)
  try {
    prompt(question)
    const line = new TypedLine()
    const chunks = on(stdin, 'data', { signal: stop, close: ['end', 'close'] })
    for await (const [chunk] of chunks) {
      line.take(String(chunk))
      if (line.isGivenUp) return undefined
      if (line.isWhole) break
    }
    return line.text
  } finally {
    stdin.setRawMode?.(false)
    stdin.pause()
    prompt('\n')
  }
}

const ESCAPE = '\u001b'
const GIVE_UP = '\u0003' // Ctrl-C
const END = '\u0004' // Ctrl-D
const CLEAR = '\u0015' // Ctrl-U
const BACK = ['\u007f', '\b']

// What keys make of a line: the terminal, which shows nothing, does not do it.
class TypedLine {
  text = ''
  isWhole = false
  isGivenUp = false

  take(chunk: string): void {
    // Arrow keys and the like send an escape and some characters after it.
    const [plain = '', ...others] = chunk.split(ESCAPE)
    const rest = others.map(text =>
      text.replace(/^(?:\[[\d;]*[@-~]|O.|.)/su, ''),
    )
    for (const key of [plain, ...rest].join('')) this.#press(key)
  }

  #press(key: string): void {
    if (key === GIVE_UP) this.isGivenUp = true
    // More after the end of the line was pasted along: it is refused.
    else if (this.isWhole) this.text += /[\r\n]/.test(key) ? '' : `\n${key}`
    else if (key === '\r' || key === '\n' || key === END) this.isWhole = true
    else if (key === CLEAR) this.text = ''
    else if (BACK.includes(key))
      this.text = [...this.text].slice(0, -1).join('')
    else if (!/\p{Cc}/u.test(key) || key === '\t') this.text += key
  }
}

// The program's output on stderr: on a terminal text, with a live line below it
// while a cycle runs; elsewhere one JSON object a line, so that a shipper can
// route it. stdout is never touched.

import { concealed, concealedJson } from './conceal.ts'
import { appendLine, logFileFault } from './log-file.ts'

export type Level = 'info' | 'warning' | 'error'
export type Fields = Readonly<Record<string, unknown>>

export interface ReportOptions {
  /** Writes one line with its LF, or the characters that redraw the live line. */
  write(line: string): void
  now(): number
  isTerminal: boolean
  /** The width of the terminal now; 80 if unknown. */
  columns?: () => number | undefined
  /** Leaves warnings and errors only. */
  quiet: boolean
}

const WIPE = '\r\u001b[K'

/** Reports events; every line also goes to a log file once there is one. */
export class Report {
  readonly #options: ReportOptions
  #logFile = ''
  #hasLive = false

  constructor(options: ReportOptions) {
    this.#options = options
  }

  /** Has every further line copied to a file; says so when that fails. */
  copyTo(logFile: string): void {
    this.#logFile = logFile
  }

  /** Tells whether a live line would be visible. */
  get showsLive(): boolean {
    return this.#options.isTerminal && !this.#options.quiet
  }

  /** Shows a text as the live line, until '' or another line replaces it. */
  live(text: string): void {
    if (!this.showsLive) return
    const { write, columns } = this.#options
    // A line that wraps could not be wiped.
    const fitting = text.slice(0, (columns?.() || 80) - 1)
    if (this.#hasLive || fitting !== '') write(WIPE + fitting)
    this.#hasLive = fitting !== ''
  }

  info(event: string, message: string, fields: Fields = {}): void {
    if (!this.#options.quiet) this.#say('info', event, message, fields)
  }

  warn(event: string, message: string, fields: Fields = {}): void {
    this.#say('warning', event, message, fields)
  }

  error(event: string, message: string, fields: Fields = {}): void {
    this.#say('error', event, message, fields)
  }

  #say(level: Level, event: string, message: string, fields: Fields): void {
    const { write, now, isTerminal } = this.#options
    const time = new Date(now()).toISOString()
    const said = concealedJson({ message, ...fields }).slice(1)
    const json = `{"time":"${time}","level":"${level}","event":"${event}",${said}\n`
    // The copy comes first: if it fails, its warning stands before this line,
    // and a summary stays the last line.
    if (this.#logFile !== '') this.#copy(json)
    this.live('')
    const shown = event === 'summary' ? {} : fields
    write(isTerminal ? asText(level, message, shown) : json)
  }

  #copy(line: string): void {
    const file = this.#logFile
    try {
      appendLine(file, line)
    } catch (error) {
      this.#logFile = ''
      this.warn('log_file', logFileFault(file, error))
    }
  }
}

function asText(level: Level, message: string, fields: Fields): string {
  const details = Object.entries(fields)
    .filter(([, value]) => (value ?? '') !== '')
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(' ')
  const text = [message, details].filter(Boolean).join('  ')
  // A key may hold any character, so control characters are escaped.
  return `${level === 'info' ? '' : `${level}: `}${visible(concealed(text))}\n`
}

/** Escapes the control characters of a text. */
export const visible = (text: string): string =>
  text.replaceAll(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    character => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  )

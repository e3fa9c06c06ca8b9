// What `check` finds: one line a finding, and the exit code of them all. A
// warning is something to look at; only what fails sets the exit code.

import { SourceError } from '../../s3/errors/source-error.ts'
import type { Outcome } from '../../report/outcome.ts'
import { concealed, concealedJson } from '../../report/conceal.ts'
import { visible } from '../../report/report.ts'

export interface Finding {
  name: string
  level: 'ok' | 'warn' | 'fail'
  message: string
  /** How a command ends that fails of it; `done` unless the level is fail. */
  outcome: Outcome
}

/** Makes a finding that is as it should be. */
export const ok = (name: string, message: string): Finding => ({
  name,
  level: 'ok',
  message,
  outcome: 'done',
})

/** Makes a finding that says what to look at. */
export const warn = (name: string, message: string): Finding => ({
  ...ok(name, message),
  level: 'warn',
})

/** Makes a finding that says what is wrong and how to mend it. */
export const fail = (
  name: string,
  message: string,
  outcome: Outcome,
): Finding => ({ name, level: 'fail', message, outcome })

/** Names how a command ends that fails of an error of the bucket. */
export function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof SourceError)) return 'partial'
  return error.kind === 'object' ? 'partial' : error.kind
}

/** Makes the line of a finding; what a key holds is shown, not sent. */
export function findingLine({ level, name, message }: Finding): string {
  return `${level.padEnd(4)} ${name}: ${visible(concealed(message))}\n`
}

/** Makes the JSON document of the findings. */
export function findingsJson(findings: readonly Finding[]): string {
  const list = findings.map(({ name, level, message }) => ({
    name,
    ok: level !== 'fail',
    level,
    message,
  }))
  return `${concealedJson({ findings: list })}\n`
}

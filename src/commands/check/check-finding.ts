// The findings of `check`: one line each, and one line that sums them up. A warning
// deserves a look; only failures set the exit code.

import { SourceError } from '../../s3/errors/source-error.ts'
import { outcomes, worstOutcome, type Outcome } from '../../report/outcome.ts'
import { concealed, concealedJson } from '../../report/conceal.ts'
import { visible } from '../../report/report.ts'
import { counted } from '../../report/words.ts'

export interface Finding {
  name: string
  level: 'ok' | 'warn' | 'fail'
  message: string
  /** The outcome of a command with this failure; `done` unless the level is fail. */
  outcome: Outcome
}

/** Makes a finding without a fault. */
export const ok = (name: string, message: string): Finding => ({
  name,
  level: 'ok',
  message,
  outcome: 'done',
})

/** Makes a finding that deserves a look. */
export const warn = (name: string, message: string): Finding => ({
  ...ok(name, message),
  level: 'warn',
})

/** Makes a finding of a fault, whose message gives the cure. */
export const fail = (
  name: string,
  message: string,
  outcome: Outcome,
): Finding => ({ name, level: 'fail', message, outcome })

/** Gives the outcome of a command that fails with an error of the bucket. */
export function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof SourceError)) return 'partial'
  return error.kind === 'object' ? 'partial' : error.kind
}

const RED = 31
const YELLOW = 33

/** Makes the line of a finding, with its level in colour on request; control characters of keys are shown escaped. */
export function findingLine(
  { level, name, message }: Finding,
  inColour = false,
): string {
  const text = `${name}: ${visible(concealed(message))}\n`
  if (!inColour || level === 'ok') return `${level.padEnd(4)} ${text}`
  const colour = level === 'fail' ? RED : YELLOW
  return `\u001b[${colour}m${level}\u001b[0m ${text}`
}

/** Sums the findings up: a cycle would run, or would end with an exit code. */
export function verdictOf(findings: readonly Finding[]): Finding {
  const of = (level: string): Finding[] =>
    findings.filter(finding => finding.level === level)
  const faults = of('fail')
  const warnings = of('warn')
  const counts = [
    ...(faults.length > 0 ? [counted(faults.length, 'fault')] : []),
    ...(warnings.length > 0 ? [counted(warnings.length, 'warning')] : []),
  ].join(' and ')
  if (counts === '') return ok('verdict', 'all is well')
  if (faults.length === 0)
    return warn('verdict', `${counts}: collect would run`)
  const outcome = worstOutcome(faults.map(fault => fault.outcome))
  const { exit } = outcomes[outcome]
  // A cycle needs ten failed objects to call it an outage.
  const isOfOne = exit > 1 && faults.every(({ name }) => name === 'get')
  const less = isOfOne ? ', or 1 where it tries fewer than ten objects' : ''
  return fail(
    'verdict',
    `${counts}: collect would end with exit code ${exit}${less}`,
    outcome,
  )
}

/** Makes the JSON document of the findings. */
export function findingsJson(findings: readonly Finding[]): string {
  const { message: verdict, outcome } = verdictOf(findings)
  const { exit } = outcomes[outcome]
  const list = findings.map(({ name, level, message }) => ({
    name,
    ok: level !== 'fail',
    level,
    message,
  }))
  return `${concealedJson({ findings: list, verdict, exit })}\n`
}

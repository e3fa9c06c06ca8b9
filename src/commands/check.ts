// The command for the day of the set-up and for 3 a.m.: a line a finding, ok
// or what is wrong and how to mend it. Nothing is emitted or committed.

import { findingLine, findingsJson, type Finding } from './check/finding.ts'
import { runChecks } from './check/run-checks.ts'
import { StoppedError } from '../output/stdout.ts'
import { worstOutcome, type Outcome } from '../report/outcome.ts'
import type { CommandContext, CommandOptions } from './with-cursor.ts'

/** Checks settings, bucket and cursor; `print` takes the answer for stdout. Throws StoppedError and what `print` throws. */
export async function check(
  options: CommandOptions & { json: boolean },
  context: CommandContext,
  print: (text: string) => Promise<void>,
): Promise<Outcome> {
  const findings: Finding[] = []
  for await (const finding of runChecks(options, context)) {
    // What a signal cut off is no finding.
    if (context.stop.aborted)
      throw new StoppedError('a signal asked to stop before all was checked')
    findings.push(finding)
    if (!options.json) await print(findingLine(finding))
  }
  if (options.json) await print(findingsJson(findings))
  return worstOutcome(findings.map(({ outcome }) => outcome))
}

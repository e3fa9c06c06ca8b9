// Asks a person before a cycle prints on their terminal, since the printed records
// are committed and no host gets them.

import type { Readable } from 'node:stream'
import { UsageError } from '../../settings/settings-error.ts'

/** The streams for the question and its answer. */
export interface Asked {
  stdin: Readable & { isTTY?: boolean }
  prompt(text: string): void
}

const QUESTION =
  'The records shown here are committed, and no host gets them: `sample` commits nothing.\nCollect and commit? [y/N] '

/** Tells whether the person agreed; throws UsageError if stdin is not a terminal. */
export async function askToCommit(
  { stdin, prompt }: Asked,
  stop: AbortSignal,
): Promise<boolean> {
  if (!stdin.isTTY)
    throw new UsageError(
      'stdout is a terminal, so the records shown would be committed and no host would get them, and stdin is not a terminal to ask on: `sample` shows records and commits nothing, `collect --yes` does not ask',
    )
  // Loaded on demand, since it would slow down each cycle.
  const { createInterface } = await import('node:readline')
  const lines = createInterface({ input: stdin, signal: stop })
  try {
    prompt(QUESTION)
    for await (const line of lines) return /^y(es)?$/i.test(line.trim())
    return false
  } finally {
    lines.close()
  }
}

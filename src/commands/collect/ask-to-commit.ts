// Asks a person before a cycle that prints on their terminal: what it shows is
// committed, so no host is ever given it.

import type { Readable } from 'node:stream'
import { UsageError } from '../../settings/settings-error.ts'

/** Whom to ask, and how. */
export interface Asked {
  stdin: Readable & { isTTY?: boolean }
  prompt(text: string): void
}

const QUESTION =
  'What is shown here is committed, and given to no host: `sample` shows records without that.\nCollect and commit? [y/N] '

/** Tells whether it was agreed to; throws UsageError where nobody can be asked. */
export async function askToCommit(
  { stdin, prompt }: Asked,
  stop: AbortSignal,
): Promise<boolean> {
  if (!stdin.isTTY)
    throw new UsageError(
      'stdout is a terminal, so what is shown would be committed and given to no host, and stdin is none on which to ask: `sample` shows records and commits nothing, `collect --yes` goes on without asking',
    )
  // Loaded when it is needed: it would slow down each cycle.
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

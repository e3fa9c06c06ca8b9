// The text of --help: what there is to run, on one screen.

/** Lists the commands with what each does. */
export const commands = {
  collect: 'one collection cycle (the default command)',
  check: 'tries settings, credentials, bucket and cursor; says what is wrong',
  plan: "what a cycle would collect now, and a day's cost (--every SECONDS)",
  status:
    'the cursor in words: lag, failed and quarantined objects; no network',
  retry: 'queues quarantined objects again: KEY... or s3:// URLs, or --all',
  skip: 'marks all that is in the window now as collected, without emitting it',
  replay: 'emits all of --day YYYY-MM-DD again; the cursor is not touched',
  init: 'prints a commented ini with every setting, its range and default',
} as const

/** Says what each exit code means; the code is the place in the list. */
export const exitCodes = [
  'done; also: nothing new, another cycle at work, stopped by a signal',
  'done, but some folders or objects failed in this cycle',
  'settings or usage wrong',
  'access refused: credentials, bucket, permission, KMS, proxy',
  'S3 not reached, or throttled',
  "cursor cannot be read or written, or is another bucket's",
  'the host closed stdout early, or stood still to the end of the cycle',
] as const

export type CommandName = keyof typeof commands

/** Makes the help text. */
export function help(): string {
  const list = Object.entries(commands)
    .map(([name, does]) => `  ${name.padEnd(9)}${does}`)
    .join('\n')
  const codes = exitCodes.map((means, code) => `  ${code}  ${means}`).join('\n')
  return `lr-s3-input: collects AWS CloudTrail or VPC Flow Logs from S3, one cycle a run,
and prints NDJSON with LogRhythm field names on stdout.

Usage: lr-s3-input [command] --config FILE [--state FILE] [--quiet]

Commands
${list}

Options
  --config FILE  LogRhythm's awsS3CloudTrail.ini, or one made with \`init\`
  --state FILE   the cursor file; instead of StateFile, or of FILE.cursor
  --json         the answer of \`check\`, \`plan\` or \`status\` as JSON
  --quiet        warnings and errors only on stderr
  --help, --version

Exit codes
${codes}
`
}

// The text of --help: what there is to run, on one screen.

/** Lists the commands with what each does. */
export const commands = {
  collect: 'one collection cycle (the default command)',
  status:
    'the cursor in words: lag, failed and quarantined objects; no network',
  retry: 'queues quarantined objects again: KEY... or s3:// URLs, or --all',
  skip: 'marks all that is in the window now as collected, without emitting it',
  init: 'prints a commented ini with every setting, its range and default',
} as const

export type CommandName = keyof typeof commands

/** Makes the help text. */
export function help(): string {
  const list = Object.entries(commands)
    .map(([name, does]) => `  ${name.padEnd(9)}${does}`)
    .join('\n')
  return `lr-s3-input: collects AWS CloudTrail or VPC Flow Logs from S3, one cycle a run,
and prints NDJSON with LogRhythm field names on stdout.

Usage: lr-s3-input [command] --config FILE [--state FILE] [--quiet]

Commands
${list}

Options
  --config FILE  LogRhythm's awsS3CloudTrail.ini, or one made with \`init\`
  --state FILE   the cursor file; instead of StateFile, or of FILE.cursor
  --json         the answer of \`status\` as JSON
  --quiet        warnings and errors only on stderr
  --help, --version

Exit codes
  0  done, also: nothing new, another cycle at work, stopped by a signal
  1  done, but some folders or objects failed
  2  settings or usage wrong
  3  access refused: credentials, bucket, permission, proxy
  4  S3 not reached, or throttled
  5  cursor cannot be read or written, or is another bucket's
  6  the host closed stdout early, or stood still to the end of the cycle
`
}

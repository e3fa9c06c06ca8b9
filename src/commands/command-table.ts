// The one table of commands. The reading of the command line and the help follow
// from it.

import type { OptionName } from './option-table.ts'

interface Command {
  /** Its line in the list of commands. */
  does: string
  /** The text of its own page, in lines of a screen. */
  about: string
  /** The words it takes after its name. */
  words?: string
  options: readonly OptionName[]
  /** The meaning of each of its exit codes; '' = the general meaning. */
  exits: Readonly<Partial<Record<number, string>>>
}

const files = ['config', 'state'] as const
const isFull = 'stdout cannot be written'
const ofS3 = { 2: '', 3: '', 4: '' } as const
const ofCursor = { ...ofS3, 5: '', 6: isFull } as const

/** Lists the commands in the order of the help. */
export const commands = {
  collect: {
    does: 'one collection cycle (the default command)',
    about: `Prints what is new, as far as the limits of a cycle let it, and notes in the
cursor what the host has read. Run it again and again: each cycle goes on
where the last one ended. While another cycle holds the lock it does nothing.
On a terminal it asks first, since records shown there are never shown again;
\`sample\` shows records and commits nothing.`,
    options: [...files, 'yes', 'quiet'],
    exits: { 0: '', 1: '', 2: '', 3: '', 4: '', 5: '', 6: '' },
  },
  sample: {
    does: 'prints the newest records of the bucket; nothing is committed',
    about: `The newest N records of the newest objects of at most ten folders, as
\`collect\` would print them, in the order of their time. Takes no lock and
leaves the cursor as it is, so it may run at any time.`,
    options: ['config', 'number', 'quiet'],
    exits: {
      ...ofS3,
      0: 'done',
      1: 'there is no record to show',
      6: isFull,
    },
  },
  verify: {
    does: "proves by CloudTrail's digests that every log was collected",
    // Its options fill the screen; `help verify` has the rest.
    about: '',
    words: '[--day DAY | --from TIME --to TIME] [--hashes]',
    options: [
      ...files,
      'day',
      'from',
      'to',
      'hashes',
      'keys',
      'records',
      'json',
      'quiet',
    ],
    exits: {
      ...ofCursor,
      0: 'all is proved; there may be warnings',
      1: 'something is missing, altered or not collected, or cannot be proved',
    },
  },
  check: {
    does: 'tries settings, credentials, bucket and cursor; says what is wrong',
    about: `A line a finding: ok, warn, or fail with how to mend it; the last says how
\`collect\` would end. Makes LIST requests and one GET, and tries to write where
cursor, spool and LogFile lie, which leaves nothing behind. Nothing is emitted
or committed, and no lock is taken. A terminal shows fail and warn in colour,
unless NO_COLOR is set.`,
    options: [...files, 'json', 'quiet'],
    exits: {
      ...ofCursor,
      0: 'all is well, or there are only warnings',
      1: 'a fault other than the following',
    },
  },
  plan: {
    does: "what a cycle would collect now, and a day's cost (--every SECONDS)",
    about: `Makes the LIST requests of a cycle and no GET. The cursor is only read, and
no lock is taken.`,
    options: [...files, 'every', 'json', 'quiet'],
    exits: {
      ...ofCursor,
      0: 'done',
      1: 'some folders could not be listed, or the settings match none',
    },
  },
  status: {
    does: 'the cursor in words: lag, failed and quarantined objects; no network',
    about: `The last cycle, the newest event and the lag of each folder, failed objects
and why, late arrivals, the size of the cursor, a growing backlog. Reads the
cursor alone: no network, no lock; also while a cycle is at work. For probes:
--max-lag.`,
    options: [...files, 'max-lag', 'strict', 'json', 'quiet'],
    exits: {
      0: 'done',
      1: 'with --max-lag: the collection lags behind',
      2: '',
      5: '',
      6: isFull,
    },
  },
  retry: {
    does: 'queues objects again: KEY..., --all quarantined ones, or --taken',
    about: `The next cycle tries them, from the first record that was not emitted yet.
A KEY is given as \`status\` prints it. --taken queues objects that the host
has taken and may have lost (HostQueueRecords). --forget has quarantined
objects count as skipped, so that they are never asked for again. At most
10,000 objects wait at a time. Waits for the lock for MaxCycleSeconds.`,
    words: '([--forget] KEY... | [--forget] --all | --taken)',
    options: [...files, 'all', 'taken', 'forget', 'quiet'],
    exits: {
      0: 'done',
      1: 'a KEY is not quarantined, or another cycle held the lock too long',
      2: '',
      5: '',
      6: isFull,
    },
  },
  skip: {
    does: 'marks all objects in the window as skipped, without emitting them',
    about: `For the day on which another collector hands over; with --before, objects
that came since that time are left to collect. Knows no limits of a cycle.
Waits for the lock for MaxCycleSeconds.`,
    options: [...files, 'before', 'quiet'],
    exits: {
      ...ofCursor,
      0: 'done',
      1: 'folders not listed, none matched, or the lock was held too long',
    },
  },
  replay: {
    does: 'emits all of --day YYYY-MM-DD again; the cursor is not touched',
    about: `Prints all records of all objects of a day, whatever was collected. Knows no
limits of a cycle, and needs no cursor and no lock.`,
    options: ['config', 'day', 'quiet'],
    exits: {
      ...ofS3,
      0: 'done; also: stopped by a signal',
      1: 'some folders or objects failed',
      6: '',
    },
  },
  encrypt: {
    does: 'encrypts a key or password for the ini, from a prompt or stdin',
    about: `Reads a secret from a prompt that does not show it, or one line from stdin,
never from an argument, and prints the text to paste into the ini. With --set
AccessKeyId, SecretAccessKey or Password it puts the text there itself and
keeps the rest of the file as it is. The key lies in KeyFile, by default
FILE.key, and is made on first use. A key in the environment variable
LR_S3_INPUT_KEY (32 bytes as base64) goes before it, also when the ini is read;
with it, --config may be left out.`,
    words: '[--config FILE [--set NAME]]',
    options: ['config', 'set', 'quiet'],
    exits: {
      0: 'done',
      1: 'stopped before a secret was given: nothing is written',
      2: 'usage wrong, or the ini or the key cannot be used',
      6: isFull,
    },
  },
  init: {
    does: "prints an ini with every setting, or a host's configuration",
    about: `Without WHAT, a commented ini with every setting, its range and default: put
it into a file, fill in Region and BucketName, and \`check\` it. WHAT is
fluent-bit, fluent-bit-yaml, vector, systemd, cron or kubernetes for that
host's configuration, or policy for the least IAM policy. With --config FILE,
paths, bucket and limits are those of this installation. \`help hosts\` says more.`,
    words: '[WHAT]',
    options: [...files, 'replicas'],
    exits: { 0: 'done', 2: 'usage wrong', 6: isFull },
  },
} as const satisfies Record<string, Command>

export type CommandName = keyof typeof commands

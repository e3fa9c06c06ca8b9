// The one table of options. The reading of the command line and the help follow
// from it.

/** Describes an option in the form of parseArgs. */
export interface Option {
  type: 'string' | 'boolean'
  short?: string
  default?: boolean
  multiple?: boolean
  /** The word for its value in the help. */
  word?: string
  does: string
}

/** Lists the options in the form of parseArgs, each with its line of help. */
export const options = {
  config: {
    type: 'string',
    word: 'FILE',
    does: "LogRhythm's awsS3CloudTrail.ini, or one made with `init`",
  },
  state: {
    type: 'string',
    word: 'FILE',
    does: 'the cursor file; instead of StateFile, or of FILE.cursor',
  },
  all: {
    type: 'boolean',
    default: false,
    does: 'all quarantined objects, instead of KEYs',
  },
  taken: {
    type: 'boolean',
    default: false,
    does: 'all objects that the host has taken and may have lost',
  },
  forget: {
    type: 'boolean',
    default: false,
    does: 'forget quarantined objects: they are never asked for again',
  },
  before: {
    type: 'string',
    word: 'TIME',
    does: 'only objects last modified before YYYY-MM-DDTHH:MM:SSZ',
  },
  day: {
    type: 'string',
    word: 'DAY',
    does: 'the UTC day, YYYY-MM-DD',
  },
  from: {
    type: 'string',
    word: 'TIME',
    does: 'from this UTC day or time on, YYYY-MM-DD or YYYY-MM-DDTHH:MMZ',
  },
  to: {
    type: 'string',
    word: 'TIME',
    does: 'to this time, or to the end of this day',
  },
  hashes: {
    type: 'boolean',
    default: false,
    does: 'read each log too, and compare its SHA-256',
  },
  keys: {
    type: 'string',
    word: 'FILE',
    does: 'the answer of `aws cloudtrail list-public-keys`',
  },
  records: {
    type: 'string',
    multiple: true,
    word: 'FILE',
    does: 'stored NDJSON; more FILEs may follow, - is stdin',
  },
  every: {
    type: 'string',
    word: 'N',
    does: 'the seconds between two cycles; 60 if not given',
  },
  number: {
    type: 'string',
    short: 'n',
    word: 'N',
    does: 'the number of records, the newest last; 1 if not given',
  },
  replicas: {
    type: 'string',
    word: 'N',
    does: 'the number of pods that share the bucket; 1 if not given',
  },
  'max-lag': {
    type: 'string',
    word: 'SECONDS',
    does: 'exit 1 if the last cycle or a waiting object is older',
  },
  strict: {
    type: 'boolean',
    default: false,
    does: 'with --max-lag: the newest event and any quarantine count too',
  },
  yes: {
    type: 'boolean',
    default: false,
    does: 'on a terminal, commit the records shown without asking',
  },
  set: {
    type: 'string',
    word: 'NAME',
    does: 'the setting of FILE to put it into, instead of printing it',
  },
  json: { type: 'boolean', default: false, does: 'the answer as JSON' },
  quiet: {
    type: 'boolean',
    default: false,
    does: 'warnings and errors only on stderr',
  },
  help: {
    type: 'boolean',
    default: false,
    short: 'h',
    does: 'what a command does, its options and exit codes',
  },
  version: {
    type: 'boolean',
    default: false,
    short: 'V',
    does: 'the version',
  },
} as const satisfies Record<string, Option>

export type OptionName = keyof typeof options

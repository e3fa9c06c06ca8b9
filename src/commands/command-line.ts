// Reads the command line: which command, on which files.

import { parseArgs } from 'node:util'
import { errorCode } from '../files/error-code.ts'
import { conceal } from '../report/conceal.ts'
import { nearestName } from '../settings/nearest-name.ts'
import { pastedSecrets } from '../settings/pasted-secret.ts'
import { commands, type CommandName } from './command-table.ts'
import { options, type OptionName } from './option-table.ts'
import { messageOf } from '../report/words.ts'
import { UsageError } from '../settings/settings-error.ts'

export interface CommandLine {
  command: CommandName | 'help' | 'version'
  /** The command whose help is wanted. */
  topic: CommandName | undefined
  config: string | undefined
  state: string | undefined
  quiet: boolean
  /** What `retry` is to queue again. */
  keys: readonly string[]
  all: boolean
  /** Has `retry` queue what the host has taken. */
  taken: boolean
  /** Has `retry` forget what is quarantined. */
  forget: boolean
  /** Has a command answer in JSON. */
  json: boolean
  /** How many seconds apart `plan` takes cycles to be, as it was written. */
  every: string | undefined
  /** The time up to which `skip` skips, as it was written. */
  before: string | undefined
  /** The day that `replay` is to emit, as it was written. */
  day: string | undefined
  /** The setting that `encrypt` is to write, as it was written. */
  set: string | undefined
  /** The range that `verify` is to prove, as it was written. */
  from: string | undefined
  to: string | undefined
  /** Has `verify` read each log. */
  hashes: boolean
  /** The file of public keys. */
  keyFile: string | undefined
  /** The files of what was stored. */
  records: readonly string[]
}

// The others are every command's, or each has them in its way.
const ownOptions = [
  'all',
  'taken',
  'forget',
  'json',
  'every',
  'before',
  'day',
  'set',
  'from',
  'to',
  'hashes',
  'keys',
  'records',
] as const

/** Parses the arguments after the program's name; throws UsageError. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parse(args)
  const { help, version, ...given } = values
  const [name = 'collect', ...keys] = positionals
  const topic = positionals.length > 0 && isCommand(name) ? name : undefined
  const { config, state, every, before, day, set, from, to, ...rest } = given
  const { keys: keyFile, records: named = [], ...flags } = rest
  const texts = { config, state, every, before, day, set, from, to, keyFile }
  // A shell makes many words of one pattern.
  const takesFiles = name === 'verify' && named.length > 0
  const records = takesFiles ? [...named, ...keys] : named
  const line = { topic, keys, records, ...texts, ...flags }
  if (help) return { command: 'help', ...line }
  if (version) return { command: 'version', ...line }
  const isAlone = name === 'encrypt' && keys.length === 0
  if (isSecretive(positionals) && name !== 'retry' && !isAlone)
    throw new UsageError(
      '"encrypt" takes no further words, and never a secret, which others could list: it is read from a prompt or from stdin',
    )
  if (!isCommand(name)) {
    const nearest = nearestName(name, Object.keys(commands))
    // What is like none may be a secret in the wrong place.
    const what =
      nearest === undefined
        ? 'a word that is no command'
        : `there is no command "${name}"; did you mean "${nearest}"?`
    throw new UsageError(`${what} (--help lists them)`)
  }
  if (keys.length > 0 && name !== 'retry' && !takesFiles)
    throw new UsageError(
      `"${name}" takes no further words: ${keys.length} too many`,
    )
  for (const option of ownOptions) {
    const isGiven = given[option] !== undefined && given[option] !== false
    if (isGiven && !takes(name, option))
      throw new UsageError(
        `"${name}" takes no --${option}; ${whoTakes(option)} (--help tells)`,
      )
  }
  return { command: name, ...line }
}

// What is given to it by mistake may be a secret, and is not repeated.
const isSecretive = (words: readonly string[]): boolean =>
  words.includes('encrypt')

const isCommand = (name: string): name is CommandName =>
  Object.hasOwn(commands, name)

function takes(name: CommandName, option: OptionName): boolean {
  const own: readonly OptionName[] = commands[name].options
  return own.includes(option)
}

function whoTakes(option: OptionName): string {
  const names = Object.keys(commands).filter(
    name => isCommand(name) && takes(name, option),
  )
  const list = names.map(name => `\`${name}\``).join(', ')
  return `${list} ${names.length === 1 ? 'does' : 'do'}`
}

function parse(args: readonly string[]) {
  for (const arg of args)
    conceal(...pastedSecrets(arg.replace(/^--?[a-z]+=/, ''), true))
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options })
  } catch (error) {
    if (
      isSecretive(args) &&
      errorCode(error) === 'ERR_PARSE_ARGS_UNKNOWN_OPTION'
    )
      throw new UsageError(
        '"encrypt" was given an option that it does not know (--help shows the usage)',
      )
    throw new UsageError(`${messageOf(error)} (--help shows the usage)`)
  }
}

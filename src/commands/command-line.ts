// Reads the command line: the command, its files and its options.

import { parseArgs } from 'node:util'
import { errorCode } from '../files/error-code.ts'
import { conceal } from '../report/conceal.ts'
import { nearestName } from '../settings/nearest-name.ts'
import { pastedSecrets } from '../settings/pasted-secret.ts'
import { commands, type CommandName } from './command-table.ts'
import { isTopic, topics, type TopicName } from './help/topic-table.ts'
import { initTargets, type InitTarget } from './init/targets.ts'
import { options, type OptionName } from './option-table.ts'
import { messageOf } from '../report/words.ts'
import { UsageError } from '../settings/settings-error.ts'

/** A command with its options, which option-table.ts describes; texts are as written. */
export interface CommandLine {
  command: CommandName | 'help' | 'version'
  /** The command of a request for help. */
  topic: CommandName | undefined
  /** The requested topic of the manual; '' for the list of topics. */
  manual: TopicName | '' | undefined
  /** The target of `init`; undefined for the ini. */
  target: InitTarget | undefined
  replicas: string | undefined
  number: string | undefined
  maxLag: string | undefined
  strict: boolean
  yes: boolean
  config: string | undefined
  state: string | undefined
  quiet: boolean
  /** The keys that `retry` queues again. */
  keys: readonly string[]
  all: boolean
  taken: boolean
  forget: boolean
  json: boolean
  every: string | undefined
  before: string | undefined
  day: string | undefined
  set: string | undefined
  from: string | undefined
  to: string | undefined
  hashes: boolean
  /** The file of public keys for `verify`. */
  keyFile: string | undefined
  /** The files of records that the host has stored. */
  records: readonly string[]
}

// Options outside this list belong to every command or are checked elsewhere.
const ownOptions = [
  'all',
  'taken',
  'forget',
  'json',
  'yes',
  'number',
  'replicas',
  'max-lag',
  'strict',
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
  const { keys: keyFile, records: named = [], ...others } = rest
  const { 'max-lag': maxLag, number, replicas, ...flags } = others
  const texts = { config, state, every, before, day, set, from, to, keyFile }
  const more = { maxLag, number, replicas }
  // A shell expands a pattern to many words.
  const takesFiles = name === 'verify' && named.length > 0
  const records = takesFiles ? [...named, ...keys] : named
  const none = { manual: undefined, target: undefined }
  const line = { topic, ...none, keys, records, ...texts, ...more, ...flags }
  if (help) return { command: 'help', ...line }
  if (version) return { command: 'version', ...line }
  if (name === 'help') return { command: 'help', ...line, ...helpOn(keys) }
  if (name === 'version' && keys.length === 0)
    return { command: 'version', ...line }
  const isAlone = name === 'encrypt' && keys.length === 0
  if (isSecretive(positionals) && name !== 'retry' && !isAlone)
    throw new UsageError(
      '"encrypt" takes no further words, and never a secret, which other users could list: it is read from a prompt or from stdin',
    )
  if (!isCommand(name)) {
    const known = [...Object.keys(commands), 'help', 'version']
    const nearest = nearestName(name, known)
    // An unknown word may be a secret in the wrong place.
    const what =
      nearest === undefined
        ? 'there is no command of that name'
        : `there is no command "${name}"; did you mean "${nearest}"?`
    throw new UsageError(`${what} (--help lists them)`)
  }
  const target = name === 'init' ? targetOf(keys) : undefined
  const takesWords = name === 'retry' || name === 'init' || takesFiles
  if (keys.length > 0 && !takesWords)
    throw new UsageError(
      `"${name}" takes no further words: ${keys.length} too many (--help shows the usage)`,
    )
  for (const option of ownOptions) {
    const isGiven = given[option] !== undefined && given[option] !== false
    if (isGiven && !takes(name, option))
      throw new UsageError(
        `"${name}" takes no --${option}; ${whoTakes(option)} (--help tells)`,
      )
  }
  if (replicas !== undefined && target !== 'kubernetes')
    throw new UsageError('--replicas goes with `init kubernetes` alone')
  return { command: name, ...line, target }
}

// An unknown word may be a secret in the wrong place, so it is not repeated.
function noSuch(
  what: string,
  word: string,
  known: readonly string[],
): UsageError {
  const nearest = nearestName(word, known)
  return new UsageError(
    nearest === undefined
      ? `there is no such ${what}; there are ${known.join(', ')}`
      : `there is no ${what} "${word}"; did you mean "${nearest}"?`,
  )
}

/** Finds the topic or command for `help`; a topic precedes the command of the same name. */
function helpOn(
  words: readonly string[],
): Pick<CommandLine, 'topic' | 'manual'> {
  const [word, ...more] = words
  if (word === undefined) return { topic: undefined, manual: '' }
  if (more.length > 0)
    throw new UsageError(`"help" takes one word: ${more.length} too many`)
  if (isTopic(word)) return { topic: undefined, manual: word }
  if (isCommand(word)) return { topic: word, manual: undefined }
  const known = [...new Set([...Object.keys(topics), ...Object.keys(commands)])]
  throw noSuch('topic', word, known)
}

function targetOf(words: readonly string[]): InitTarget | undefined {
  const [word, ...more] = words
  if (word === undefined) return undefined
  if (more.length > 0)
    throw new UsageError(`"init" takes one word: ${more.length} too many`)
  const target = initTargets.find(known => known === word)
  if (target !== undefined) return target
  throw noSuch('configuration', word, initTargets)
}

// Words given to `encrypt` by mistake may be secrets, so they are not repeated.
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
    const message = messageOf(error)
    // Node's message adds advice about words that begin with a dash.
    const unknown = /^Unknown option '(--?([^']*))'/.exec(message)
    const said = unknown ? `there is no option ${unknown[1]}` : message
    const nearest = nearestName(unknown?.[2] ?? '', Object.keys(options))
    const hint = nearest === undefined ? '' : `; did you mean --${nearest}?`
    throw new UsageError(`${said}${hint} (--help shows the usage)`)
  }
}

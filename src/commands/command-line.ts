// Reads the command line: which command, on which files.

import { parseArgs } from 'node:util'
import { nearestName } from '../settings/nearest-name.ts'
import {
  commands,
  options,
  type CommandName,
  type OptionName,
} from './command-table.ts'
import { UsageError } from './usage-error.ts'

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
  /** Has a command answer in JSON. */
  json: boolean
  /** How many seconds apart `plan` takes cycles to be, as it was written. */
  every: string | undefined
  /** The day that `replay` is to emit, as it was written. */
  day: string | undefined
}

/** Parses the arguments after the program's name; throws UsageError. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parse(args)
  const { help, version, ...given } = values
  const { config, state, quiet, all, json, every, day } = given
  const [name = 'collect', ...keys] = positionals
  const topic = positionals.length > 0 && isCommand(name) ? name : undefined
  const line = { topic, config, state, quiet, keys, all, json, every, day }
  if (help) return { command: 'help', ...line }
  if (version) return { command: 'version', ...line }
  if (!isCommand(name)) {
    const nearest = nearestName(name, Object.keys(commands))
    // What is like none may be a secret in the wrong place.
    const what =
      nearest === undefined
        ? 'a word that is no command'
        : `there is no command "${name}"; did you mean "${nearest}"?`
    throw new UsageError(`${what} (--help lists them)`)
  }
  if (keys.length > 0 && name !== 'retry')
    throw new UsageError(
      `"${name}" takes no further words: ${keys.length} too many`,
    )
  for (const option of ['all', 'json', 'every', 'day'] as const) {
    const isGiven = given[option] !== undefined && given[option] !== false
    if (isGiven && !takes(name, option))
      throw new UsageError(
        `"${name}" takes no --${option}; ${whoTakes(option)} (--help tells)`,
      )
  }
  return { command: name, ...line }
}

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
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new UsageError(`${message} (--help shows the usage)`)
  }
}

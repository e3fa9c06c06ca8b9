// The texts of --help and `help`: the list of commands, one command in full, or a
// topic of the manual. They fit a screen of 80 columns and 24 lines, except topics,
// which have at most 100 columns.

import { commands, type CommandName } from './command-table.ts'
import { options, type Option, type OptionName } from './option-table.ts'
import { exitCodes } from '../report/outcome.ts'
import { topics, type TopicName } from './help/topic-table.ts'

/** Makes the help text of a command, or of the program. */
export function help(command?: CommandName): string {
  return command === undefined ? overview() : page(command)
}

/** Makes the help text with the list of topics at its end. */
export function manual(): string {
  const list = Object.entries(topics)
    .map(([name, { about }]) => `  ${name.padEnd(17)}${about}`)
    .join('\n')
  return `${overview()}
Topics (\`help TOPIC\`; \`help COMMAND\` is \`COMMAND --help\`)
${list}
`
}

/** Makes the text of a topic. */
export async function topicText(name: TopicName): Promise<string> {
  const { about, text } = topics[name]
  return `${name}: ${about}\n\n${await text()}`
}

function overview(): string {
  const list = Object.entries(commands)
    .map(([name, { does }]) => `  ${name.padEnd(9)}${does}`)
    .join('\n')
  return `Collects AWS CloudTrail or VPC Flow Logs from S3 as NDJSON, one cycle a run.
Usage: lr-s3-input [COMMAND] --config FILE [--state FILE] [--quiet] | --version

Commands (\`COMMAND --help\` tells more, \`help\` lists the topics of the manual)
${list}

Options
${optionLines(['config', 'state', 'quiet', 'help'])}

Exit codes: 0 done, 1 done in part, 2 settings or usage wrong, 3 access refused,
4 S3 not reached, 5 cursor not usable, 6 the host closed stdout early
`
}

const SCREEN_COLUMNS = 80

function page(name: CommandName): string {
  const command: (typeof commands)[CommandName] & { words?: string } =
    commands[name]
  const { does, about, options: own, words } = command
  const codes = Object.entries(command.exits)
    .map(([code, means]) => `  ${code}  ${means || exitCodes[Number(code)]}`)
    .join('\n')
  const usage = ['Usage: lr-s3-input', name, words].filter(Boolean).join(' ')
  const rest = inUsage(own, words).join(' ')
  const isLong = usage.length + rest.length >= SCREEN_COLUMNS
  return `${[`${name}: ${does}`, about].filter(Boolean).join('\n')}

${[usage, rest].filter(Boolean).join(isLong ? '\n  ' : ' ')}
Options
${optionLines(own)}

Exit codes
${codes}
`
}

// Leaves out options that are among the words, and `--quiet`, which the list of
// options names.
function inUsage(names: readonly OptionName[], words = ''): string[] {
  return names
    .filter(name => name !== 'quiet' && !words.includes(`--${name}`))
    .map(name => {
      const isNeeded = name === 'config' || name === 'day'
      const more = 'multiple' in options[name] ? '...' : ''
      return isNeeded ? shown(name) : `[${shown(name)}${more}]`
    })
}

// An option with a value is shown by its short name, if it has one.
function shown(name: OptionName): string {
  const { short, word }: Option = options[name]
  if (word === undefined) return `--${name}`
  return short === undefined ? `--${name} ${word}` : `-${short} ${word}`
}

function optionLines(names: readonly OptionName[]): string {
  return names
    .map(name => `  ${shown(name).padEnd(17)}${options[name].does}`)
    .join('\n')
}

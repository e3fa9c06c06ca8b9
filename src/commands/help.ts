// The texts of --help: what there is to run, and one command in full. Each
// fits a screen of 80 columns and 24 lines.

import { commands, type CommandName } from './command-table.ts'
import { options, type OptionName } from './option-table.ts'
import { exitCodes } from '../report/outcome.ts'

/** Makes the help text, of one command if it is named. */
export function help(command?: CommandName): string {
  return command === undefined ? overview() : page(command)
}

function overview(): string {
  const list = Object.entries(commands)
    .map(([name, { does }]) => `  ${name.padEnd(9)}${does}`)
    .join('\n')
  return `Collects AWS CloudTrail or VPC Flow Logs from S3 as NDJSON, one cycle a run.
Usage: lr-s3-input [COMMAND] --config FILE [--state FILE] [--quiet]

Commands (\`COMMAND --help\` tells more: its own options and exit codes)
${list}

Options
${optionLines(['config', 'state', 'quiet', 'help', 'version'])}

Exit codes: 0 done, 1 done in part, 2 settings or usage wrong, 3 access refused,
4 S3 not reached, 5 cursor not usable, 6 the host closed stdout early
`
}

const SCREEN_COLUMNS = 80

function page(name: CommandName): string {
  const command: (typeof commands)[CommandName] & { words?: string } =
    commands[name]
  const { about, options: own, words } = command
  const codes = Object.entries(command.exits)
    .map(([code, means]) => `  ${code}  ${means || exitCodes[Number(code)]}`)
    .join('\n')
  const usage = ['Usage: lr-s3-input', name, words].filter(Boolean).join(' ')
  const rest = inUsage(own, words).join(' ')
  const isLong = usage.length + rest.length >= SCREEN_COLUMNS
  const list = own.length === 0 ? '' : `Options\n${optionLines(own)}\n\n`
  return `${[usage, rest].filter(Boolean).join(isLong ? '\n  ' : ' ')}

${about}

${list}Exit codes
${codes}
`
}

// Some stand among the words already; the list of options names `--quiet`.
function inUsage(names: readonly OptionName[], words = ''): string[] {
  return names
    .filter(name => name !== 'quiet' && !words.includes(`--${name}`))
    .map(name => {
      const isNeeded = name === 'config' || name === 'day'
      const more = 'multiple' in options[name] ? '...' : ''
      return isNeeded ? shown(name) : `[${shown(name)}${more}]`
    })
}

function shown(name: OptionName): string {
  const option: { type: string; word?: string } = options[name]
  return option.word === undefined ? `--${name}` : `--${name} ${option.word}`
}

function optionLines(names: readonly OptionName[]): string {
  return names
    .map(name => `  ${shown(name).padEnd(17)}${options[name].does}`)
    .join('\n')
}

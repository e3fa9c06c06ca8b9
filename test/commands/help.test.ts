// The help as a person sees it, on a screen of 80 columns and 24 lines.
import t from 'tap'
import { commands, type CommandName } from '../../src/commands/command-table.ts'
import { options } from '../../src/commands/option-table.ts'
import { exitCodes } from '../../src/report/outcome.ts'
import { help } from '../../src/commands/help.ts'

const names = Object.keys(commands) as CommandName[]

t.test('fits a screen, of each command too', async t => {
  for (const text of [help(), ...names.map(help)]) {
    t.match(text, /[^\n]\n$/)
    const lines = text.slice(0, -1).split('\n')
    for (const line of lines) t.ok(line.length <= 80, line)
    t.ok(lines.length <= 24, String(lines[0]))
  }
})

t.test('names each command, with what it does', async t => {
  const lines = help().split('\n')
  for (const [name, { does }] of Object.entries(commands)) {
    const isLine = (line: string): boolean =>
      line.startsWith(`  ${name} `) && line.endsWith(` ${does}`)
    t.equal(lines.filter(isLine).length, 1, name)
  }
})

t.test('names the common options and each exit code', async t => {
  for (const option of [
    'config FILE',
    'state FILE',
    'quiet',
    'help',
    'version',
  ])
    t.match(help(), `\n  --${option} `)
  t.equal(exitCodes.length, 7)
  const codes = help().slice(help().indexOf('Exit codes: '))
  exitCodes.forEach((_, code) => {
    t.match(codes, new RegExp(`[ \n]${code} [a-zS]`))
  })
})

t.test('of a command: its own options and exit codes alone', async t => {
  for (const name of names) {
    const text = help(name)
    const [usage = '', rest = ''] = text.split(/\n\n([^]*)/)
    t.match(usage, `Usage: lr-s3-input ${name}`)
    for (const option of Object.keys(options)) {
      const isOwn = (commands[name].options as readonly string[]).includes(
        option,
      )
      t.equal(rest.includes(`\n  --${option} `), isOwn, `${name} ${option}`)
      const isUsed = isOwn && option !== 'quiet'
      t.equal(usage.includes(`--${option}`), isUsed, `${name} ${option}`)
    }
    exitCodes.forEach((_, code) => {
      const isOwn = Object.hasOwn(commands[name].exits, code)
      t.equal(rest.includes(`\n  ${code}  `), isOwn, `${name} ${code}`)
    })
  }
})

t.test('check: its options, and what its exit codes mean', async t => {
  const text = help('check')
  t.match(
    text,
    'Usage: lr-s3-input check --config FILE [--state FILE] [--json]\n',
  )
  t.match(text, `\n  0  all is well`)
  t.match(text, `\n  3  ${exitCodes[3]}\n`)
})

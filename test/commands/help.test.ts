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
  for (const option of ['config FILE', 'state FILE', 'quiet', 'help'])
    t.match(help(), `\n  --${option} `)
  t.match(help(), ' --version\n')
  t.equal(exitCodes.length, 7)
  const codes = help().slice(help().indexOf('Exit codes: '))
  exitCodes.forEach((_, code) => {
    t.match(codes, new RegExp(`[ \n]${code} [a-zS]`))
  })
})

t.test('of a command: its own options and exit codes alone', async t => {
  for (const name of names) {
    const text = help(name)
    const [head = '', use = '', exits = ''] = text.split('\n\n')
    const { does, about } = commands[name]
    const first = `${name}: ${does}`
    t.equal(head, about === '' ? first : `${first}\n${about}`)
    const [usage = '', list = ''] = use.split('\nOptions')
    t.match(usage, new RegExp(`^Usage: lr-s3-input ${name}\\b`))
    for (const option of Object.keys(options)) {
      const shown = option === 'number' ? '-n' : `--${option}`
      const isOwn = (commands[name].options as readonly string[]).includes(
        option,
      )
      t.equal(list.includes(`\n  ${shown} `), isOwn, `${name} ${option}`)
      const isUsed = isOwn && option !== 'quiet'
      t.equal(usage.includes(shown), isUsed, `${name} ${option}`)
    }
    exitCodes.forEach((_, code) => {
      const isOwn = Object.hasOwn(commands[name].exits, code)
      t.equal(exits.includes(`\n  ${code}  `), isOwn, `${name} ${code}`)
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

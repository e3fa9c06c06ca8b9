// The help as a person sees it.
import t from 'tap'
import { commands, help } from '../../src/commands/help.ts'

const lines = help().split('\n')

t.test('fits a screen of 80 columns and 32 lines', async t => {
  for (const line of lines) t.ok(line.length <= 80, line)
  t.ok(lines.length <= 32)
  t.match(help(), /[^\n]\n$/)
})

t.test('names each command, with what it does', async t => {
  for (const [name, does] of Object.entries(commands)) {
    const isLine = (line: string): boolean =>
      line.startsWith(`  ${name} `) && line.endsWith(` ${does}`)
    t.equal(lines.filter(isLine).length, 1, name)
  }
})

t.test('names each option and each exit code', async t => {
  for (const option of [
    'config FILE',
    'state FILE',
    'quiet',
    'help',
    'version',
  ])
    t.match(help(), `--${option}`)
  for (let code = 0; code <= 6; code++)
    t.equal(lines.filter(line => line.startsWith(`  ${code}  `)).length, 1)
})

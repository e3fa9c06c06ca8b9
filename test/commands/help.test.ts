// The help as a person sees it.
import t from 'tap'
import { commands, exitCodes, help } from '../../src/commands/help.ts'

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
    'json',
    'quiet',
    'help',
    'version',
  ])
    t.match(help(), `--${option}`)
  t.equal(exitCodes.length, 7)
  exitCodes.forEach((means, code) => {
    t.ok(lines.includes(`  ${code}  ${means}`))
  })
})

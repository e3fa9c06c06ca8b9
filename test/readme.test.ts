// Holds the README to the code: its tables are made from the tables there, what
// it names is there, and it stays short. With UPDATE=1 in the environment the
// tables are written anew. The rest is the manual's (test/commands/help).

import { readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { commands } from '../src/commands/command-table.ts'
import { topics } from '../src/commands/help/topic-table.ts'
import { initTargets } from '../src/commands/init/targets.ts'
import { exitCodes } from '../src/report/outcome.ts'
import { settingsTable } from '../src/settings/settings-table.ts'
import { settingsMarkdown } from './lib/readme/settings-markdown.ts'

const table = (head: string, rows: readonly string[]): string =>
  [head, '|---|---|', ...rows, ''].join('\n')

const blocks: Record<string, string> = {
  'exit codes': table(
    '| code | means |',
    exitCodes.map((means, code) => `| ${code} | ${means} |`),
  ),
  settings: settingsMarkdown(),
  topics: `${Object.keys(topics)
    .map(name => `\`${name}\``)
    .join(', ')}\n`,
}

const pattern = (name: string): RegExp =>
  new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- /${name} -->)`)

if (process.env['UPDATE']) {
  let text = readFileSync('README.md', 'utf8')
  for (const [name, block] of Object.entries(blocks))
    text = text.replace(
      pattern(name),
      (_, start: string, end: string) => start + block + end,
    )
  writeFileSync('README.md', text)
}

const readme = readFileSync('README.md', 'utf8')
for (const [name, block] of Object.entries(blocks))
  t.test(`the ${name} of the README are those of the code`, async t => {
    t.equal(
      pattern(name).exec(readme)?.[0].split('\n').slice(1, -1).join('\n'),
      block.trimEnd(),
    )
  })

const LINES = 380
const PROSE_CHARACTERS = 400

t.test('it is read in ten minutes', async t => {
  const lines = readme.trimEnd().split('\n')
  t.ok(lines.length <= LINES, `${lines.length} lines`)
  const long = lines.filter(
    line => !line.startsWith('|') && line.length > PROSE_CHARACTERS,
  )
  t.strictSame(long, [])
})

// Text in quotes, and the lines of what is to be typed or was printed.
const quoted = [...readme.matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text)
const typed = [...readme.matchAll(/^```\w*\n([^]*?)^```$/gm)].flatMap(
  ([, text = '']) => text.split('\n').map(line => line.replace(/^# /, '')),
)

t.test('every command, option, topic and target it names exists', async t => {
  const dead: string[] = []
  const expect = (isThere: boolean, what: string): void => {
    if (!isThere) dead.push(what)
  }
  const targets = new Set<string>(initTargets)
  const known = new Set([...Object.keys(topics), ...Object.keys(commands)])
  for (const text of [...quoted, ...typed]) {
    const words = text.replace(/^(lr-s3-input|lrs3) /, '').split(/[ ,]+/)
    const [name = '', what = ''] = words
    if (name === 'help' && /^[a-z]/.test(what)) expect(known.has(what), text)
    if (name === 'init' && /^[a-z]/.test(what)) expect(targets.has(what), text)
    if (/^(lr-s3-input|lrs3) [a-z]/.test(text))
      expect(name === 'help' || Object.hasOwn(commands, name), text)
    if (!Object.hasOwn(commands, name)) continue
    const { options } = commands[name as keyof typeof commands]
    const its: readonly string[] = options
    for (const word of words)
      if (word.startsWith('--')) expect(its.includes(word.slice(2)), text)
  }
  t.ok(typed.filter(text => /^(lr-s3-input|lrs3) /.test(text)).length > 6)
  t.strictSame(dead, [])
})

// Keys of Fluent Bit's; an initial, and a second hump, make a setting.
const FOREIGN = ['StatefulSet', 'AccessDenied', 'GetTrailStatus', 'CloudTrail']
const isName = /^(?:[A-Z]+[a-z]+){2,}$/

t.test('every setting it names exists', async t => {
  const settings = new Set<string>(settingsTable.map(({ name }) => name))
  const named = quoted
    .map(text => text.replace(/=.*$/, ''))
    .filter(text => isName.test(text) && !FOREIGN.includes(text))
  t.ok(named.length > 20)
  t.strictSame(
    named.filter(name => !settings.has(name)),
    [],
  )
})

t.test('what it points to on this page is there', async t => {
  const heads = [...readme.matchAll(/^#+ (.+)$/gm)].map(([, head = '']) =>
    head
      .toLowerCase()
      .replaceAll(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  )
  for (const [, anchor = ''] of readme.matchAll(/\]\(#([^)]+)\)/g))
    t.ok(heads.includes(anchor), anchor)
})

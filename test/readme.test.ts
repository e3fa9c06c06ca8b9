// Holds the README to the code: its tables are made from the tables there.
// With UPDATE=1 in the environment they are written anew.

import { readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { commands } from '../src/commands/command-table.ts'
import { exitCodes } from '../src/report/outcome.ts'
import {
  envelopeMarkdown,
  fieldsMarkdown,
  heartbeatMarkdown,
} from './lib/readme/fields-markdown.ts'
import { settingsMarkdown } from './lib/readme/settings-markdown.ts'

const table = (head: string, rows: readonly string[]): string =>
  [head, '|---|---|', ...rows, ''].join('\n')

const blocks: Record<string, string> = {
  commands: table(
    '| command | does |',
    Object.entries(commands).map(
      ([name, { does }]) => `| \`${name}\` | ${does} |`,
    ),
  ),
  'exit codes': table(
    '| code | means |',
    exitCodes.map((means, code) => `| ${code} | ${means} |`),
  ),
  settings: settingsMarkdown(),
  envelope: envelopeMarkdown(),
  heartbeat: heartbeatMarkdown(),
  'fields CloudTrail': fieldsMarkdown('CloudTrail'),
  'fields VPCFlowLogs': fieldsMarkdown('VPCFlowLogs'),
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

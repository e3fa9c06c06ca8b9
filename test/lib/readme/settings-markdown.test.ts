import t from 'tap'
import { settingsMarkdown } from './settings-markdown.ts'
import { settingsTable } from '../../../src/settings/settings-table.ts'

t.test('makes a table with a row of four cells for each setting', t => {
  const [head, rule, ...rows] = settingsMarkdown().trimEnd().split('\n')
  t.equal(head, '| setting | range | default | meaning |')
  t.equal(rule, '|---|---|---|---|')
  t.same(
    rows.map(row => row.split(' | ')[0]),
    settingsTable.map(({ name }) => `| \`${name}\``),
  )
  for (const row of rows) t.equal(row.split('|').length, 6, row)
  t.end()
})

t.test('tells what is required, what is allowed and what is the default', t => {
  const text = settingsMarkdown()
  t.match(text, /\| `Region` \| [^|]*us-east-1 \| required \|/)
  t.match(text, '| `NoOfBackDaysData` | 1-7 | `1` |')
  t.match(text, '| `LogType` | CloudTrail or VPCFlowLogs | `CloudTrail` |')
  t.match(
    text,
    '| `Inclusions` | a comma list | `*.gz`; VPCFlowLogs: `*.gz,*.parquet` |',
  )
  t.match(text, '| `LogApiRequests` | true or false | `false` |')
  t.end()
})

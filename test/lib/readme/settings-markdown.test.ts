import t from 'tap'
import { changed, settingsMarkdown } from './settings-markdown.ts'

t.test('makes a table with a row of four cells for each of them', t => {
  const [head, rule, ...rows] = settingsMarkdown().trimEnd().split('\n')
  t.equal(head, '| setting | range | default | meaning |')
  t.equal(rule, '|---|---|---|---|')
  t.strictSame(
    rows.map(row => row.split(' | ')[0]),
    changed.map(name => `| \`${name}\``),
  )
  for (const row of rows) t.equal(row.split('|').length, 6, row)
  t.end()
})

t.test('tells what is allowed and what is the default', t => {
  const text = settingsMarkdown()
  t.match(text, '| `NoOfBackDaysData` | 1-7 | `1` |')
  t.match(text, '| `LogType` | CloudTrail or VPCFlowLogs | `CloudTrail` |')
  t.match(text, '| `EmitHeartbeat` | true or false | `false` |')
  t.end()
})

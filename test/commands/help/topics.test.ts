// Holds the manual in the program to the tables of the program: what a topic
// is about is all named in it, and what it names is there.

import t, { type Test } from 'tap'
import { commands } from '../../../src/commands/command-table.ts'
import { manual, topicText } from '../../../src/commands/help.ts'
import {
  envelope,
  fieldWords,
  type FieldWords,
} from '../../../src/commands/help/field-words.ts'
import {
  topics,
  type TopicName,
} from '../../../src/commands/help/topic-table.ts'
import { initTargets } from '../../../src/commands/init/targets.ts'
import { options } from '../../../src/commands/option-table.ts'
import { settingFacts } from '../../../src/settings/setting-kinds.ts'
import { cursorStatus } from '../../../src/commands/status/cursor-status.ts'
import { lockStatus } from '../../../src/commands/status/lock-status.ts'
import { emptyState } from '../../../src/cursor/cursor-state.ts'
import { heartbeatFields } from '../../../src/cycle/heartbeat.ts'
import { logTypes } from '../../../src/normalize/log-types.ts'
import { exitCodes } from '../../../src/report/outcome.ts'
import type { Setting } from '../../../src/settings/setting-kinds.ts'
import { settingsTable } from '../../../src/settings/settings-table.ts'

const COLUMNS = 100
const names = Object.keys(topics) as TopicName[]
const texts = new Map<TopicName, string>()
for (const name of names) texts.set(name, await topicText(name))
const textOf = (name: TopicName): string => texts.get(name) ?? ''

t.test('every topic of the contract is there, and listed', async t => {
  const wanted =
    'verify settings fields credentials proxy endpoints faults layouts shards files heartbeat exit-codes speed hosts troubleshooting'
  t.strictSame(names, wanted.split(' '))
  for (const [name, { about }] of Object.entries(topics))
    t.match(manual(), `\n  ${name.padEnd(17)}${about}\n`)
})

t.test('no line is wide, and each text ends its last one', async t => {
  for (const text of [manual(), ...texts.values()]) {
    t.match(text, /[^\n]\n$/)
    t.notMatch(text, /\n\n\n/, 'one empty line at most')
    const odd = text
      .split('\n')
      .filter(line => line.length > COLUMNS || line !== line.trimEnd())
    t.strictSame(odd, [])
  }
})

t.test('what a table lists is in its topic', async t => {
  const rows: readonly Setting[] = settingsTable
  for (const row of rows) {
    const { name, description } = row
    const entry = inOneLine(`${name} ${settingFacts(row)} ${description}`)
    once(t, inOneLine(textOf('settings')), ` ${entry} `, name)
  }
  const beat = inOneLine(textOf('heartbeat'))
  for (const { name, source, mark, example } of heartbeatFields) {
    const facts = `${typeof example}, ${mark}, ${example}`
    once(t, beat, inOneLine(` ${name}: ${facts} ${source} `), name)
  }
  const [every = '', ...parts] = fieldSections()
  const types = Object.values(logTypes)
  t.equal(parts.length, types.length)
  const sections: [string, readonly FieldWords[]][] = [
    [every, envelope],
    ...types.map(({ fields }, index): [string, readonly FieldWords[]] => [
      parts[index] ?? '',
      fields.map(row => fieldWords(row, plain)),
    ]),
  ]
  for (const [text, fields] of sections)
    for (const { name, source, type, mark, example } of fields) {
      const facts = `${type}, ${mark}, ${example}`
      once(t, text, inOneLine(` ${name}: ${facts} ${source} `), name)
    }
  exitCodes.forEach((means, code) => {
    t.match(inOneLine(textOf('exit-codes')), ` ${code} ${means} `)
  })
  const status = {
    ...cursorStatus(emptyState(), 0),
    ...lockStatus({ pid: 1, host: '', since: '', isStale: false }, 0),
  }
  for (const name of Object.keys(status))
    t.match(textOf('troubleshooting'), `\`${name}\``)
  for (const target of initTargets)
    t.match(textOf('hosts'), `lr-s3-input init ${target} `)
})

const plain = (name: string): string => name
const inOneLine = (text: string): string => text.replaceAll(/\s+/g, ' ')

function once(t: Test, text: string, entry: string, name: string): void {
  t.equal(text.split(entry).length - 1, 1, `${name}: ${entry}`)
}

// What every record has, then the log types, each with what follows it.
function fieldSections(): string[] {
  const heads = ['Every record', ...Object.keys(logTypes)]
  const text = textOf('fields')
  const starts = heads.map(head => text.indexOf(`\n${head}\n`))
  return starts.map((start, index) =>
    inOneLine(text.slice(start, starts[index + 1])),
  )
}

// Names of AWS's, of stores and of events.
const FOREIGN = new Set(
  `AccessDenied AssumeRole AssumedRole AwsApiCall CloudTrail
   GovCloud GetFederationToken GetSessionToken LogRhythm OpenSearch OpenTelemetry SlowDown
   StatefulSet StringEquals`.split(/\s+/),
)

t.test('every setting, command, topic and option it names exists', async t => {
  const settings = new Set<string>(settingsTable.map(({ name }) => name))
  const known = new Set<string>([...Object.keys(commands), ...names])
  const targets = new Set<string>(initTargets)
  const dead: string[] = []
  for (const [topic, text] of texts) {
    const expect = (isThere: boolean, what: string): void => {
      if (!isThere) dead.push(`${topic}: ${what}`)
    }
    for (const [, name = ''] of text.matchAll(/`help ([\w-]+)[^`]*`/g))
      expect(known.has(name), `help ${name}`)
    for (const [, name = ''] of text.matchAll(/`init ([\w-]+)[^`]*`/g))
      expect(targets.has(name), `init ${name}`)
    // A command of ours with its options.
    const used = /(?:`|lr-s3-input )([a-z]+)((?: -[^`\n]*)?)/g
    for (const [, name = '', rest = ''] of text.matchAll(used)) {
      if (!Object.hasOwn(commands, name)) continue
      const { options: own } = commands[name as keyof typeof commands]
      const its: readonly string[] = [...own, 'help']
      for (const [, option = ''] of rest.matchAll(/--([\w-]+)/g))
        expect(its.includes(option), `${name} --${option}`)
    }
    for (const [, option = ''] of text.matchAll(/`--([\w-]+)[^`]*`/g))
      expect(
        Object.hasOwn(options, option) || option === 'threads',
        `--${option}`,
      )
    for (const [name] of text.matchAll(CAMEL_CASE))
      expect(settings.has(name) || FOREIGN.has(name), name)
  }
  t.strictSame(dead, [])
})

// With two humps or more: what has one may be any word.
const CAMEL_CASE = /(?<![\w`.:/-])(?:[A-Z][a-z]+){2,}\b(?![\w:/.(-])/g

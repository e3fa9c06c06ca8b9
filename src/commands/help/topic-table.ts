// The one table of topics of the manual. The texts are loaded on demand, so that a
// cycle never evaluates them; parts that repeat a table of the program are made
// from that table.

import { heartbeatFields } from '../../cycle/heartbeat.ts'
import { logTypes } from '../../normalize/log-types.ts'
import { exitCodes } from '../../report/outcome.ts'
import { wrapped } from '../../report/words.ts'
import {
  sectionOf,
  settingFacts,
  type Setting,
} from '../../settings/setting-kinds.ts'
import { settingsTable } from '../../settings/settings-table.ts'
import { envelope, fieldWords, type FieldWords } from './field-words.ts'

interface Topic {
  /** Its line in the list of topics. */
  about: string
  text(): Promise<string>
}

const COLUMNS = 98

/** Lists the topics in the order of the help. */
export const topics = {
  verify: {
    about: 'the proof that everything was collected',
    text: async () => (await import('./topics/verify.ts')).verify,
  },
  settings: {
    about: 'each setting, its range and default',
    text: settingsText,
  },
  fields: {
    about: 'each output field and where its value comes from',
    text: fieldsText,
  },
  credentials: {
    about: 'where credentials come from, permissions, roles, keys in the ini',
    text: async () => (await import('./topics/credentials.ts')).credentials,
  },
  proxy: {
    about: 'how to go through a proxy',
    text: async () => (await import('./topics/proxy.ts')).proxy,
  },
  endpoints: {
    about: 'stores and addresses other than those of AWS',
    text: async () => (await import('./topics/endpoints.ts')).endpoints,
  },
  faults: {
    about: 'what happens when something goes wrong',
    text: async () => (await import('./topics/faults.ts')).faults,
  },
  layouts: {
    about: 'which folders are found, and when they are listed',
    text: async () => (await import('./topics/layouts.ts')).layouts,
  },
  shards: {
    about: 'several collectors on one bucket',
    text: async () => (await import('./topics/shards.ts')).shards,
  },
  files: {
    about: 'the files beside the ini and the program',
    text: async () => (await import('./topics/files.ts')).files,
  },
  heartbeat: {
    about: 'the record about the cycle itself',
    text: heartbeatText,
  },
  'exit-codes': {
    about: 'the meaning of each exit code, and probes',
    text: exitCodesText,
  },
  speed: {
    about: 'how fast it is, and what makes it faster or cheaper',
    text: async () => (await import('./topics/speed.ts')).speed,
  },
  hosts: {
    about: 'Fluent Bit, Vector, timers, Kubernetes; routing, repeats',
    text: async () => (await import('./topics/hosts.ts')).hosts,
  },
  troubleshooting: {
    about: 'symptoms and their cures',
    text: async () =>
      (await import('./topics/troubleshooting.ts')).troubleshooting,
  },
} as const satisfies Record<string, Topic>

export type TopicName = keyof typeof topics

/** Tells whether a word names a topic. */
export const isTopic = (word: string): word is TopicName =>
  Object.hasOwn(topics, word)

async function settingsText(): Promise<string> {
  const { settingsIntro, settingsNotes } = await import('./topics/settings.ts')
  const rows: readonly Setting[] = settingsTable
  const sections = new Map<string, string[]>()
  for (const row of rows) {
    const section = sectionOf(row)
    const lines = sections.get(section) ?? [`[${section}]`, '']
    const facts = settingFacts(row)
    lines.push(
      ...wrapped(facts, COLUMNS, `  ${row.name}  `, HANGING),
      ...wrapped(row.description, COLUMNS, HANGING),
      '',
    )
    sections.set(section, lines)
  }
  const all = [...sections.values()].flat().map(line => line.trimEnd())
  return [settingsIntro, ...all, settingsNotes].join('\n')
}

async function fieldsText(): Promise<string> {
  const { fieldsIntro, fieldsNotes } = await import('./topics/fields.ts')
  const types = Object.values(logTypes).flatMap(({ name, fields }) => [
    name,
    '',
    ...fieldLines(fields.map(row => fieldWords(row, plain))),
  ])
  const every = ['Every record', '', ...fieldLines(envelope)]
  return [fieldsIntro, ...every, ...types, fieldsNotes].join('\n')
}

async function heartbeatText(): Promise<string> {
  const { heartbeatIntro, heartbeatNotes } =
    await import('./topics/heartbeat.ts')
  const fields = heartbeatFields.map(field => ({
    ...field,
    type: typeof field.example,
    example: String(field.example),
  }))
  return [heartbeatIntro, ...fieldLines(fields), heartbeatNotes].join('\n')
}

async function exitCodesText(): Promise<string> {
  const { exitCodeNotes } = await import('./topics/exit-codes.ts')
  const codes = exitCodes.flatMap((means, code) =>
    wrapped(means, COLUMNS, `  ${code}  `, '     '),
  )
  return [...codes, '', exitCodeNotes].join('\n')
}

const HANGING = '      '
const plain = (name: string): string => name

function fieldLines(fields: readonly FieldWords[]): string[] {
  return fields.flatMap(({ name, source, type, mark, example }) => [
    ...wrapped(`${type}, ${mark}, ${example}`, COLUMNS, `  ${name}: `, HANGING),
    ...wrapped(source, COLUMNS, HANGING),
    '',
  ])
}

// Holds the configurations of the hosts, those that `init` prints and those
// that the manual shows, to each other and to the settings: the same command,
// interval and sizes. Each form is read by as little as it takes, since none is
// our own.

import { execFileSync } from 'node:child_process'
import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { topicText } from '../src/commands/help.ts'
import { envelope } from '../src/commands/help/field-words.ts'
import { init } from '../src/commands/init.ts'
import type { InitTarget } from '../src/commands/init/targets.ts'
import { findLogType } from '../src/normalize/log-types.ts'
import { parseSettings } from '../src/settings/parse-settings.ts'
import { silentReport } from './lib/silent-report.ts'

interface Section {
  name: string
  /** Keys in small letters. */
  keys: Record<string, string>
}

const example = readFileSync('plugin.conf.example', 'utf8')
const readme = readFileSync('README.md', 'utf8')
const manual = await topicText('hosts')
const PROGRAM = {
  node: '/usr/bin/node',
  program: '/opt/lr-s3-input/dist/lr-s3-input.cjs',
  threads: 2,
}

const print = (target: InitTarget): string =>
  init(
    { target, config: undefined, state: undefined, replicas: undefined },
    PROGRAM,
    silentReport(),
  )

const COMMAND =
  '/usr/bin/node /opt/lr-s3-input/dist/lr-s3-input.cjs collect --config /etc/lr-s3-input/awsS3CloudTrail.ini'
const TIMEOUT = 'timeout -k 5 45'
const INTERVAL = 60

/** Gives the only indented block of the manual that holds a text. */
function block(text: string): string {
  const found = manual
    .split('\n\n')
    .filter(part => part.startsWith(' '.repeat(4)) && part.includes(text))
  const [only] = found
  if (only === undefined || found.length > 1)
    throw new Error(`${found.length} blocks with ${text}`)
  const indent = /^ */.exec(only)?.[0] ?? ''
  return only.replaceAll(new RegExp(`^${indent}`, 'gm'), '')
}

/** Reads `[NAME]` and lines with a key and a value, with `hasTop` before the first name too; throws on what else is there. */
function sections(text: string, separator: RegExp, hasTop = false): Section[] {
  const read: Section[] = hasTop ? [{ name: '', keys: {} }] : []
  for (const line of text.split('\n').map(line => line.trim())) {
    if (line === '' || line.startsWith('#')) continue
    const name = /^\[([\w.]+)\]$/.exec(line)?.[1]
    const [key = '', ...value] = line.split(separator)
    const last = read.at(-1)
    if (name !== undefined) read.push({ name: name.toLowerCase(), keys: {} })
    else if (last && value.length === 1 && !(key in last.keys))
      last.keys[key.toLowerCase()] = value[0] ?? ''
    else throw new Error(`cannot read ${line}`)
  }
  return read
}

const BLANKS = /(?<=^\S+)\s+/
const EQUALS = /(?<=^[\w.]+)\s*=\s*/

const find = (all: readonly Section[], name: string): Section['keys'] => {
  const found = all.filter(section => section.name === name)
  const [only] = found
  if (only === undefined || found.length > 1)
    throw new Error(`${found.length} sections ${name}`)
  return only.keys
}

/** Reads YAML of maps, lists of maps and plain values as `path.key` → value. */
function yaml(text: string): Record<string, string> {
  const values: Record<string, string> = {}
  const path: string[] = []
  for (const line of text.split('\n').filter(Boolean)) {
    if (/^\s*#/.test(line)) continue
    const part = /^((?:  )*)(- )?([\w.]+):(?: (.*))?$/.exec(line)
    if (!part) throw new Error(`cannot read ${line}`)
    const [, indent = '', dash = '', key = '', value] = part
    // The dash takes a place of its own, without a name.
    path.length = (indent.length + dash.length) / 2
    if (value === undefined) path.push(key)
    else values[[...path, key].join('.')] = value.replace(/^"(.*)"$/, '$1')
  }
  return values
}

/** Counts the bytes of a size as Fluent Bit reads it: K and M are decimal. */
function bytesOf(size: string | undefined): number {
  const [, digits, unit = ''] = /^(\d+)([KMG]?)$/.exec(size ?? '') ?? []
  return Number(digits) * 1000 ** ' KMG'.indexOf(unit || ' ')
}

const folder = t.testdir({})
copyFileSync('plugin.conf.example', join(folder, 'plugin.conf.example'))
const splitting = readme.split('\n').filter(line => line.startsWith('sed '))
execFileSync('sh', ['-ec', splitting.join('\n')], { cwd: folder })
const fileOf = (name: string): Section[] =>
  sections(readFileSync(join(folder, name), 'utf8'), BLANKS)
const main = fileOf('lr-s3-input.conf')
const service = find(main, 'service')
const input = find(main, 'input')
const output = find(main, 'output')
const parsers = fileOf('lr-s3-input-parsers.conf')
const parser = find(parsers, 'parser')

const { settings } = parseSettings(
  Buffer.from('Region=us-east-1\nBucketName=logs\n'),
  'an.ini',
)

t.test('plugin.conf.example is two files, as Fluent Bit wants', async t => {
  t.strictSame(
    main.map(({ name }) => name),
    ['service', 'input', 'output'],
  )
  t.equal(parsers.length, 1)
  t.equal(service['parsers_file'], 'lr-s3-input-parsers.conf')
  t.equal(input['parser'], parser['name'])
  t.equal(splitting.length, 2)
  for (const line of splitting)
    t.ok(example.includes(`#   ${line}\n`), 'its head says how, as the README')
})

t.test('it loses nothing that a host can keep', async t => {
  t.match(input, {
    name: 'exec',
    threaded: 'off',
    'storage.type': 'filesystem',
  })
  t.match(output, { retry_limit: 'no_limits', match: input['tag'] })
  t.match(parser, { format: 'json', time_key: 'normal_msg_date' })
  t.notOk('mem_buf_limit' in input)
  t.notOk('storage.pause_on_chunks_overlimit' in input)
  t.ok(bytesOf(output['storage.total_limit_size']) >= 1e9)
  t.match(service['storage.path'], /^\//)
})

t.test('its sizes and times fit the settings', async t => {
  t.ok(bytesOf(input['buf_size']) > settings.MaxRecordBytes)
  t.equal(input['command'], `exec ${TIMEOUT} ${COMMAND}`)
  t.equal(Number(input['interval_sec']), INTERVAL)
  const [kill = 0, limit = 0] = TIMEOUT.split(' ').slice(2).map(Number)
  t.ok(limit >= 2 * settings.MaxCycleSeconds)
  t.ok(limit + kill < INTERVAL)
})

t.test('every key has its reason', async t => {
  const plain = /^ +(Name|Match|Format) /
  const lines = example.split('\n').filter(line => line.startsWith(' '))
  lines.forEach((line, index) => {
    const isKey = !line.trim().startsWith('#')
    const isExplained = lines[index - 1]?.trim().startsWith('#')
    if (isKey && !plain.test(line)) t.ok(isExplained, line.trim())
  })
})

t.test('the YAML says the same', async t => {
  const values = yaml(print('fluent-bit-yaml'))
  const switches: Record<string, string> = { true: 'on', false: 'off' }
  const said: Record<string, Record<string, string>> = {}
  for (const [path, value] of Object.entries(values)) {
    const [, part = '', key = ''] =
      /^(service|parsers|pipeline\.inputs|pipeline\.outputs)\.+(.*)$/.exec(
        path,
      ) ?? []
    ;(said[part] ??= {})[key] = switches[value] ?? value
  }
  const { parsers_file: file, ...rest } = service
  t.ok(file)
  t.strictSame(said, {
    service: rest,
    parsers: { ...parser, time_keep: 'on' },
    'pipeline.inputs': input,
    'pipeline.outputs': output,
  })
})

t.test("Vector's source runs the same, as often", async t => {
  const toml = sections(print('vector'), EQUALS, true)
  const source = find(toml, 'sources.aws_s3')
  t.strictSame(JSON.parse(source['command'] ?? ''), COMMAND.split(' '))
  t.match(source, {
    type: '"exec"',
    mode: '"streaming"',
    include_stderr: 'false',
    'decoding.codec': '"json"',
  })
  const pause = find(toml, 'sources.aws_s3.streaming')
  t.equal(Number(pause['respawn_interval_secs']), INTERVAL)
  t.equal(pause['respawn_on_exit'], 'true')
  t.match(find(toml, 'transforms.aws_s3_time')['source'], parser['time_key'])
  const sink = find(toml, 'sinks.siem')
  t.ok(Number(sink['batch.max_bytes']) > settings.MaxRecordBytes)
  t.match(sink, { 'buffer.type': '"disk"', 'buffer.when_full': '"block"' })

  const { sources } = parse(block('mode: scheduled')) as {
    sources: { aws_s3: Record<string, unknown> }
  }
  const { aws_s3: scheduled } = sources
  t.match(scheduled, {
    command: [...COMMAND.split(' ').slice(0, -1), 'FILE'],
    include_stderr: false,
    decoding: { codec: 'json' },
  })
  const { exec_interval_secs: seconds } = scheduled['scheduled'] as {
    exec_interval_secs: number
  }
  t.ok(seconds >= 2 * settings.MaxCycleSeconds)
})

t.test('the timer and cron run the same, as often', async t => {
  const units = sections(
    print('systemd').replaceAll(/^ReadWritePaths.*\n/gm, ''),
    EQUALS,
  )
  const unit = units.find(({ name }) => name === 'service')?.keys
  t.ok(unit?.['execstart']?.startsWith(`${COMMAND} --state /var/lib/`))
  t.equal(unit?.['type'], 'oneshot')
  t.equal(
    `timeout -k ${unit?.['timeoutstopsec']} ${unit?.['timeoutstartsec']}`,
    TIMEOUT,
  )
  t.equal(Number(find(units, 'timer')['onunitinactivesec']), INTERVAL)
  const lines = print('cron').split('\n')
  const [cron = '', ...more] = lines.filter(line => /^[^#]/.test(line))
  t.strictSame(more, [])
  t.ok(cron.startsWith(`* * * * * ${TIMEOUT} ${COMMAND} >>`))
})

t.test('what is to be pasted downstream names what is there', async t => {
  const filter = block('rewrite_tag').replaceAll(/^ +/gm, '')
  t.match(filter, new RegExp(`^Match +${input['tag']}$`, 'm'))
  t.match(filter, /^Emitter_Storage\.type +filesystem$/m)
  const [, buffer] = /^Emitter_Mem_Buf_Limit +(\S+)$/m.exec(filter) ?? []
  t.ok(bytesOf(buffer) >= 2 * settings.MaxCycleMegabytes * 2 ** 20)
  for (const name of ['CloudTrail', 'VPCFlowLogs'] as const) {
    const { deviceType } = findLogType(name)
    t.match(filter, `$device_type ^${deviceType}$ `)
    t.match(block('"route"'), `.device_type == "${deviceType}"`)
  }
  const fields = new Set(envelope.map(({ name }) => name))
  const once = find(sections(block('dedupe'), EQUALS), 'transforms.aws_s3_once')
  for (const name of JSON.parse(once['fields.match'] ?? '') as string[])
    t.ok(fields.has(name), name)
  const es = find(sections(block('Id_Key'), BLANKS), 'output')
  t.equal(es['id_key'], 'serialnumber', 'which every record has')
  t.equal(es['write_operation'], 'index', 'a repeat overwrites itself')
  t.notOk('generate_id' in es, 'it is ignored beside Id_Key')
  t.equal(es['match'], input['tag'])
})

t.test('the recipes of others follow what init makes', async t => {
  const { receivers, service: pipes } = parse(block('filelog:')) as {
    receivers: { filelog: Record<string, unknown> }
    service: { pipelines: { logs: Record<string, unknown> } }
  }
  const { filelog } = receivers
  const [, mebibytes] = /^(\d+)MiB$/.exec(String(filelog['max_log_size'])) ?? []
  t.ok(Number(mebibytes) * 2 ** 20 > settings.MaxRecordBytes)
  const [, file] = /^StandardOutput=append:(.+)$/m.exec(print('systemd')) ?? []
  t.strictSame(filelog['include'], [`${file}*`], 'rotated ones too')
  t.match(filelog['operators'], [
    {
      type: 'json_parser',
      timestamp: {
        parse_from: `attributes.${parser['time_key']}`,
        layout: parser['time_format'],
      },
    },
  ])
  t.match(pipes.pipelines.logs, { receivers: ['filelog'] })
  const cribl = block('Collect script')
  t.match(cribl, `exec ${TIMEOUT} COMMAND`)
  t.match(cribl, `"${parser['time_key']}":"`)
  t.match(cribl, ` ${parser['time_format']}`)
  const [, bytes] = /^Max event bytes +(\d+)/m.exec(cribl) ?? []
  t.ok(Number(bytes) > settings.MaxRecordBytes)
})

t.test('the pod keeps what must outlive it', async t => {
  const pod = print('kubernetes')
  t.match(pod, /^ {2}replicas: 1$/m)
  const [, grace] = /terminationGracePeriodSeconds: (\d+)/.exec(pod) ?? []
  const longest = settings.MaxCycleSeconds + Number(service['grace'])
  t.ok(Number(grace) > longest)
  const [, state = '-'] = /name: state, mountPath: ([^}]+)\}/.exec(pod) ?? []
  t.ok(service['storage.path']?.startsWith(`${state}/`))
  t.match(pod, ` --state ${state}/`)
})

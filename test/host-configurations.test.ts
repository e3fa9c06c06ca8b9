// Holds the configurations of the hosts, in plugin.conf.example and in the
// README, to each other and to the settings: the same command, interval and
// sizes. Each form is read by as little as it takes, since none is our own.

import { execFileSync } from 'node:child_process'
import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { findLogType } from '../src/normalize/log-types.ts'
import { parseSettings } from '../src/settings/parse-settings.ts'

interface Section {
  name: string
  /** Keys in small letters. */
  keys: Record<string, string>
}

const example = readFileSync('plugin.conf.example', 'utf8')
const readme = readFileSync('README.md', 'utf8')
const hosts = readme.slice(
  readme.indexOf('\n## Hosts'),
  readme.indexOf('\n## What is promised'),
)

const COMMAND =
  '/usr/bin/node /opt/lr-s3-input/dist/lr-s3-input.cjs collect --config /etc/lr-s3-input/awsS3CloudTrail.ini'
const TIMEOUT = 'timeout -k 5 45'
const INTERVAL = 60

/** Gives the only block of this kind in the README that holds a text. */
function block(language: string, text: string): string {
  const found = hosts
    .split(`\n\`\`\`${language}\n`)
    .slice(1)
    .map(rest => rest.slice(0, rest.indexOf('\n```') + 1))
    .filter(body => body.includes(text))
  const [only] = found
  if (only === undefined || found.length > 1)
    throw new Error(`${found.length} ${language} blocks with ${text}`)
  return only
}

/** Reads `[NAME]` and lines with a key and a value; throws on what else is there. */
function sections(text: string, separator: RegExp): Section[] {
  const read: Section[] = []
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
const splitting = block('sh', 'fluent-bit -c')
execFileSync('sh', ['-ec', splitting.replace('fluent-bit -c', 'test -s')], {
  cwd: folder,
})
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
  for (const line of splitting.split('\n').filter(Boolean))
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

t.test('the YAML of the README says the same', async t => {
  const values = yaml(block('yaml', 'pipeline:'))
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
  const toml = sections(block('toml', '[sources.aws_s3]'), EQUALS)
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

  const scheduled = yaml(block('yaml', 'mode: scheduled'))
  const at = (key: string): string => scheduled[`sources.aws_s3.${key}`] ?? ''
  t.strictSame(JSON.parse(at('command')), COMMAND.split(' '))
  const seconds = Number(at('scheduled.exec_interval_secs'))
  t.ok(seconds >= 2 * settings.MaxCycleSeconds)
  t.equal(at('include_stderr'), 'false')
  t.equal(at('decoding.codec'), 'json')
})

t.test('the timer and cron run the same, as often', async t => {
  const units = sections(block('ini', 'ExecStart'), EQUALS)
  const unit = units.find(({ name }) => name === 'service')?.keys
  t.equal(unit?.['execstart'], `/usr/bin/${TIMEOUT} ${COMMAND}`)
  t.equal(unit?.['type'], 'oneshot')
  t.equal(Number(find(units, 'timer')['onunitinactivesec']), INTERVAL)
  const [cron = '', ...more] = block('cron', TIMEOUT).trim().split('\n')
  t.strictSame(more, [])
  t.ok(cron.startsWith(`* * * * * ${TIMEOUT} ${COMMAND} >>`))
})

t.test('what is to be pasted downstream names what is there', async t => {
  const filter = block('conf', 'rewrite_tag').replace(/^ +/gm, '')
  t.match(filter, new RegExp(`^Match +${input['tag']}$`, 'm'))
  t.match(filter, /^Emitter_Storage\.type +filesystem$/m)
  for (const name of ['CloudTrail', 'VPCFlowLogs'] as const) {
    const { deviceType } = findLogType(name)
    t.match(filter, `$device_type ^${deviceType}$ `)
    t.match(block('toml', '"route"'), `.device_type == "${deviceType}"`)
  }
  const fields = new Set(
    [...readme.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name),
  )
  const once = find(
    sections(block('toml', 'dedupe'), EQUALS),
    'transforms.aws_s3_once',
  )
  for (const name of JSON.parse(once['fields.match'] ?? '') as string[])
    t.ok(fields.has(name), name)
  const es = find(sections(block('conf', 'Id_Key'), BLANKS), 'output')
  t.equal(es['id_key'], 'serialnumber', 'which every record has')
  t.equal(es['write_operation'], 'index', 'a repeat overwrites itself')
  t.notOk('generate_id' in es, 'it is ignored beside Id_Key')
  t.equal(es['match'], input['tag'])
})

t.test('the pod keeps what must outlive it', async t => {
  const pod = block('yaml', 'StatefulSet')
  t.match(pod, /^ {2}replicas: 1$/m)
  const [, grace] = /terminationGracePeriodSeconds: (\d+)/.exec(pod) ?? []
  const longest = settings.MaxCycleSeconds + Number(service['grace'])
  t.ok(Number(grace) > longest)
  const [, state = '-'] = /name: state, mountPath: ([^}]+)\}/.exec(pod) ?? []
  t.ok(service['storage.path']?.startsWith(`${state}/`))
  t.ok(hosts.includes(`StateFile=${state}/`))
})

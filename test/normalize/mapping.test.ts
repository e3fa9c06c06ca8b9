import t from 'tap'
import { JsonReader } from '../../src/decode/read-json.ts'
import { isPresent } from '../../src/decode/values.ts'
import { wantedRecord } from '../../src/decode/wanted.ts'
import { LineBytes } from '../../src/normalize/line-bytes.ts'
import { findLogType } from '../../src/normalize/log-types.ts'
import { computed, pathsOf, row } from '../../src/normalize/mapping.ts'
import { memberWriter } from '../../src/normalize/members.ts'

// From `time` on a name has uses of its own in Fluent Bit or Vector.
const reserved = new Set(
  `beatname device_type msgsource s3_object s3_record original_message truncated
  original_bytes time timestamp stream pid host command source_type exec date`.split(
    /\s+/,
  ),
)

for (const name of ['CloudTrail', 'VPCFlowLogs'] as const)
  t.test(`the ${name} table`, async t => {
    const { fields } = findLogType(name)
    const names = fields.flatMap(field => field.names)
    t.equal(new Set(names).size, names.length, 'each field has one row')
    t.strictSame(fields[0]?.names, ['normal_msg_date'])
    for (const one of names) {
      t.match(one, /^[a-z][a-z0-9_]*$/)
      t.notOk(reserved.has(one), one)
    }
    for (const { from, compute, about, kind, names } of fields) {
      t.equal(compute !== undefined, about !== undefined)
      t.ok(from.length > 0)
      t.equal(names.length, kind === 'ip-else-name' ? 2 : names.length)
    }
  })

t.test('blank and dash are nothing', async t => {
  const nothing = [undefined, null, '', '-']
  for (const value of nothing) t.notOk(isPresent(value))
  const something = [
    ' ',
    '\t\n',
    '\u00a0',
    '\u2028',
    '--',
    'a',
    '!',
    '"',
    ' -',
    '0',
    'é',
    '\0',
    0,
    false,
    {},
    [],
  ]
  for (const value of something) t.ok(isPresent(value))
})

t.test('a table of every kind of row', async t => {
  const rows = [
    row('time', 'normal_msg_date', ['at', 'b.at'], 'C', ''),
    row('number', 'count', ['b.count'], 'C', ''),
    row('number', 'large', ['b.large'], 'C', ''),
    row('unix-time', 'timestart', ['b.start'], 'C', ''),
    row('text', 'one, two', ['b.list[0].name', 'b.list'], 'C', ''),
    row('other-ip', 'other', ['b.ip', 'b.own'], 'C', ''),
    row('ip-else-name', 'ip, name', ['b.own'], 'C', ''),
    {
      ...row('text', 'guarded', ['b.list[0].name', 'b.ip'], 'C', ''),
      only: { source: 'b.list[0].name', path: 'b.own', is: '10.0.0.2' },
    },
    computed('sum', ['x', 'y', 'nowhere'], 'C', '', '', sources => [
      sources.get(0),
      sources.get(1),
      sources.has(2),
    ]),
  ]
  const paths = rows.flatMap(pathsOf)
  const reader = new JsonReader(
    wantedRecord(paths.filter(path => path !== 'nowhere')),
  )
  const write = memberWriter(rows)
  const map = (record: object): unknown => {
    reader.read(Buffer.from(JSON.stringify(record)), 0)
    const line = new LineBytes(8)
    write(reader.values, line)
    const members = line.buffer.toString('utf8', 0, line.length - 1)
    return JSON.parse(`{${members}}`)
  }
  const record = {
    at: 'never',
    x: '-',
    b: {
      at: '2023-07-10T11:42:06Z',
      count: 7,
      large: '18446744073709551616',
      start: '1620140661',
      list: [{ name: 'n\n"' }, { name: 'm' }],
      ip: '10.0.0.1',
      own: '10.0.0.2',
    },
  }
  t.strictSame(map(record), {
    normal_msg_date: '2023-07-10T11:42:06.000Z',
    timestart: '2021-05-04T15:04:21.000Z',
    one: 'n\n"',
    two: 'n\n"',
    other: '10.0.0.1',
    ip: '10.0.0.2',
    guarded: 'n\n"',
    sum: '[null,null,false]',
    count: 7,
    large: '18446744073709551616',
  })
  const { b } = record
  t.match(map({ b: { ...b, own: '10.0.0.1' } }), {
    other: undefined,
    guarded: '10.0.0.1',
  })
  t.match(map({ b: { ...b, ip: 'host', own: 'h\\' } }), {
    other: undefined,
    name: 'h\\',
  })
  t.strictSame(map({ b: { list: 'text' } }), {
    one: 'text',
    two: 'text',
    sum: '[null,null,false]',
  })
})

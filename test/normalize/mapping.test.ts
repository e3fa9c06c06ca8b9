import t from 'tap'
import { findLogType } from '../../src/normalize/log-types.ts'
import { computed, row } from '../../src/normalize/mapping.ts'
import { isPresent } from '../../src/normalize/members.ts'
import { objectMapping } from '../../src/normalize/object-mapping.ts'

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
      t.ok(from.length > 0 && (compute === undefined || from.length < 4))
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
  const map = objectMapping([
    row('time', 'normal_msg_date', ['at', 'b.at'], 'C', ''),
    row('number', 'count', ['b.count'], 'C', ''),
    row('unix-time', 'timestart', ['b.start'], 'C', ''),
    row('text', 'one, two', ['b.list[0].name', 'b.list'], 'C', ''),
    computed('sum', ['x', 'y'], 'C', '', '', (x, y) => [x, y]),
  ])
  const record = {
    at: 'never',
    x: '-',
    b: {
      at: '2023-07-10T11:42:06Z',
      count: 7,
      start: '1620140661',
      list: [{ name: 'n' }, { name: 'm' }],
    },
  }
  t.same(JSON.parse(`{${map(record).members}}`), {
    normal_msg_date: '2023-07-10T11:42:06.000Z',
    timestart: '2021-05-04T15:04:21.000Z',
    one: 'n',
    two: 'n',
    sum: '[null,null]',
    count: 7,
  })
  t.equal(map(record).time, '2023-07-10T11:42:06.000Z')
  t.same(JSON.parse(`{${map({ b: { list: 'text' } }).members}}`), {
    one: 'text',
    two: 'text',
    sum: '[null,null]',
  })
  t.throws(() => objectMapping([]), TypeError)
})

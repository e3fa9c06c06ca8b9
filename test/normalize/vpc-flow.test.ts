// Expected values are worked out by hand from the line and the published table;
// the last tests compare every sample line with a naive reading of that table.
import { isIP } from 'node:net'
import fc from 'fast-check'
import t from 'tap'
import { DecodeError } from '../../src/decode/decode-error.ts'
import { fixtureText } from './fixture-records.ts'
import { membersOf, type JsonObject } from './members-of.ts'

const version2 =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status'

function fields(line: string, header = version2): JsonObject {
  // A header is one by a field name that AWS documents.
  const known = `${header} tcp-flags`
  return membersOf('VPCFlowLogs', `${known}\n${line} -\n`) ?? {}
}

function fixture(path: string, line: number): JsonObject {
  const lines = fixtureText(`vpcflow/${path}`).split('\n')
  return fields(lines[line] ?? '', lines[0])
}

t.test('accepted and rejected traffic', async t => {
  const common = {
    account: '123456789010',
    dport: 443,
    packets: 20,
    bytes: 1680,
    protnum: 6,
    protname: 'TCP',
    sport: 49152,
    sip: '192.0.2.1',
    dip: '198.51.100.1',
    version: '2',
    status: 'OK',
    tag2: 'OK',
  }
  t.strictSame(fixture('flowlogs-reader/v2_records.log', 2), {
    ...common,
    normal_msg_date: '2015-08-12T13:47:45.000Z',
    timestart: '2015-08-12T13:47:44.000Z',
    timeend: '2015-08-12T13:47:45.000Z',
    action: 'ACCEPT',
    tag1: 'ACCEPT',
    dinterface: 'eni-102010ab',
  })
  t.strictSame(fixture('flowlogs-reader/v2_records.log', 3), {
    ...common,
    normal_msg_date: '2015-08-12T13:47:46.000Z',
    timestart: '2015-08-12T13:47:43.000Z',
    timeend: '2015-08-12T13:47:46.000Z',
    action: 'REJECT',
    tag1: 'REJECT',
    dinterface: 'eni-102010cd',
  })
})

t.test('records without data', async t => {
  const common = {
    normal_msg_date: '2015-05-10T18:02:14.000Z',
    timestart: '2015-05-10T18:01:16.000Z',
    timeend: '2015-05-10T18:02:14.000Z',
    account: '123456789010',
    version: '2',
  }
  t.strictSame(fixture('flowlogs-reader/v2_records.log', 4), {
    ...common,
    dinterface: 'eni-1a2b3c4d',
    status: 'NODATA',
    tag2: 'NODATA',
  })
  t.strictSame(fixture('flowlogs-reader/v2_records.log', 5), {
    ...common,
    dinterface: 'eni-4b118871',
    status: 'SKIPDATA',
    tag2: 'SKIPDATA',
  })
})

t.test('columns in an order of their own, behind NAT', async t => {
  const version3 = {
    normal_msg_date: '2019-09-12T15:00:25.000Z',
    timestart: '2019-09-12T14:59:27.000Z',
    timeend: '2019-09-12T15:00:25.000Z',
    account: '000000000000',
    bytes: 6392,
    dip: '172.18.160.93',
    dport: 47460,
    object: 'i-06f9249b',
    objecttype: 'instance',
    packets: 10,
    snatip: '192.168.0.1',
    protnum: 6,
    protname: 'TCP',
    sip: '172.18.160.68',
    sport: 443,
    version: '3',
    domainimpacted: 'vpc-0461a061',
  }
  t.strictSame(fixture('flowlogs-reader/v3.log', 1), version3)
  t.strictSame(fixture('flowlogs-reader/v4.log', 1), {
    ...version3,
    version: '4',
  })
  t.strictSame(fixture('flowlogs-reader/v5.log', 2), {
    normal_msg_date: '2021-03-04T14:01:51.000Z',
    timestart: '2021-03-04T14:01:33.000Z',
    timeend: '2021-03-04T14:01:51.000Z',
    account: '999999999999',
    action: 'ACCEPT',
    tag1: 'ACCEPT',
    bytes: 3015,
    dip: '198.51.100.6',
    dport: 443,
    subject: 'egress',
    object: 'i-00123456789abcdef',
    objecttype: 'instance',
    dinterface: 'eni-00123456789abcdef',
    status: 'OK',
    tag2: 'OK',
    packets: 16,
    dnatip: '198.51.100.7',
    protnum: 6,
    protname: 'TCP',
    sip: '192.0.2.156',
    sport: 50318,
    version: '5',
    domainimpacted: 'vpc-04456ab739938ee3f',
  })
})

t.test('a container task and a transit gateway', async t => {
  const times = {
    normal_msg_date: '2023-11-14T22:14:20.000Z',
    timestart: '2023-11-14T22:13:20.000Z',
    timeend: '2023-11-14T22:14:20.000Z',
  }
  t.strictSame(fixture('otel/valid_vpc_flow_log_ecs.log', 1), {
    ...times,
    version: '5',
    account: '123456789012',
    dinterface: 'eni-0abc1234def567890',
    sip: '10.0.1.100',
    dip: '10.0.2.200',
    sport: 49152,
    dport: 22,
    protnum: 6,
    protname: 'TCP',
    packets: 15,
    bytes: 3500,
    action: 'ACCEPT',
    tag1: 'ACCEPT',
    status: 'OK',
    tag2: 'OK',
    object: 'arn:aws:ecs:us-east-1:123456789012:task/my-cluster/abcdef',
    objecttype: 'ecs-task',
  })
  t.strictSame(fixture('otel/valid_tgw_flow_log.log', 1), {
    ...times,
    version: '6',
    account: '123456789012',
    sip: '10.0.0.1',
    dip: '10.0.1.1',
    sport: 12345,
    dport: 443,
    protnum: 6,
    protname: 'TCP',
    packets: 10,
    bytes: 1000,
    status: 'OK',
    tag2: 'OK',
    subject: 'ingress',
    sinterface: 'eni-0abc12345def67890',
    dinterface: 'eni-0def12345abc67890',
    domainorigin: 'vpc-0abc12345def67890',
    domainimpacted: 'vpc-0def12345abc67890',
    object: 'tgw-attach-0abc12345def67890',
  })
  t.strictSame(fixture('flowlogs-reader/v6.log', 1), {
    sinterface: '00000008',
    dinterface: '00000009',
    domainorigin: '00000004',
    domainimpacted: '00000005',
    object: '00000001',
    objecttype: 'TransitGateway',
  })
})

t.test('a transit gateway in its default format of 36 fields', async t => {
  const header = `version resource-type account-id tgw-id tgw-attachment-id
    tgw-src-vpc-account-id tgw-dst-vpc-account-id tgw-src-vpc-id tgw-dst-vpc-id
    tgw-src-subnet-id tgw-dst-subnet-id tgw-src-eni tgw-dst-eni tgw-src-az-id
    tgw-dst-az-id tgw-pair-attachment-id srcaddr dstaddr srcport dstport
    protocol packets bytes start end log-status type packets-lost-no-route
    packets-lost-blackhole packets-lost-mtu-exceeded packets-lost-ttl-expired
    tcp-flags region flow-direction pkt-src-aws-service
    pkt-dst-aws-service`.split(/\s+/)
  const line = `6 TransitGateway 111122223333 tgw-01 tgw-attach-02 444455556666
    777788889999 vpc-03 vpc-04 subnet-05 subnet-06 eni-07 eni-08 usw2-az1
    usw2-az2 tgw-attach-09 10.0.0.1 2001:db8::2 443 52731 6 12 3456 1700000000
    1700000060 OK IPv6 1 2 3 4 24 us-west-2 egress - S3`.split(/\s+/)
  t.equal(header.length, 36)
  const expected = {
    normal_msg_date: '2023-11-14T22:14:20.000Z',
    timestart: '2023-11-14T22:13:20.000Z',
    timeend: '2023-11-14T22:14:20.000Z',
    version: '6',
    account: '111122223333',
    sip: '10.0.0.1',
    dip: '2001:db8::2',
    sport: 443,
    dport: 52731,
    protnum: 6,
    protname: 'TCP',
    packets: 12,
    bytes: 3456,
    status: 'OK',
    tag2: 'OK',
    sinterface: 'eni-07',
    dinterface: 'eni-08',
    domainorigin: 'vpc-03',
    domainimpacted: 'vpc-04',
    object: 'tgw-attach-02',
    objecttype: 'TransitGateway',
    subject: 'egress',
  }
  t.strictSame(fields(line.join(' '), header.join(' ')), expected)
  const turned = [line.toReversed().join(' '), header.toReversed().join(' ')]
  t.strictSame(fields(turned[0] ?? '', turned[1]), expected)
  // Of nothing that flowed.
  const idle = header.map((name, i) =>
    /^(version|resource|account|tgw-(id|att)|start|end|region)/.test(name)
      ? (line[i] ?? '')
      : name === 'log-status'
        ? 'NODATA'
        : '-',
  )
  t.strictSame(fields(idle.join(' '), header.join(' ')), {
    normal_msg_date: expected.normal_msg_date,
    timestart: expected.timestart,
    timeend: expected.timeend,
    version: '6',
    account: '111122223333',
    status: 'NODATA',
    tag2: 'NODATA',
    object: 'tgw-attach-02',
    objecttype: 'TransitGateway',
  })
})

t.test('IPv6, a resource, a reason and odd values', async t => {
  const header = `${version2} pkt-srcaddr pkt-dstaddr reject-reason instance-id resource-id`
  t.strictSame(
    fields(
      '10 123456789010 - 2001:db8::1 unknown 99999 x 58 18446744073709551616 0042 - 1477913820 REJECT OK pkt 2001:db8::2 BPA - nat-0123',
      header,
    ),
    {
      normal_msg_date: '2016-10-31T11:37:00.000Z',
      timeend: '2016-10-31T11:37:00.000Z',
      version: '10',
      account: '123456789010',
      sip: '2001:db8::1',
      dname: 'unknown',
      sport: 99999,
      protnum: 58,
      protname: 'IPv6-ICMP',
      packets: '18446744073709551616',
      bytes: 42,
      action: 'REJECT',
      tag1: 'REJECT',
      status: 'OK',
      tag2: 'OK',
      dnatip: '2001:db8::2',
      reason: 'BPA',
      object: 'nat-0123',
      objecttype: 'resource',
    },
  )
})

t.test('the value of one field changes no other field', async t => {
  t.match(fields('10.0.0.1 10.0.0.2 "x"', 'srcaddr pkt-srcaddr action'), {
    sip: '10.0.0.1',
    snatip: '10.0.0.2',
    action: '"x"',
  })
})

t.test('without a readable end the start dates the record', async t => {
  t.match(fields('1620140661 x', 'start end'), {
    normal_msg_date: '2021-05-04T15:04:21.000Z',
    timestart: '2021-05-04T15:04:21.000Z',
  })
  t.strictSame(fields('0 99999999999', 'start end'), {})
})

t.test('records without a date, a text or a number are valid JSON', async t => {
  t.strictSame(fields('5 x', 'bytes action'), {
    bytes: 5,
    action: 'x',
    tag1: 'x',
  })
  t.strictSame(fields('5 6', 'bytes packets'), { bytes: 5, packets: 6 })
  t.strictSame(fields('-', 'bytes'), {})
  t.strictSame(fields('x', 'unheard-of'), {})
})

t.test('columns may change from one row to the next', async t => {
  t.strictSame(fields('1 2', 'bytes packets'), { bytes: 1, packets: 2 })
  t.strictSame(fields('1 2', 'packets bytes'), { bytes: 2, packets: 1 })
})

const table = `
action action text
tag1 action text
account account-id text
bytes bytes number
dport dstport number
dinterface interface-id,tgw-dst-eni text
sinterface tgw-src-eni text
domainorigin tgw-src-vpc-id text
status log-status text
tag2 log-status text
packets packets number
protnum protocol number
sport srcport number
version version text
timestart start time
timeend end time
reason reject-reason text
domainimpacted vpc-id,tgw-dst-vpc-id text
subject flow-direction text`
  .trim()
  .split('\n')
  .map(row => row.split(' '))

const protocols: Record<string, string> = { 6: 'TCP', 17: 'UDP', 1: 'ICMP' }

const time = (value: string | undefined): string | undefined =>
  value && new Date(Number(value) * 1000).toISOString()

function naiveFields(header: string, line: string): JsonObject {
  const names = header.split(' ')
  const get = (name: string): string | undefined => {
    const value = line.split(' ')[names.indexOf(name)]
    return value === '-' ? undefined : value
  }
  const fields: JsonObject = {}
  const set = (name: string, value: unknown): void => {
    if (value !== undefined) fields[name] = value
  }
  for (const [name = '', column = '', kind] of table) {
    const value = column
      .split(',')
      .map(get)
      .find(one => one !== undefined)
    const number = value === undefined ? undefined : Number(value)
    if (kind === 'number') set(name, number)
    else set(name, kind === 'time' ? time(value) : value)
  }
  set('normal_msg_date', time(get('end') ?? get('start')))
  set('sip', get('srcaddr'))
  set('dip', get('dstaddr'))
  set('protname', protocols[get('protocol') ?? ''])
  if (get('pkt-srcaddr') !== get('srcaddr')) set('snatip', get('pkt-srcaddr'))
  if (get('pkt-dstaddr') !== get('dstaddr')) set('dnatip', get('pkt-dstaddr'))
  const objects: [string | undefined, string | undefined][] = [
    [get('instance-id'), 'instance'],
    [get('resource-id'), 'resource'],
    [get('ecs-task-arn'), 'ecs-task'],
    [get('tgw-attachment-id'), get('resource-type')],
  ]
  const [object, type] = objects.find(([one]) => one !== undefined) ?? []
  set('object', object)
  set('objecttype', type)
  return fields
}

t.test('every sample line maps as the table says', async t => {
  const files = [
    'opensearch/aws_vpc_flow-raw.lines1-250.with-header.log.gz',
    ...['v2_records', 'v3', 'v4'].map(name => `flowlogs-reader/${name}.log`),
    ...['multi', 'ecs'].map(name => `otel/valid_vpc_flow_log_${name}.log`),
    'otel/valid_tgw_flow_log.log',
  ]
  let rows = 0
  for (const file of files) {
    const [header = '', ...lines] = fixtureText(`vpcflow/${file}`)
      .trim()
      .split('\n')
    rows += lines.length
    t.strictSame(
      lines.map(line => fields(line, header)),
      lines.map(line => naiveFields(header, line)),
      file,
    )
  }
  t.equal(rows, 263)
})

t.test('the types are right for any row', async () => {
  const numbers = new Set(['bytes', 'packets', 'dport', 'sport', 'protnum'])
  const columns = `${version2} pkt-srcaddr pkt-dstaddr instance-id resource-id
    ecs-task-arn vpc-id flow-direction reject-reason x`.split(/\s+/)
  const value = fc.oneof(
    fc.constantFrom('-', '', ' ', '0', '06', '6', '-5', '1.5', '1e3', '::1'),
    fc.ipV4(),
    fc.bigInt().map(String),
    fc.integer({ min: 0, max: 2 ** 31 }).map(String),
    fc.string({ unit: 'binary' }),
  )
  const row = fc
    .shuffledSubarray(columns)
    .chain(names =>
      fc.tuple(
        fc.constant(names),
        fc.array(value, { maxLength: names.length }),
      ),
    )
  fc.assert(
    fc.property(row, ([names, values]) => {
      let out: ReturnType<typeof fields>
      try {
        out = fields(values.join(' '), names.join(' '))
      } catch (error) {
        // Of another width and full of odd bytes it is no row.
        return error instanceof DecodeError && error.code === 'not-a-log'
      }
      return Object.entries(out).every(([name, one]) => {
        if (typeof one === 'number')
          return numbers.has(name) && Number.isSafeInteger(one)
        if (typeof one !== 'string' || /^-?$/.test(one)) return false
        if (numbers.has(name)) return !Number.isSafeInteger(Number(one))
        if (name.endsWith('ip')) return isIP(one) > 0
        return !name.endsWith('name') || name === 'protname' || isIP(one) === 0
      })
    }),
    { numRuns: 2000 },
  )
})

import t from 'tap'
import {
  DEFAULT_COLUMNS,
  columnNames,
  isHeader,
  isSureHeader,
} from '../../src/decode/flow-columns.ts'

t.test('every documented field name makes a header', t => {
  const transitGateway =
    'version resource-type account-id tgw-id tgw-attachment-id ' +
    'tgw-src-vpc-account-id tgw-dst-vpc-account-id tgw-src-vpc-id ' +
    'tgw-dst-vpc-id tgw-src-subnet-id tgw-dst-subnet-id tgw-src-eni ' +
    'tgw-dst-eni tgw-src-az-id tgw-dst-az-id tgw-pair-attachment-id srcaddr ' +
    'dstaddr srcport dstport protocol packets bytes start end log-status type ' +
    'packets-lost-no-route packets-lost-blackhole packets-lost-mtu-exceeded ' +
    'packets-lost-ttl-expired tcp-flags region flow-direction ' +
    'pkt-src-aws-service pkt-dst-aws-service'
  const version2 =
    'version account-id interface-id srcaddr dstaddr srcport dstport protocol ' +
    'packets bytes start end action log-status'
  const newer =
    'vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr ' +
    'region az-id sublocation-type sublocation-id pkt-src-aws-service ' +
    'pkt-dst-aws-service flow-direction traffic-path ecs-cluster-arn ' +
    'ecs-cluster-name ecs-container-instance-arn ecs-container-instance-id ' +
    'ecs-container-id ecs-second-container-id ecs-service-name ' +
    'ecs-task-definition-arn ecs-task-arn ecs-task-id reject-reason ' +
    'resource-id encryption-status'
  const vpc = `${version2} ${newer}`.split(' ')
  t.equal(vpc.length, 42)
  t.strictSame(DEFAULT_COLUMNS, version2.split(' '))
  t.equal(transitGateway.split(' ').length, 36)
  for (const name of [...vpc, ...transitGateway.split(' ')]) {
    t.ok(isHeader([name]), name)
    t.ok(isHeader(['unheard-of', name.replaceAll('-', '_')]), name)
  }
  t.end()
})

t.test('rows that look much like a header are rows', t => {
  t.notOk(isHeader(['unheard-of', 'names']))
  t.notOk(isHeader(['region', '-']))
  t.notOk(isHeader(['region', '2']))
  t.notOk(isHeader(['region', 'Type']))
  t.end()
})

const isSure = (line: string): boolean => isSureHeader(line.split(' '))

t.test('a header that may be prose is not sure', t => {
  t.ok(isSure('version new-one new-two'))
  t.ok(isSure('start'))
  t.notOk(isSure('this is the end'))
  t.notOk(isSure('the version of a product'))
  t.end()
})

t.test('columns have the names of the header, with dashes', t => {
  const names = columnNames(['start', 'new_field', 'start'])
  t.strictSame(names, ['start', 'new-field', 'start'])
  t.end()
})

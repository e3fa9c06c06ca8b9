// The mapping table of VPC flow logs, for one line, whose columns the object's
// header names. Rows marked P are those of LogRhythm's documentation of the log
// source. Columns without a row stay in original_message.
import { computed, row, type Row } from './mapping.ts'
import { memberWriter } from './members.ts'

const objects = ['instance-id', 'resource-id', 'ecs-task-arn']
// Rows with `tgw-` columns are those of transit gateways, which have neither an
// interface-id nor a vpc-id.

/** The output fields of a flow log record. */
export const vpcFlowFields: readonly Row[] = [
  row(
    'unix-time',
    'normal_msg_date',
    ['end', 'start'],
    'C',
    '2021-05-04T15:05:21.000Z',
  ),
  row('text', 'action, tag1', ['action'], 'P', 'ACCEPT'),
  row('text', 'account', ['account-id'], 'P', '111122223333'),
  row('number', 'bytes', ['bytes'], 'P', '20000'),
  row('ip-else-name', 'dip, dname', ['dstaddr'], 'P', '198.51.100.2'),
  row('number', 'dport', ['dstport'], 'P', '443'),
  row(
    'text',
    'dinterface',
    ['interface-id', 'tgw-dst-eni'],
    'P (→ C)',
    'eni-0a1b2c3d',
  ),
  row('text', 'sinterface', ['tgw-src-eni'], 'C', 'eni-0a1b2c3d'),
  row('text', 'status, tag2', ['log-status'], 'P', 'OK'),
  row('number', 'packets', ['packets'], 'P', '25'),
  row('number', 'protnum', ['protocol'], 'P', '6'),
  row('ip-else-name', 'sip, sname', ['srcaddr'], 'P', '10.0.1.201'),
  row('number', 'sport', ['srcport'], 'P', '49153'),
  row('text', 'version', ['version'], 'P', '2'),
  row('unix-time', 'timestart', ['start'], 'C', '2021-05-04T15:04:21.000Z'),
  row('unix-time', 'timeend', ['end'], 'C', '2021-05-04T15:05:21.000Z'),
  row('protocol', 'protname', ['protocol'], 'C', 'TCP'),
  // Behind NAT the packet has other addresses than the interface.
  row('other-ip', 'snatip', ['pkt-srcaddr', 'srcaddr'], 'C', '203.0.113.5'),
  row('other-ip', 'dnatip', ['pkt-dstaddr', 'dstaddr'], 'C', '203.0.113.9'),
  row('text', 'reason', ['reject-reason'], 'C', 'BPA'),
  row(
    'text',
    'object',
    [...objects, 'tgw-attachment-id'],
    'C',
    'i-0123456789abcdef0',
  ),
  computed(
    'objecttype',
    [...objects, 'resource-type'],
    'C',
    'instance',
    '`instance`, `resource` or `ecs-task`: what object names; else resource-type',
    sources =>
      (sources.has(0) && 'instance') ||
      (sources.has(1) && 'resource') ||
      (sources.has(2) && 'ecs-task') ||
      sources.get(3),
  ),
  row(
    'text',
    'domainimpacted',
    ['vpc-id', 'tgw-dst-vpc-id'],
    'C',
    'vpc-0123456789abcdef0',
  ),
  row('text', 'domainorigin', ['tgw-src-vpc-id'], 'C', 'vpc-0123456789abcdef0'),
  row('text', 'subject', ['flow-direction'], 'C', 'ingress'),
]

/** Writes the output members of a flow log record. */
export const writeFlow = memberWriter(vpcFlowFields)

import t from 'tap'
import { findLogType } from '../../src/normalize/log-types.ts'
import { membersOf } from './members-of.ts'

t.test('the service folder of a log type is told as a whole', async t => {
  const table: ['CloudTrail' | 'VPCFlowLogs', string[], string[]][] = [
    [
      'CloudTrail',
      ['CloudTrail'],
      ['cloudtrail', 'CloudTrail-Digest', 'CloudTrail-Insight', 'vpcflowlogs'],
    ],
    [
      'VPCFlowLogs',
      ['vpcflowlogs', 'VPCFlowLogs', 'aws-service=vpcflowlogs'],
      [
        'CloudTrail',
        'vpcflowlogs-old',
        'aws-region=vpcflowlogs',
        'x=vpcflowlogs',
      ],
    ],
  ]
  for (const [name, own, others] of table) {
    const { service } = findLogType(name)
    for (const folder of own) t.match(folder, service)
    for (const folder of others) t.notMatch(folder, service)
  }
})

t.test('a log type decodes and maps its objects', async t => {
  const event = '{"Records":[{"eventName":"A"}]}'
  t.strictSame(membersOf('CloudTrail', event), {
    vmid: 'A',
    tag1: 'A',
    tag2: 'Success',
    result: 'Success',
  })
  t.strictSame(membersOf('VPCFlowLogs', 'bytes srcaddr\n840 10.0.0.1\n'), {
    sip: '10.0.0.1',
    bytes: 840,
  })
})

import t from 'tap'
import { findLogType } from '../../src/normalize/log-types.ts'

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
  const trail = findLogType('CloudTrail')
  const decoder = trail.decoder()
  const object = '{"Records":[{"eventName":"A"},{"eventName":"B"}]}'
  const records = [...decoder.push(Buffer.from(object)), ...decoder.end()]
  t.strictSame(
    records.map(({ text, value }) => trail.normalize(value, text).members),
    ['A', 'B'].map(
      name =>
        `"vmid":"${name}","tag1":"${name}","tag2":"Success","result":"Success"`,
    ),
  )
  const flow = findLogType('VPCFlowLogs')
  const lines = flow.decoder()
  const rows = [
    ...lines.push(Buffer.from('bytes srcaddr\n840 10.0.0.1\n')),
    ...lines.end(),
  ]
  t.strictSame(
    rows.map(({ text, value }) => flow.normalize(value, text).members),
    ['"sip":"10.0.0.1","bytes":840'],
  )
})

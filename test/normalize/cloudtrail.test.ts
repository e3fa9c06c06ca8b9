// Expected values are worked out by hand from the record and the published
// table. The second half compares every sample event with a naive reading of
// that table.
import fc from 'fast-check'
import t from 'tap'
import {
  cloudTrailFixtures,
  fixtureEvents,
  fixtureSizes,
} from './fixture-records.ts'
import { membersOf, type JsonObject } from './members-of.ts'

function fields(event: unknown): JsonObject | undefined {
  return membersOf('CloudTrail', `[${JSON.stringify(event)}]`)
}

const fixture = (path: string, index = 0): JsonObject | undefined =>
  fixtureEvents(`cloudtrail/${path}`)[index]
const change = (action: unknown) => ({ action, resourceRecordSet: {} })
const panther = 'panther/panther-tests-selected.json.gz'

t.test('a failed console login without an error code is a failure', async t => {
  t.strictSame(fields(fixture(panther, 26)), {
    normal_msg_date: '2019-01-01T00:00:00.000Z',
    vmid: 'ConsoleLogin',
    tag1: 'ConsoleLogin',
    process: 'signin.amazonaws.com',
    version: 'us-east-1',
    sip: '111.111.111.111',
    useragent: 'Mozilla',
    tag2: 'Failure',
    result: 'Failure',
    sessiontype: 'Root',
    login: 'root',
    domainorigin: '123456789012',
    session: 'arn:aws:iam::123456789012:root',
    domainimpacted: '123456789012',
    parentprocessid: '1',
    serialnumber: '1',
    vendorinfo: 'AwsConsoleSignIn',
  })
})

t.test('a console login with an empty access key id', async t => {
  t.strictSame(fields(fixture(panther, 14)), {
    normal_msg_date: '2022-11-10T16:24:34.000Z',
    vmid: 'ConsoleLogin',
    tag1: 'ConsoleLogin',
    process: 'signin.amazonaws.com',
    version: 'us-east-1',
    sip: '192.0.2.0',
    useragent:
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_6) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/67.0.3396.99 Safari/537.36',
    reason: 'Failed authentication',
    tag2: 'Failure',
    result: 'Failure',
    sessiontype: 'IAMUser',
    login: 'anaya',
    domainorigin: '111122223333',
    domainimpacted: '111122223333',
    parentprocessid: 'd38ce1b3-4575-4cb8-a632-611b8243bfc3',
    serialnumber: 'd38ce1b3-4575-4cb8-a632-611b8243bfc3',
    vendorinfo: 'AwsConsoleSignIn',
  })
})

t.test('a console login with MFA', async t => {
  t.strictSame(fields(fixture(panther, 13)), {
    normal_msg_date: '2022-11-10T16:24:34.000Z',
    vmid: 'ConsoleLogin',
    tag1: 'ConsoleLogin',
    process: 'signin.amazonaws.com',
    version: 'us-east-1',
    sip: '192.0.2.0',
    useragent:
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_6) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/67.0.3396.99 Safari/537.36',
    tag2: 'Success',
    result: 'Success',
    sessiontype: 'IAMUser',
    login: 'anaya',
    domainorigin: '111122223333',
    session: 'arn:aws:iam::111122223333:user/anaya',
    domainimpacted: '111122223333',
    parentprocessid: 'fed06f42-cb12-4764-8c69-121063dc79b9',
    serialnumber: 'fed06f42-cb12-4764-8c69-121063dc79b9',
    vendorinfo: 'AwsConsoleSignIn',
  })
})

t.test('a call by an AWS service has a name for a source', async t => {
  const file =
    'invictus/218007301253_CloudTrail_us-east-1_20230710T1205Z_nx9Yx1FyJdBaTqKj.json.gz'
  t.strictSame(fields(fixture(file, 5)), {
    normal_msg_date: '2023-07-10T12:00:31.000Z',
    vmid: 'GetBucketAcl',
    tag1: 'GetBucketAcl',
    process: 's3.amazonaws.com',
    version: 'us-east-1',
    sname: 'cloudtrail.amazonaws.com',
    useragent: 'cloudtrail.amazonaws.com',
    tag2: 'Success',
    result: 'Success',
    sessiontype: 'AWSService',
    login: 'cloudtrail.amazonaws.com',
    domainimpacted: '123837392027',
    object: 'stratus-red-team-ctlr-bucket-zqfsvooxqj',
    objecttype: 'AWS::S3::Bucket',
    subject: 'arn:aws:s3:::stratus-red-team-ctlr-bucket-zqfsvooxqj',
    parentprocessid: '01397393-6713-4e93-8e28-4f7a541d0e67',
    serialnumber: '24239609-ea6d-43a3-8dad-894bebe7f6f1',
    vendorinfo: 'AwsApiCall',
    tag3: 'Management',
    tag4: 'true',
    tag5: 'true',
    sinterface: 'vpce-09392f888cd7298db',
  })
})

t.test('a call of an IAM user that ended in an error', async t => {
  const file =
    'invictus/218007301253_CloudTrail_us-east-1_20230710T1205Z_1dM7GQM67kudSyGD.json.gz'
  const bucket = 'stratus-red-team-ctes-bucket-qyxyekjbtk'
  t.strictSame(fields(fixture(file, 11)), {
    normal_msg_date: '2023-07-10T12:00:02.000Z',
    vmid: 'GetBucketLifecycle',
    tag1: 'GetBucketLifecycle',
    process: 's3.amazonaws.com',
    version: 'us-east-1',
    sip: '192.168.10.20',
    useragent:
      '[APN/1.0 HashiCorp/1.0 Terraform/1.1.2 (+https://www.terraform.io) terraform-provider-aws/3.76.1 (+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go/1.44.157 (go1.19.3; linux; amd64) stratus-red-team_1d949e3e-4092-4c96-a6ef-96a967510a46 HashiCorp-terraform-exec/0.17.3]',
    responsecode: 'NoSuchLifecycleConfiguration',
    reason: 'The lifecycle configuration does not exist',
    tag2: 'Failure',
    result: 'Failure',
    sessiontype: 'IAMUser',
    login: 'bert-jan',
    domainorigin: '123837392027',
    session: 'arn:aws:iam::123837392027:user/bert-jan',
    domainimpacted: '123837392027',
    object: bucket,
    objecttype: 'AWS::S3::Bucket',
    subject: `arn:aws:s3:::${bucket}`,
    parentprocessid: '0aba48a0-49f4-4bbd-ab3f-6c75c8efb1ce',
    serialnumber: '0aba48a0-49f4-4bbd-ab3f-6c75c8efb1ce',
    vendorinfo: 'AwsApiCall',
    tag3: 'Management',
    tag4: 'true',
    tag5: 'true',
    protname: 'TLSv1.2',
    dname: `${bucket}.s3.amazonaws.com`,
  })
})

t.test('an insights event takes its names from insightDetails', async t => {
  t.strictSame(fields(fixture('streamalert/cloudtrail_insights.json')), {
    normal_msg_date: '2022-04-12T16:10:00.000Z',
    vmid: 'CompleteLifecycleAction',
    tag1: 'CompleteLifecycleAction',
    process: 'autoscaling.amazonaws.com',
    version: 'eu-central-1',
    domainimpacted: '246337027688',
    objecttype: 'ApiCallRateInsight',
    status: 'Start',
    parentprocessid: '26acc406-e3d7-4f74-90bd-aca9d06c5127',
    serialnumber: '49dfd327-5991-494b-98bf-6fe1eb3e3732',
    vendorinfo: 'AwsCloudTrailInsight',
    tag3: 'Insight',
  })
})

t.test('a digest', async t => {
  t.strictSame(fields(fixture('otel/cloudtrail_digest.json')), {
    account: '111122223333',
    object: 'amzn-s3-demo-bucket',
    objectname:
      'AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2025/10/21/digest.json.gz',
    hash: '31e8b5433410dfb61a9dc45cc65b22ff',
  })
})

t.test('a data event on an S3 object', async t => {
  t.strictSame(fields(fixture('synthetic-by-version/1_06.json')), {
    normal_msg_date: '2019-10-01T18:13:00.000Z',
    vmid: 'GetObject',
    tag1: 'GetObject',
    process: 's3.amazonaws.com',
    version: 'us-east-1',
    sip: '192.0.2.100',
    useragent: 'aws-cli/1.16.248',
    tag2: 'Success',
    result: 'Success',
    sessiontype: 'IAMUser',
    login: 'Alice',
    domainorigin: '123456789012',
    session: 'arn:aws:iam::123456789012:user/Alice',
    domainimpacted: '123456789012',
    object: 'my-data-bucket',
    objectname: 'reports/2019/report.csv',
    objecttype: 'AWS::S3::Object',
    subject: 'arn:aws:s3:::my-data-bucket/reports/2019/report.csv',
    parentprocessid: '7EXAMPLE-0a1b-2c3d-4e5f-0a1b2c3d4e5f',
    serialnumber: '7EXAMPLE-0a1b-2c3d-4e5f-0a1b2c3d4e5f',
    vendorinfo: 'AwsApiCall',
    tag3: 'Data',
    tag4: 'true',
    tag5: 'false',
  })
})

t.test('a record of version 1.01 has no event type', async t => {
  const file =
    'grycap/974349055189_CloudTrail_us-east-1_20140926T1400Z_qpjZUoMPMkZywBPI.json.gz'
  t.strictSame(fields(fixture(file)), {
    normal_msg_date: '2014-09-26T13:59:36.000Z',
    vmid: 'ConsoleLogin',
    tag1: 'ConsoleLogin',
    process: 'signin.amazonaws.com',
    version: 'us-east-1',
    sip: '88.11.91.29',
    useragent:
      'Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:32.0) Gecko/20100101 Firefox/32.0',
    tag2: 'Success',
    result: 'Success',
    sessiontype: 'IAMUser',
    login: 'alucloud47',
    domainorigin: '974349055189',
    session: 'arn:aws:iam::974349055189:user/alucloud47',
    parentprocessid: 'b0918ac0-a64b-4443-81a8-972d50beb4e8',
    serialnumber: 'b0918ac0-a64b-4443-81a8-972d50beb4e8',
  })
})

t.test('a refusal by a VPC endpoint', async t => {
  t.strictSame(fields(fixture(panther, 46)), {
    normal_msg_date: '2023-03-01T00:00:00.000Z',
    vmid: 'GetObject',
    tag1: 'GetObject',
    process: 's3.amazonaws.com',
    version: 'us-east-1',
    sip: '10.0.0.1',
    responsecode: 'VpceAccessDenied',
    reason: 'The request was denied due to a VPC endpoint policy',
    tag2: 'Failure',
    result: 'Failure',
    sessiontype: 'AWSAccount',
    domainorigin: '111111111111',
    session: 'session-name',
    domainimpacted: '222222222222',
    object: 'example-bucket',
    objectname: 'sensitive-file.txt',
    vendorinfo: 'AwsVpceEvent',
    tag3: 'NetworkActivity',
    sinterface: 'vpce-EXAMPLE08c1b6b9b7',
  })
})

// As AWS documents them: a template each for calls, resources and users.
function aggregated(dimension: string, name: string): JsonObject {
  return {
    eventVersion: '1.0',
    accountId: '111122223333',
    eventId: 'de132dd1-f607-4891-8759-f50b3b7b2ed2',
    eventCategory: 'Aggregated',
    eventType: 'AwsAggregatedEvent',
    awsRegion: 'us-west-2',
    eventSource: 's3.amazonaws.com',
    timeWindow: {
      windowStart: '2026-11-28T19:20:00Z',
      windowEnd: '2026-11-28T19:25:00Z',
      windowSize: 'PT5M',
    },
    summary: {
      primaryDimension: {
        dimension,
        statistics: [
          { name, value: 1000 },
          { name: 'other', value: 7 },
        ],
        aggregationType: 'Count',
      },
      details: [{ dimension: 'x', statistics: [{ name: 'y', value: 3 }] }],
    },
  }
}

t.test('an aggregated event is what it counts, in its window', async t => {
  const common = {
    normal_msg_date: '2026-11-28T19:25:00.000Z',
    timestart: '2026-11-28T19:20:00.000Z',
    timeend: '2026-11-28T19:25:00.000Z',
    process: 's3.amazonaws.com',
    version: 'us-west-2',
    domainimpacted: '111122223333',
    quantity: 1000,
    serialnumber: 'de132dd1-f607-4891-8759-f50b3b7b2ed2',
    vendorinfo: 'AwsAggregatedEvent',
    tag3: 'Aggregated',
  }
  t.strictSame(fields(aggregated('eventName', 'PutObject')), {
    ...common,
    vmid: 'PutObject',
    tag1: 'PutObject',
  })
  const bucket = 'arn:aws:s3:::amzn-s3-demo-bucket'
  t.strictSame(fields(aggregated('resourceARN', bucket)), {
    ...common,
    object: bucket,
  })
  const user = 'arn:aws:sts::111122223333:assumed-role/App/i-0a1b'
  t.strictSame(fields(aggregated('userIdentity', user)), {
    ...common,
    login: user,
  })
  t.strictSame(fields(aggregated('errorCode', 'AccessDenied')), common)
})

t.test('each aggregated event of the samples has a time and an id', async t => {
  for (const file of ['aggregated-list.json', 'aggregated-records.json']) {
    const events = fixtureEvents(`cloudtrail/made-kinds/${file}`)
    const common = {
      normal_msg_date: '2026-11-28T19:25:00.000Z',
      timestart: '2026-11-28T19:20:00.000Z',
      timeend: '2026-11-28T19:25:00.000Z',
      process: 's3.amazonaws.com',
      version: 'us-west-2',
      domainimpacted: '111122223333',
      quantity: 1000,
      vendorinfo: 'AwsAggregatedEvent',
      tag3: 'Aggregated',
    }
    t.strictSame(events.map(fields), [
      {
        ...common,
        serialnumber: 'de132dd1-f607-4891-8759-f50b3b7b2ed2',
        vmid: 'PutObject',
        tag1: 'PutObject',
      },
      {
        ...common,
        serialnumber: '0e25b28e-2331-4f8f-912e-2935f2e81129',
        object: 'arn:aws:s3:::amzn-s3-demo-bucket',
      },
      {
        ...common,
        serialnumber: '94128dba-b91e-48cc-b060-a820aee97c0f',
        login: 'arn:aws:sts::111122223333:assumed-role/App/i-0a1b',
      },
    ])
  }
})

// As AWS documents it: a policy of an endpoint refused a call.
t.test('a network activity event', async t => {
  t.strictSame(
    fields({
      eventVersion: '1.09',
      userIdentity: {
        type: 'AWSAccount',
        principalId: 'AKIAIOSFODNN7EXAMPLE',
        accountId: '222222222222',
      },
      eventTime: '2024-07-15T23:57:12Z',
      eventSource: 's3.amazonaws.com',
      eventName: 'ListObjects',
      awsRegion: 'us-east-1',
      sourceIPAddress: '10.0.0.5',
      errorCode: 'VpceAccessDenied',
      errorMessage: 'The request was denied due to a VPC endpoint policy',
      requestID: '899db037-e4ab-4b59-8c4d-86d2d28b60fe',
      eventID: '8cd6ae40-28dd-4b70-9d31-58bdb3a0d1a5',
      eventType: 'AwsVpceEvents',
      recipientAccountId: '111122223333',
      sharedEventID: '1a0cdbb9-0b20-4d0d-ab0e-56ce5fc2ae4d',
      vpcEndpointId: 'vpce-0123456789abcdef0',
      vpcEndpointAccountId: '111122223333',
      eventCategory: 'NetworkActivity',
    }),
    {
      normal_msg_date: '2024-07-15T23:57:12.000Z',
      vmid: 'ListObjects',
      tag1: 'ListObjects',
      process: 's3.amazonaws.com',
      version: 'us-east-1',
      sip: '10.0.0.5',
      responsecode: 'VpceAccessDenied',
      reason: 'The request was denied due to a VPC endpoint policy',
      tag2: 'Failure',
      result: 'Failure',
      sessiontype: 'AWSAccount',
      domainorigin: '222222222222',
      domainimpacted: '111122223333',
      parentprocessid: '1a0cdbb9-0b20-4d0d-ab0e-56ce5fc2ae4d',
      serialnumber: '8cd6ae40-28dd-4b70-9d31-58bdb3a0d1a5',
      vendorinfo: 'AwsVpceEvents',
      tag3: 'NetworkActivity',
      sinterface: 'vpce-0123456789abcdef0',
    },
  )
})

// A rate of errors: the code that rose, and what it rose by stays in the source.
t.test('an insights event about errors', async t => {
  t.strictSame(
    fields({
      eventVersion: '1.07',
      eventTime: '2026-11-28T19:20:00Z',
      awsRegion: 'us-west-2',
      eventID: 'a1',
      eventType: 'AwsCloudTrailInsight',
      recipientAccountId: '111122223333',
      sharedEventID: 's1',
      insightDetails: {
        state: 'End',
        eventSource: 'lambda.amazonaws.com',
        eventName: 'Invoke',
        insightType: 'ApiErrorRateInsight',
        errorCode: 'AccessDenied',
        insightContext: { statistics: { insight: { average: 4 } } },
      },
      eventCategory: 'Insight',
    }),
    {
      normal_msg_date: '2026-11-28T19:20:00.000Z',
      vmid: 'Invoke',
      tag1: 'Invoke',
      process: 'lambda.amazonaws.com',
      version: 'us-west-2',
      responsecode: 'AccessDenied',
      domainimpacted: '111122223333',
      objecttype: 'ApiErrorRateInsight',
      status: 'End',
      parentprocessid: 's1',
      serialnumber: 'a1',
      vendorinfo: 'AwsCloudTrailInsight',
      tag3: 'Insight',
    },
  )
})

const ended = (event: JsonObject): unknown[] => {
  const { result, tag2 } = fields(event) ?? {}
  return [result, tag2]
}
const success = ['Success', 'Success']
const failure = ['Failure', 'Failure']
const none = [undefined, undefined]

t.test('sign-ins say under their own name that they failed', async t => {
  for (const eventName of [
    'ConsoleLogin',
    'SwitchRole',
    'CheckMfa',
    'ExternalIdPDirectoryLogin',
    'CredentialVerification',
    'UserAuthentication',
    'AnythingOfTomorrow',
  ])
    for (const place of ['responseElements', 'serviceEventDetails']) {
      const ends = (value: unknown): unknown[] =>
        ended({ eventName, [place]: value })
      for (const word of ['Failure', 'failure', 'FAILURE']) {
        t.strictSame(ends({ [eventName]: word }), failure)
        t.strictSame(ends({ a: { b: [1] }, [eventName]: word }), failure)
      }
      t.strictSame(ends({ [eventName]: 'Success' }), success)
      t.strictSame(ends({ Other: 'Failure' }), success)
      t.strictSame(ends({ inner: { [eventName]: 'Failure' } }), success)
      t.strictSame(ends({ [eventName]: 'Failures' }), success)
      t.strictSame(ends({ [eventName]: ['Failure'] }), success)
      t.strictSame(ends([eventName, 'Failure']), success)
      t.strictSame(ends(`${eventName} Failure`), success)
      t.strictSame(ends(null), success)
    }
})

t.test('a sign-in to IAM Identity Center that failed', async t => {
  t.strictSame(
    fields({
      eventVersion: '1.08',
      userIdentity: {
        type: 'IdentityCenterUser',
        accountId: '111122223333',
        onBehalfOf: {
          userId: '94d00cd8-e9e6-4810-b177-b08e84775435',
          identityStoreArn:
            'arn:aws:identitystore::111122223333:identitystore/d-1',
        },
        credentialId: '1',
      },
      eventTime: '2024-12-07T20:57:41Z',
      eventSource: 'signin.amazonaws.com',
      eventName: 'CredentialVerification',
      awsRegion: 'us-east-1',
      sourceIPAddress: '203.0.113.0',
      requestParameters: null,
      responseElements: null,
      additionalEventData: { CredentialType: 'PASSWORD' },
      eventID: 'e',
      eventType: 'AwsServiceEvent',
      serviceEventDetails: { CredentialVerification: 'Failure' },
    }),
    {
      normal_msg_date: '2024-12-07T20:57:41.000Z',
      vmid: 'CredentialVerification',
      tag1: 'CredentialVerification',
      process: 'signin.amazonaws.com',
      version: 'us-east-1',
      sip: '203.0.113.0',
      tag2: 'Failure',
      result: 'Failure',
      sessiontype: 'IdentityCenterUser',
      login: '94d00cd8-e9e6-4810-b177-b08e84775435',
      domainorigin: '111122223333',
      parentprocessid: 'e',
      serialnumber: 'e',
      vendorinfo: 'AwsServiceEvent',
    },
  )
})

const status = (statusType: unknown) => ({
  serviceEventDetails: { result: { statusType } },
})

t.test('Managed Grafana says it by codes of HTTP and a status', async t => {
  const eventName = 'login_auth.sso_login'
  for (const errorCode of ['200', 200, '204', 299]) {
    t.strictSame(ended({ eventName, errorCode }), success)
    t.strictSame(ended({ eventName, errorCode, ...status('failure') }), failure)
    t.strictSame(ended({ eventName, errorCode, errorMessage: 'x' }), failure)
  }
  for (const errorCode of ['401', 500, 199, '300', '20', '2000', 'OK', ' 200'])
    t.strictSame(ended({ eventName, errorCode }), failure)
  t.strictSame(ended({ eventName, ...status('success') }), success)
  for (const word of ['failure', 'Failure', 'FAILURE'])
    t.strictSame(ended({ eventName, ...status(word) }), failure)
  t.match(fields({ eventName, errorCode: '200' }), { responsecode: '200' })
})

t.test('a record that is no event with an outcome has none', async t => {
  for (const eventName of [undefined, null, '', '-'])
    for (const more of [
      {},
      { errorCode: 'AccessDenied' },
      { errorMessage: 'x' },
    ])
      t.strictSame(ended({ eventName, ...more }), none)
  t.strictSame(ended({ insightDetails: { eventName: 'PutObject' } }), none)
  t.strictSame(ended({ Records: null }), none)
})

const source = (sourceIPAddress: unknown): unknown[] => {
  const { sip, sname } = fields({ sourceIPAddress }) ?? {}
  return [sip, sname]
}

t.test('of several addresses the first that is one', async t => {
  t.strictSame(source('192.0.2.1,198.51.100.7'), ['192.0.2.1', undefined])
  t.strictSame(source('unknown, 2001:db8::1 ,10.0.0.1'), [
    '2001:db8::1',
    undefined,
  ])
  t.strictSame(source('"x",10.0.0.1'), ['10.0.0.1', undefined])
  t.strictSame(source(',10.0.0.1'), ['10.0.0.1', undefined])
  t.strictSame(source('10.0.0.1,'), ['10.0.0.1', undefined])
  t.strictSame(source('a,b'), [undefined, 'a,b'])
  t.strictSame(source('10.0.0.1 10.0.0.2'), [undefined, '10.0.0.1 10.0.0.2'])
})

const serial = (eventID: unknown, eventId?: unknown): unknown =>
  fields({ eventID, eventId })?.['serialnumber']

t.test('an id is a text of 1 to 128 characters', async t => {
  for (const id of [
    'x',
    'x'.repeat(128),
    'é'.repeat(128),
    '😀'.repeat(128),
    '"\\\n',
  ])
    t.equal(serial(id), id)
  for (const id of [
    '',
    '-',
    'x'.repeat(129),
    '😀'.repeat(129),
    7,
    true,
    false,
    null,
    {},
    ['x'],
    undefined,
  ]) {
    t.equal(serial(id), undefined)
    t.equal(serial(id, 'other'), 'other')
    t.equal(serial('own', id), 'own')
  }
})

t.test('the rows that no sample reaches', async t => {
  const changes = [change('CREATE'), change('UPSERT'), change('CREATE')]
  const event = {
    userIdentity: {
      type: 'AWSService',
      accessKeyId: '',
      invokedBy: 'lambda.amazonaws.com',
      principalId: 'AROAEXAMPLE:',
      arn: '-',
      sessionContext: { sessionIssuer: { arn: '', userName: 'x' } },
    },
    requestParameters: {
      roleArn: 'arn:aws:iam::123456789012:role/r',
      roleSessionName: 's',
      groupName: 'g',
      emailAddress: 'a@example.com',
      templateURL: 'https://example.com/t',
      changeBatch: { changes: [...changes, null, change('-'), change(7)] },
    },
    responseElements: {
      encrypted: false,
      stackId: 'arn:aws:cloudformation:x',
      credentials: { accessKeyId: 'ASIAEXAMPLE' },
    },
    insightDetails: { errorCode: 'AccessDenied', state: 'End' },
    resources: [],
    sharedEventID: null,
    eventID: 'e',
  }
  t.strictSame(fields(event), {
    responsecode: 'AccessDenied',
    sessiontype: 'AWSService',
    login: 'lambda.amazonaws.com',
    session: 's',
    policy: 'arn:aws:iam::123456789012:role/r',
    account: 'a@example.com',
    group: 'g',
    object: 'g',
    subject: 'arn:aws:cloudformation:x',
    url: 'https://example.com/t',
    action: 'CREATE,UPSERT,7',
    status: 'false',
    parentprocessid: 'e',
    serialnumber: 'e',
  })
})

t.test('a value of another type is written as text or skipped', async t => {
  t.strictSame(
    fields({
      eventTime: 1_688_990_526,
      eventName: ['a', { b: 1 }],
      eventSource: 12,
      awsRegion: true,
      sourceIPAddress: 167_772_161,
      userIdentity: 5,
      requestParameters: ['userName'],
      responseElements: 'text',
      resources: { type: 'AWS::S3::Object' },
      recipientAccountId: 1e21,
      errorCode: 0,
      eventType: {},
    }),
    {
      vmid: '["a",{"b":1}]',
      tag1: '["a",{"b":1}]',
      process: '12',
      version: 'true',
      sname: '167772161',
      responsecode: '0',
      tag2: 'Failure',
      result: 'Failure',
      domainimpacted: '1e+21',
      vendorinfo: '{}',
    },
  )
  const paths = { toString: 1, length: 2, constructor: { name: 'c' } }
  t.strictSame(fields({ requestParameters: paths }), {})
  const own = JSON.parse('{"__proto__":{"eventName":"x"}}') as unknown
  t.strictSame(fields(own), {})
})

t.test('an element that is not an event is not mapped', async t => {
  for (const value of [null, 'x', 1, true, [], [{ eventName: 'x' }]])
    t.equal(fields(value), undefined)
})

// The table of CloudTrail as it is published in the project's field reference;
// result, session and action are written out below.
const table = `
vmid         eventName insightDetails.eventName
tag1         eventName insightDetails.eventName
process      eventSource insightDetails.eventSource
version      awsRegion
useragent    userAgent
responsecode errorCode insightDetails.errorCode
reason       errorMessage
sessiontype  userIdentity.type
login        userIdentity.userName userIdentity.accessKeyId userIdentity.invokedBy userIdentity.onBehalfOf.userId
domainorigin userIdentity.accountId
policy       userIdentity.sessionContext.sessionIssuer.arn requestParameters.roleArn
domainimpacted recipientAccountId accountId
account      requestParameters.userName requestParameters.emailAddress responseElements.credentials.accessKeyId awsAccountId
group        requestParameters.groupName
object       responseElements.masterEncryptionKeyId requestParameters.arn responseElements.arn requestParameters.groupName requestParameters.userName requestParameters.alarmName requestParameters.roleSessionName requestParameters.name requestParameters.id responseElements.id responseElements.groupName responseElements.userName responseElements.name digestS3Bucket requestParameters.bucketName
objectname   digestS3Object requestParameters.key
objecttype   resources.0.type insightDetails.insightType
subject      resources.0.ARN responseElements.stackId
url          requestParameters.templateURL
status       responseElements.encrypted insightDetails.state
parentprocessid sharedEventID eventID
serialnumber eventID eventId
hash         digestPublicKeyFingerprint
vendorinfo   eventType
tag3         eventCategory
tag4         readOnly
tag5         managementEvent
sinterface   vpcEndpointId
protname     tlsDetails.tlsVersion
dname        tlsDetails.clientProvidedHostHeader`
  .trim()
  .split('\n')
  .map(row => row.split(/\s+/))

function lookUp(event: unknown, path: string): unknown {
  let value = event
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined
    if (Array.isArray(value) !== (step === '0')) return undefined
    value = Object.entries(value).find(([name]) => name === step)?.[1]
  }
  const blank = typeof value === 'string' && /^-?$/.test(value)
  return value === null || blank ? undefined : value
}

function hasFailed(event: JsonObject, name: string): boolean {
  const code = lookUp(event, 'errorCode')
  const isCode =
    code !== undefined && !(Number(code) >= 200 && Number(code) < 300)
  const places = ['responseElements', 'serviceEventDetails'].map(
    place => lookUp(event, place) as JsonObject | undefined,
  )
  const details = lookUp(event, 'serviceEventDetails.result.statusType')
  const words = [...places.map(place => place?.[name]), details]
  return (
    isCode ||
    lookUp(event, 'errorMessage') !== undefined ||
    words.some(word => typeof word === 'string' && /^failure$/i.test(word))
  )
}

function naiveFields(event: JsonObject): JsonObject {
  const fields: JsonObject = {}
  const set = (name: string, ...values: unknown[]): void => {
    const value = values.find(one => one !== undefined)
    if (value === undefined) return
    fields[name] = typeof value === 'string' ? value : JSON.stringify(value)
  }
  for (const [name = '', ...paths] of table)
    set(name, ...paths.map(path => lookUp(event, path)))
  const time = String(lookUp(event, 'eventTime'))
  const date = new Date(
    time.endsWith('Z') ? time : `${time.replace(' ', 'T')}Z`,
  )
  if (date.getTime() > 0) set('normal_msg_date', date.toISOString())
  const source = lookUp(event, 'sourceIPAddress')
  const octet = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
  const isAddress =
    new RegExp(`^(${octet}\\.){3}${octet}$`).test(String(source)) ||
    /^[0-9a-f:]*:[0-9a-f:]*$/.test(String(source))
  set(isAddress ? 'sip' : 'sname', source)
  const name = lookUp(event, 'eventName')
  if (name !== undefined) {
    const failed = hasFailed(event, String(name))
    set('result', failed ? 'Failure' : 'Success')
    set('tag2', fields['result'])
  }
  const principal = lookUp(event, 'userIdentity.principalId')
  set(
    'session',
    lookUp(event, 'requestParameters.roleSessionName'),
    typeof principal === 'string' ? principal.split(':')[1] : undefined,
    lookUp(event, 'userIdentity.arn'),
  )
  const summary = 'summary.primaryDimension'
  const counted = lookUp(event, `${summary}.statistics.0.name`)
  const dimension = lookUp(event, `${summary}.dimension`)
  if (dimension === 'eventName') set('vmid', fields['vmid'], counted)
  if (dimension === 'eventName') set('tag1', fields['tag1'], counted)
  if (dimension === 'userIdentity') set('login', fields['login'], counted)
  if (dimension === 'resourceARN') set('object', counted, fields['object'])
  const quantity = lookUp(event, `${summary}.statistics.0.value`)
  if (typeof quantity === 'number') fields['quantity'] = quantity
  for (const [name, of] of [
    ['timestart', 'windowStart'],
    ['timeend', 'windowEnd'],
  ] as const) {
    const at = lookUp(event, `timeWindow.${of}`)
    if (at !== undefined) set(name, new Date(String(at)).toISOString())
  }
  set('normal_msg_date', fields['normal_msg_date'], fields['timeend'])
  return fields
}

t.test('the samples are as they were published', async t => {
  const sizes = fixtureSizes()
  t.equal(sizes.length, 95)
  for (const { path, is, was } of sizes) t.equal(is, was, path)
})

t.test('every sample event maps as the table says', async t => {
  let events = 0
  for (const path of cloudTrailFixtures()) {
    const records = fixtureEvents(path)
    events += records.length
    t.strictSame(records.map(fields), records.map(naiveFields), path)
  }
  t.equal(events, 826)
})

const names = [...new Set(table.flatMap(([, ...paths]) => paths))]
  .flatMap(path => path.split('.'))
  .concat('eventTime', 'sourceIPAddress', 'ConsoleLogin', 'changeBatch')
  .concat('primaryDimension', 'dimension', 'name', 'value')
  .concat('timeWindow', 'windowStart', 'windowEnd', 'statusType', 'result')
  .concat(
    'changes',
    'action',
    'principalId',
    'summary',
    'statistics',
    '__proto__',
    'constructor',
  )

t.test('an event ends as it says itself, whatever else it says', async () => {
  const word = fc.constantFrom(
    'Failure',
    'failure',
    'FAILURE',
    'Success',
    '',
    'Failed',
    1,
    null,
  )
  const eventName = fc.constantFrom(
    'ConsoleLogin',
    'CheckMfa',
    'a"b',
    '-',
    '',
    null,
    undefined,
  )
  const elements = fc.oneof(
    fc.constantFrom(null, undefined, 'Failure', ['Failure']),
    fc.dictionary(
      fc.constantFrom('ConsoleLogin', 'CheckMfa', 'a"b', 'failure', 'result'),
      fc.oneof(word, fc.record({ statusType: word, ConsoleLogin: word })),
    ),
  )
  const event = fc.record({
    eventName,
    errorCode: fc.constantFrom(
      undefined,
      undefined,
      null,
      '',
      '-',
      'Denied',
      '200',
      250,
      404,
    ),
    errorMessage: fc.constantFrom(undefined, undefined, null, '', '-', 'no'),
    responseElements: elements,
    serviceEventDetails: elements,
  })
  fc.assert(
    fc.property(event, event => {
      const name = lookUp(event, 'eventName')
      const expected =
        name === undefined
          ? undefined
          : hasFailed(event, String(name))
            ? 'Failure'
            : 'Success'
      const { result, tag2 } = fields(event) ?? {}
      return result === expected && tag2 === expected
    }),
    { numRuns: 2000 },
  )
})

t.test(
  'the fields of any JSON record are texts, except quantities',
  async () => {
    const name = fc.constantFrom(...names)
    const text = fc.string({ unit: 'binary' })
    const { value } = fc.letrec(tie => ({
      value: fc.oneof(
        { maxDepth: 5 },
        fc.jsonValue({ maxDepth: 1 }),
        text,
        fc.dictionary(name, tie('value'), { maxKeys: 12 }),
        fc.array(tie('value'), { maxLength: 3 }),
      ),
    }))
    const record = fc.dictionary(name, value, { maxKeys: 25 })
    fc.assert(
      fc.property(record, event => {
        const { quantity, ...out } = fields(event) ?? { none: undefined }
        const isNumber =
          quantity === undefined || Number.isFinite(Number(quantity))
        const texts = Object.values(out)
        return (
          isNumber &&
          texts.every(one => typeof one === 'string' && !/^-?$/.test(one))
        )
      }),
      { numRuns: 1000 },
    )
  },
)

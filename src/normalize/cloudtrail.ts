// The mapping table of CloudTrail, for one element of `Records`. Rows marked P
// are those of LogRhythm's own JSON policy "aws cloud trail". Every field of a
// record is optional and may be of any type.
import { isPresent } from '../decode/values.ts'
import { asText } from './json-text.ts'
import { computed, row } from './mapping.ts'
import type { Row } from './mapping.ts'
import { memberWriter } from './members.ts'

/** Lists the output fields of a CloudTrail event. */
export const cloudTrailFields: readonly Row[] = [
  row(
    'time',
    'normal_msg_date',
    ['eventTime'],
    'P',
    '2023-07-10T11:42:06.000Z',
  ),
  row(
    'text',
    'vmid, tag1',
    ['eventName', 'insightDetails.eventName'],
    'P (→ C)',
    'AssumeRole',
  ),
  row(
    'text',
    'process',
    ['eventSource', 'insightDetails.eventSource'],
    'P (→ C)',
    'sts.amazonaws.com',
  ),
  row('text', 'version', ['awsRegion'], 'P', 'us-east-1'),
  row('ip-else-name', 'sip, sname', ['sourceIPAddress'], 'P', '203.0.113.5'),
  row('text', 'useragent', ['userAgent'], 'P', 'aws-cli/2.13.5'),
  row(
    'text',
    'responsecode',
    ['errorCode', 'insightDetails.errorCode'],
    'P (→ C)',
    'AccessDenied',
  ),
  row('text', 'reason', ['errorMessage'], 'P', 'Failed authentication'),
  computed(
    'tag2, result',
    ['errorCode', 'errorMessage', 'responseElements.ConsoleLogin'],
    'P, C',
    'Failure',
    // Failed console logins carry no errorCode.
    '`Failure` when errorCode or errorMessage is present or responseElements.ConsoleLogin is `Failure`, else `Success`',
    sources =>
      sources.has(0) || sources.has(1) || sources.get(2) === 'Failure'
        ? 'Failure'
        : 'Success',
  ),
  row('text', 'sessiontype', ['userIdentity.type'], 'P', 'AssumedRole'),
  row(
    'text',
    'login',
    [
      'userIdentity.userName',
      'userIdentity.accessKeyId',
      'userIdentity.invokedBy',
    ],
    'P',
    'alice',
  ),
  row('text', 'domainorigin', ['userIdentity.accountId'], 'P', '111122223333'),
  computed(
    'session',
    [
      'requestParameters.roleSessionName',
      'userIdentity.principalId',
      'userIdentity.arn',
    ],
    'P',
    'alice@example.com',
    'requestParameters.roleSessionName → second `:`-part of userIdentity.principalId → userIdentity.arn',
    sources => sources.get(0) ?? secondPart(sources.get(1)) ?? sources.get(2),
  ),
  row(
    'text',
    'policy',
    [
      'userIdentity.sessionContext.sessionIssuer.arn',
      'requestParameters.roleArn',
    ],
    'P',
    'arn:aws:iam::111122223333:role/Admin',
  ),
  row(
    'text',
    'domainimpacted',
    ['recipientAccountId', 'accountId'],
    'P (→ C)',
    '111122223333',
  ),
  row(
    'text',
    'account',
    [
      'requestParameters.userName',
      'requestParameters.emailAddress',
      'responseElements.credentials.accessKeyId',
      'awsAccountId',
    ],
    'P',
    'bob',
  ),
  row('text', 'group', ['requestParameters.groupName'], 'P', 'admins'),
  row(
    'text',
    'object',
    [
      'responseElements.masterEncryptionKeyId',
      'requestParameters.arn',
      'responseElements.arn',
      'requestParameters.groupName',
      'requestParameters.userName',
      'requestParameters.alarmName',
      'requestParameters.roleSessionName',
      'requestParameters.name',
      'requestParameters.id',
      'responseElements.id',
      'responseElements.groupName',
      'responseElements.userName',
      'responseElements.name',
      'digestS3Bucket',
      'requestParameters.bucketName',
    ],
    'P* (→ C)',
    'bob',
  ),
  row(
    'text',
    'objectname',
    ['digestS3Object', 'requestParameters.key'],
    'P',
    'reports/2023.csv',
  ),
  row('text', 'objecttype', ['resources[0].type'], 'C', 'AWS::S3::Object'),
  row(
    'text',
    'subject',
    ['resources[0].ARN', 'responseElements.stackId'],
    'P*',
    'arn:aws:s3:::amzn-s3-demo-bucket',
  ),
  row(
    'text',
    'url',
    ['requestParameters.templateURL'],
    'P',
    'https://example.com/stack.yaml',
  ),
  computed(
    'action',
    ['requestParameters.changeBatch.changes'],
    'P*',
    'CREATE,UPSERT',
    'the distinct `action`s of requestParameters.changeBatch.changes, joined with `,`',
    sources => distinctActions(sources.get(0)),
  ),
  row(
    'text',
    'status',
    ['responseElements.encrypted', 'insightDetails.state'],
    'P (→ C)',
    'true',
  ),
  row(
    'text',
    'parentprocessid',
    ['sharedEventID', 'eventID'],
    'P',
    '9d0fa1c2-6d3c-4c5e-8c3c-1f8a4f3b2a10',
  ),
  row(
    'text',
    'serialnumber',
    ['eventID', 'eventId'],
    'C',
    '9d0fa1c2-6d3c-4c5e-8c3c-1f8a4f3b2a10',
  ),
  row(
    'text',
    'hash',
    ['digestPublicKeyFingerprint'],
    'P',
    '31e8b5433410dfb61a9dc45cc65b22ff',
  ),
  row('text', 'vendorinfo', ['eventType'], 'C', 'AwsApiCall'),
  row('text', 'tag3', ['eventCategory'], 'C', 'Management'),
  row('text', 'tag4', ['readOnly'], 'C', 'false'),
  row('text', 'tag5', ['managementEvent'], 'C', 'true'),
  row('text', 'sinterface', ['vpcEndpointId'], 'C', 'vpce-0123456789abcdef0'),
  row('text', 'protname', ['tlsDetails.tlsVersion'], 'C', 'TLSv1.3'),
  row(
    'text',
    'dname',
    ['tlsDetails.clientProvidedHostHeader'],
    'C',
    'sts.us-east-1.amazonaws.com',
  ),
]

/** Writes the output members of a CloudTrail event. */
export const writeCloudTrail = memberWriter(cloudTrailFields)

function secondPart(principal: unknown): string | undefined {
  if (typeof principal !== 'string') return undefined
  const from = principal.indexOf(':') + 1
  const to = principal.indexOf(':', from)
  const part = principal.slice(from, to < 0 ? undefined : to)
  return from > 0 && isPresent(part) ? part : undefined
}

function distinctActions(changes: unknown): string | undefined {
  if (!Array.isArray(changes)) return undefined
  const actions = new Set<string>()
  for (const change of changes as unknown[]) {
    if (typeof change !== 'object' || change === null) continue
    const action = 'action' in change ? change.action : undefined
    if (isPresent(action)) actions.add(asText(action))
  }
  return actions.size === 0 ? undefined : [...actions].join(',')
}

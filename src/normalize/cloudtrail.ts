// The mapping table of CloudTrail, for one element of `Records`. Rows marked P
// are those of LogRhythm's own JSON policy "aws cloud trail". Every field of a
// record is optional and may be of any type.
import { isPresent } from '../decode/values.ts'
import { asText } from './json-text.ts'
import { outcome, outcomeSources } from './event-outcome.ts'
import { computed, row, type Mark, type Row } from './mapping.ts'
import { memberWriter } from './members.ts'

const SUMMARY = 'summary.primaryDimension'
const STATISTIC = `${SUMMARY}.statistics[0]`

const STATISTIC_NAME = `${STATISTIC}.name`

type TextRow = [names: string, from: string[], mark: Mark, example: string]
const text = (...of: TextRow): Row => row('text', ...of)

/** Makes a row of text that also reads the name of an aggregated event's first statistic, if that is of this dimension. */
const whereDimension = (is: string, ...of: TextRow): Row => ({
  ...text(...of),
  only: { source: STATISTIC_NAME, path: `${SUMMARY}.dimension`, is },
})

/** The output fields of a CloudTrail event. */
export const cloudTrailFields: readonly Row[] = [
  row(
    'time',
    'normal_msg_date',
    ['eventTime', 'timeWindow.windowEnd'],
    'P (→ C)',
    '2023-07-10T11:42:06.000Z',
  ),
  row(
    'time',
    'timestart',
    ['timeWindow.windowStart'],
    'C',
    '2025-11-20T10:00:00.000Z',
  ),
  row(
    'time',
    'timeend',
    ['timeWindow.windowEnd'],
    'C',
    '2025-11-20T10:05:00.000Z',
  ),
  whereDimension(
    'eventName',
    'vmid, tag1',
    ['eventName', 'insightDetails.eventName', STATISTIC_NAME],
    'P (→ C)',
    'AssumeRole',
  ),
  text(
    'process',
    ['eventSource', 'insightDetails.eventSource'],
    'P (→ C)',
    'sts.amazonaws.com',
  ),
  text('version', ['awsRegion'], 'P', 'us-east-1'),
  row('ip-else-name', 'sip, sname', ['sourceIPAddress'], 'P', '203.0.113.5'),
  text('useragent', ['userAgent'], 'P', 'aws-cli/2.13.5'),
  text(
    'responsecode',
    ['errorCode', 'insightDetails.errorCode'],
    'P (→ C)',
    'AccessDenied',
  ),
  text('reason', ['errorMessage'], 'P', 'Failed authentication'),
  computed(
    'tag2, result',
    outcomeSources,
    'P, C',
    'Failure',
    '`Failure` when errorCode (but for a number of 200-299) or errorMessage is present, or responseElements or serviceEventDetails has `Failure` under the name of the event, or serviceEventDetails.result.statusType is `failure`; else `Success`; neither without eventName',
    outcome,
  ),
  text('sessiontype', ['userIdentity.type'], 'P', 'AssumedRole'),
  whereDimension(
    'userIdentity',
    'login',
    [
      'userIdentity.userName',
      'userIdentity.accessKeyId',
      'userIdentity.invokedBy',
      // Users of IAM Identity Center have no userName.
      'userIdentity.onBehalfOf.userId',
      STATISTIC_NAME,
    ],
    'P (→ C)',
    'alice',
  ),
  text('domainorigin', ['userIdentity.accountId'], 'P', '111122223333'),
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
  text(
    'policy',
    [
      'userIdentity.sessionContext.sessionIssuer.arn',
      'requestParameters.roleArn',
    ],
    'P',
    'arn:aws:iam::111122223333:role/Admin',
  ),
  text(
    'domainimpacted',
    ['recipientAccountId', 'accountId'],
    'P (→ C)',
    '111122223333',
  ),
  text(
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
  text('group', ['requestParameters.groupName'], 'P', 'admins'),
  whereDimension(
    'resourceARN',
    'object',
    [
      STATISTIC_NAME,
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
  text(
    'objectname',
    ['digestS3Object', 'requestParameters.key'],
    'P',
    'reports/2023.csv',
  ),
  text(
    'objecttype',
    ['resources[0].type', 'insightDetails.insightType'],
    'C',
    'AWS::S3::Object',
  ),
  row('number', 'quantity', [`${STATISTIC}.value`], 'C', '1000'),
  text(
    'subject',
    ['resources[0].ARN', 'responseElements.stackId'],
    'P*',
    'arn:aws:s3:::amzn-s3-demo-bucket',
  ),
  text(
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
  text(
    'status',
    ['responseElements.encrypted', 'insightDetails.state'],
    'P (→ C)',
    'true',
  ),
  text(
    'parentprocessid',
    ['sharedEventID', 'eventID'],
    'P',
    '9d0fa1c2-6d3c-4c5e-8c3c-1f8a4f3b2a10',
  ),
  row(
    'id',
    'serialnumber',
    ['eventID', 'eventId'],
    'C',
    '9d0fa1c2-6d3c-4c5e-8c3c-1f8a4f3b2a10',
  ),
  text(
    'hash',
    ['digestPublicKeyFingerprint'],
    'P',
    '31e8b5433410dfb61a9dc45cc65b22ff',
  ),
  text('vendorinfo', ['eventType'], 'C', 'AwsApiCall'),
  text('tag3', ['eventCategory'], 'C', 'Management'),
  text('tag4', ['readOnly'], 'C', 'false'),
  text('tag5', ['managementEvent'], 'C', 'true'),
  text('sinterface', ['vpcEndpointId'], 'C', 'vpce-0123456789abcdef0'),
  text('protname', ['tlsDetails.tlsVersion'], 'C', 'TLSv1.3'),
  text(
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

import t from 'tap'
import type { Facts } from '../../../src/s3/errors/advice.ts'
import { adviceOn } from '../../../src/s3/errors/error-advice.ts'
import {
  SourceError,
  sourceError,
} from '../../../src/s3/errors/source-error.ts'

const DOING = 'listing s3://logs/AWSLogs/'

const answer = (status: number, name: string): Error =>
  Object.assign(new Error('no'), {
    name,
    $metadata: { httpStatusCode: status },
  })

const toList = (facts: Facts) => adviceOn(facts, 's3:ListBucket on arn:x')

t.test('a refusal names the permission that the request needs', t => {
  const refused = answer(403, 'AccessDenied')
  t.match(sourceError(refused, DOING, toList), {
    about: 'permission',
    message: /; allow s3:ListBucket on arn:x$/,
  })
  t.end()
})

t.test('a failure says what it is about', t => {
  for (const [cause, about] of [
    [answer(403, 'InvalidAccessKeyId'), 'credentials'],
    [answer(400, 'KMS.DisabledException'), 'kmsKey'],
    [answer(412, 'PreconditionFailed'), 'object'],
    [answer(503, 'SlowDown'), 'load'],
    [answer(407, 'Unknown'), 'proxy'],
  ] as const)
    t.equal(sourceError(cause, DOING).about, about, cause.name)
  const details = { code: 'Stalled', kind: 'network' } as const
  t.equal(new SourceError('x', details).about, 'endpoint')
  const stalled = new SourceError('x', { ...details, unsigned: true })
  t.equal(stalled.about, 'credentials')
  t.end()
})

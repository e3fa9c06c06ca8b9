// What people get wrong about keys, the bucket and what lies in it.

import t from 'tap'
import { encryptText } from '../../src/settings/encrypted-text.ts'
import { cloudTrailObject, daysAgo, trailKey } from '../lib/hosts/collector.ts'
import {
  SECRET,
  set,
  tryMistakes,
  type Mistake,
} from '../lib/hosts/mistakes.ts'
import type { Fault } from '../lib/s3/faults.ts'
import { startSts } from '../lib/s3/stand-in-sts.ts'
import type { Collector } from '../lib/hosts/collector.ts'

const ID = 'AKIAIOSFODNN7EXAMPLE'
const PRIVATE = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
const ROLE = 'arn:aws:iam::444455556666:role/siem'
const key = trailKey(daysAgo(0), 'a')

/** Has the bucket answer requests of a kind with a fault. */
const answer =
  (kind: 'LIST' | 'GET', fault: Fault) =>
  ({ s3 }: Collector) => {
    s3.fault = request => (request.kind === kind ? fault : undefined)
  }
const refuse = (kind: 'LIST' | 'GET', code: string, message: string) =>
  answer(kind, { status: 403, code, message })
/** Puts other bytes in the place of the object. */
const put =
  (body: Buffer) =>
  ({ s3 }: Collector) =>
    s3.put(key, body)

const keys: Mistake[] = [
  {
    what: 'a key id without its secret',
    make: set({ AccessKeyId: ID }),
    code: 2,
    says: /SecretAccessKey is not set, but AccessKeyId is: give both, or leave both blank/,
  },
  {
    what: "the two keys in each other's place",
    make: set({ AccessKeyId: PRIVATE, SecretAccessKey: ID }),
    code: 2,
    says: /AccessKeyId \(line 13\) looks like a secret, and SecretAccessKey like the id of a key: exchange the two/,
  },
  {
    what: 'the secret of another key',
    make: set({ AccessKeyId: 'AKIDTEST', SecretAccessKey: 'wrong' }),
    code: 3,
    says: /listing s3:\/\/logs\/AWSLogs\/: SignatureDoesNotMatch .*check AccessKeyId and SecretAccessKey: S3 knows the key id, but the secret/,
  },
  {
    what: 'a key that was deleted',
    make: set({ AccessKeyId: ID, SecretAccessKey: PRIVATE }),
    code: 3,
    says: /listing s3:.*: InvalidAccessKeyId .*: S3 knows no such key id, so it is mistyped or deleted/,
  },
  {
    what: 'a secret in quotes',
    make: set({ AccessKeyId: 'AKIDTEST', SecretAccessKey: `"${SECRET}"` }),
    code: 3,
    says: /SecretAccessKey \(line 14\) is in quotes.*: remove them[^]*SignatureDoesNotMatch/,
  },
  {
    what: 'what lrcrypt made',
    make: set({
      AccessKeyId: 'AKIDTEST',
      SecretAccessKey: Buffer.alloc(40, 'aB3x').toString('base64'),
    }),
    code: 2,
    says: /SecretAccessKey \(line 14\) looks like the output of LogRhythm's lrcrypt.*give the secret itself to `encrypt/,
  },
  {
    what: 'an encrypted secret, and no key for it',
    make: set({
      AccessKeyId: 'AKIDTEST',
      SecretAccessKey: encryptText(SECRET, Buffer.alloc(32)),
    }),
    code: 2,
    says: /SecretAccessKey \(line 14\) is encrypted, but KeyFile .*\.key is missing.*: restore the key, or give the secret to `encrypt/,
  },
  {
    what: 'no credentials at all',
    make: () => ({
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
    }),
    code: 3,
    says: /looking for credentials in AccessKeyId of the ini \(blank\), .*AWS_ACCESS_KEY_ID is not set.*\/nonexistent\/\.aws\/config.*AWS_EC2_METADATA_DISABLED is true.*; set AccessKeyId/,
  },
  {
    what: 'a profile that there is not',
    make: set({ Profile: 'siem' }),
    code: 3,
    says: /looking for credentials in profile siem of \/nonexistent\/.*: Could not resolve .*; check Profile/,
  },
  {
    what: 'a role that does not trust these credentials',
    make: async (world, t) => {
      const sts = await startSts(t, () => {})
      sts.credentials.set('AKIDTEST', { secret: SECRET })
      world.configure({ RoleArn: ROLE })
      return { AWS_ENDPOINT_URL_STS: sts.endpoint }
    },
    code: 3,
    says: /assuming arn:.*role\/siem at STS \(127.*: AccessDenied .*the role's trust policy must name the caller/,
  },
]

const bucket: Mistake[] = [
  {
    what: 'a bucket that there is not',
    make: set({ BucketName: 'lgs' }),
    code: 3,
    says: /listing s3:\/\/lgs\/AWSLogs\/: NoSuchBucket \(HTTP 404.*; check BucketName/,
  },
  {
    what: 'another region',
    make: set({ Region: 'eu-west-1' }),
    code: 3,
    says: /listing s3:\/\/logs.*'eu-west-1' is wrong.*; set Region to us-east-1/,
  },
  {
    what: 'an empty bucket',
    make: ({ s3 }) => s3.delete(key),
    code: 1,
    says: /FilePath AWSLogs\/ matches nothing: the bucket logs is empty/,
  },
  {
    what: 'no permission to list',
    make: refuse('LIST', 'AccessDenied', 'Access Denied'),
    code: 3,
    says: /listing s3:\/\/logs\/AWSLogs\/: AccessDenied \(HTTP 403, request \w+\).*; allow s3:ListBucket on arn:aws:s3:::logs/,
  },
  {
    what: 'no permission to read',
    make: refuse('GET', 'AccessDenied', 'Access Denied'),
    code: 1,
    checked: 3,
    says: /reading s3:\/\/logs\/AWSLogs\/.*: AccessDenied .*; allow s3:GetObject on arn:aws:s3:::logs\/AWSLogs\/\*/,
  },
  {
    what: 'no permission for the key of the objects',
    make: refuse(
      'GET',
      'AccessDenied',
      'User x is not authorized to perform: kms:Decrypt on y',
    ),
    code: 1,
    checked: 3,
    says: /reading s3:.*: AccessDenied .*; allow kms:Decrypt on the KMS key/,
  },
  {
    what: 'temporary credentials that are over',
    make: refuse('LIST', 'ExpiredToken', 'The provided token has expired.'),
    code: 3,
    says: /listing s3:.*: ExpiredToken .*; renew the temporary credentials/,
  },
  {
    what: 'objects that are web pages',
    make: put(Buffer.from('<html><body>Sign in</body></html>')),
    code: 1,
    says: /s3:\/\/logs\/.*a\.json\.gz: This is HTML or XML, not the JSON of CloudTrail: check LogType and FilePath/,
  },
  {
    what: 'flow logs among CloudTrail',
    make: put(
      Buffer.from('2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 1 1 2 ACCEPT OK\n'),
    ),
    code: 1,
    says: /s3:\/\/logs\/.*a\.json\.gz: .*not the JSON of CloudTrail: check LogType/,
  },
  {
    what: 'an object that was uploaded by half',
    make: put(cloudTrailObject(300, 300).subarray(0, 2000)),
    code: 1,
    says: /reading s3:\/\/logs\/.*a\.json\.gz: The gzip data is cut off; (attempt 1|a cycle)/,
  },
]

t.test('keys and roles', async t => tryMistakes(t, keys))
t.test('the bucket and what lies in it', async t => tryMistakes(t, bucket))

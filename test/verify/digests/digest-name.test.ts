// The name of a digest shows its account, region, trail and time.

import t from 'tap'
import {
  chainOf,
  readDigestName,
  timeOf,
} from '../../../src/verify/digests/digest-name.ts'

const FOLDER = 'p/AWSLogs/o-abc/111122223333/CloudTrail-Digest/us-east-1/'
const key = (name: string): string => `${FOLDER}2026/11/28/${name}`

t.test('the name of a digest is read from both ends', async t => {
  t.strictSame(
    readDigestName(
      key(
        '111122223333_CloudTrail-Digest_us-east-1_audit_eu-west-1_20261128T020131Z.json.gz',
      ),
    ),
    {
      folder: FOLDER,
      account: '111122223333',
      region: 'us-east-1',
      trail: 'audit',
      homeRegion: 'eu-west-1',
      end: Date.parse('2026-11-28T02:01:31Z'),
      isBackfill: false,
    },
  )
  const odd = readDigestName(
    key(
      '111122223333_CloudTrail-Digest_us-gov-east-1_a_us-east-1_b__us-gov-west-1_20261128T020131Z_backfill.json.gz',
    ),
  )
  t.match(odd, {
    trail: 'a_us-east-1_b_',
    region: 'us-gov-east-1',
    homeRegion: 'us-gov-west-1',
    isBackfill: true,
  })
})

t.test('the name of another object is rejected', async t => {
  for (const name of [
    '111122223333_CloudTrail_us-east-1_20261128T0206Z_AAAAAAAAAAAAAAA1.json.gz',
    '111122223333_CloudTrail-Digest_us-east-1_audit_us-east-1_20261328T020131Z.json.gz',
    '111122223333_CloudTrail-Digest_us-east-1_audit_us-east-1_20261128T250131Z.json.gz',
    '111122223333_CloudTrail-Digest_us-east-1_us-east-1_20261128T020131Z.json.gz',
    '111122223333_CloudTrail-Digest_us-east-1_audit_us-east-1_20261128T020131Z.json.gz.bak',
    '',
  ])
    t.equal(readDigestName(key(name)), undefined, name)
  t.equal(readDigestName('x'.repeat(5000)), undefined)
})

t.test('chains whose names begin alike are distinguished', async t => {
  const chains = ['audit', 'audit_us-east-1', 'audit2'].flatMap(trail =>
    ['', '_backfill'].map(kind => {
      const name = readDigestName(
        key(
          `111122223333_CloudTrail-Digest_us-east-1_${trail}_us-east-1_20261128T020131Z${kind}.json.gz`,
        ),
      )
      return name && chainOf(name)
    }),
  )
  t.equal(new Set(chains).size, 6)
})

t.test('a time that is not in the calendar is rejected', async t => {
  t.equal(timeOf('2026-11-28T02:01:31Z'), Date.UTC(2026, 10, 28, 2, 1, 31))
  for (const text of [
    '2026-11-31T02:01:31Z',
    '2026-11-28T24:00:00Z',
    '2026-11-28T02:01:31',
    '2026-11-28',
    '0',
  ])
    t.equal(timeOf(text), undefined, text)
})

// Expected digests are from sha256sum(1).

import t from 'tap'
import { fingerprint } from '../../src/cursor/fingerprint.ts'

t.test(
  'is the head of the SHA-256 of size, space and key in UTF-8',
  async t => {
    t.equal(
      fingerprint('AWSLogs/é 1.json.gz', 123).toString(16).padStart(16, '0'),
      'cd34d56df37d699c',
    )
    t.equal(
      fingerprint('3a', 12).toString(16).padStart(16, '0'),
      'a5c59c03b7422456',
    )
  },
)

t.test(
  'tells apart what runs together when size and key are joined',
  async t => {
    t.not(fingerprint('3a', 12), fingerprint('23a', 1))
    t.not(fingerprint('a', 1), fingerprint('a', 2))
  },
)

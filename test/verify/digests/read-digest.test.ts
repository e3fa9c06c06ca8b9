// A digest is useful only when complete. One that never ends is given up.

import t from 'tap'
import type { ObjectStore } from '../../../src/s3/object-store.ts'
import { readDigestName } from '../../../src/verify/digests/digest-name.ts'
import {
  fetchDigest,
  inspectDigest,
} from '../../../src/verify/digests/read-digest.ts'
import { FakeClock } from '../../lib/fake-clock.ts'
import { makeChain, signingKey } from '../../lib/verify/chain-maker.ts'

const start = Date.parse('2026-11-28T00:00:00Z')
const [made] = makeChain({ key: signingKey(), start, hours: 1 })

t.test('a digest that drips is unreadable after some time', async t => {
  const { key = '' } = made ?? {}
  const name = readDigestName(key)
  if (name === undefined) return t.fail('its name is read')
  const clock = new FakeClock()
  const { signal } = new AbortController()
  let isOpen = true
  async function* drip(): AsyncGenerator<Buffer> {
    try {
      for (;;) {
        clock.advance(1000)
        yield Buffer.from('a')
      }
    } finally {
      isOpen = false
    }
  }
  const store: ObjectStore = {
    list: () => Promise.reject(new Error('not listed')),
    get: async () => ({ etag: '"a"', size: 90_000, chunks: drip() }),
  }
  const listed = { key, size: 90_000, name }
  const got = await fetchDigest(listed, { store, clock, signal })
  t.notOk(isOpen)
  t.match(await inspectDigest(listed, got), {
    finding: {
      level: 'fault',
      code: 'unreadable',
      message: /not whole after 105 s/,
    },
    error: { code: 'Stalled' },
  })
})

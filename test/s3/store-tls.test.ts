// TLS that fails, over the wire, with a certificate made on the spot.

import t from 'tap'
import { selfSigned } from '../lib/s3/self-signed.ts'
import { startServer } from '../lib/s3/raw-server.ts'
import { failure, listAll, storeAt } from '../lib/s3/store-on.ts'

/** Lists at an endpoint that is to fail. */
const listAt = (endpoint: string): Promise<unknown> =>
  failure(listAll(storeAt(endpoint)))

t.test('https where http is spoken', async t => {
  const { port } = await startServer(t, (_, response) => response.end())
  t.match(await listAt(`https://127.0.0.1:${port}`), {
    kind: 'network',
    affectsAll: true,
    message: /^listing s3:\/\/logs\/: .{1,80}; .*https:/,
  })
})

t.test('a certificate that nobody vouches for, and http there', async t => {
  const tls = selfSigned(t)
  if (tls === undefined) return t.comment('no openssl here')
  const { port } = await startServer(t, (_, response) => response.end(), tls)
  t.match(await listAt(`https://127.0.0.1:${port}`), {
    code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    kind: 'network',
    affectsAll: true,
    message: /NODE_EXTRA_CA_CERTS/,
  })
  t.match(await listAt(`http://127.0.0.1:${port}`), {
    code: 'ECONNRESET',
    kind: 'network',
  })
})

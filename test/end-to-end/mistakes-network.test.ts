// What people get wrong on the way to the bucket: addresses, TLS and proxies.

import t from 'tap'
import {
  SECRET,
  set,
  tryMistakes,
  type Mistake,
} from '../lib/hosts/mistakes.ts'
import { startProxy } from '../lib/s3/proxy-double.ts'
import { startServer } from '../lib/s3/raw-server.ts'
import { selfSigned } from '../lib/s3/self-signed.ts'

const way: Mistake[] = [
  {
    what: 'a port on which nobody listens',
    make: set({ Endpoint: 'http://127.0.0.1:1' }),
    code: 4,
    says: /listing s3:.*: ECONNREFUSED.*; check Endpoint and its port.*refused by 127\.0\.0\.1:1/,
  },
  {
    what: 'a host that DNS does not know',
    make: set({ Endpoint: 'http://s3.invalid' }),
    code: 4,
    says: /listing s3:.*: ENOTFOUND.*; check Endpoint, Region and DNS: no address is known for s3\.invalid/,
  },
  {
    what: 'https to a port that speaks http',
    make: world =>
      world.configure({ Endpoint: world.s3.endpoint.replace('http', 'https') }),
    code: 4,
    says: /listing s3:.*: EPROTO.*; check whether Endpoint should begin with http:\/\/ or https/,
  },
  {
    what: 'a certificate that nobody vouches for',
    make: async (world, t) => {
      const tls = selfSigned(t)
      if (tls === undefined) throw new Error('openssl is missing')
      const { port } = await startServer(t, (_, reply) => reply.end(), tls)
      world.configure({ Endpoint: `https://127.0.0.1:${port}` })
    },
    code: 4,
    says: /listing s3:.*SELF_SIGNED.*; trust the certificate authority .*NODE_EXTRA_CA_CERTS/,
  },
  {
    what: 'a web server in the place of S3',
    make: async (world, t) => {
      const { port } = await startServer(t, (_, reply) => {
        reply.writeHead(404, { 'Content-Type': 'text/html' })
        reply.end('<html>Not here</html>')
      })
      world.configure({ Endpoint: `http://127.0.0.1:${port}` })
    },
    code: 3,
    says: /listing s3:.*: HTTP 404.*; check .*any proxy/,
  },
  {
    what: 'a proxy that is not there',
    make: set({ ProxyServer: '127.0.0.1', ProxyPort: 1 }),
    code: 4,
    says: /listing s3:.*: the proxy 127\.0\.0\.1:1 \(ProxyServer\) is not reached \(ECONNREFUSED\); check ProxyServer and ProxyPort/,
  },
  {
    what: 'a wrong password for the proxy',
    make: async (world, t) => {
      const { port } = await startProxy(t, { login: 'svc:right' })
      const login = { UserName: 'svc', Password: SECRET }
      world.configure({ ProxyServer: '127.0.0.1', ProxyPort: port, ...login })
    },
    code: 3,
    says: /listing s3:.*proxy 127\.0\.0\.1:\d+ .*407.*UserName/,
  },
  {
    what: 'a proxy of the environment that is not there',
    make: world => {
      world.configure({ Endpoint: 'https://s3.us-east-1.amazonaws.com' })
      return { HTTPS_PROXY: 'http://127.0.0.1:1' }
    },
    code: 4,
    says: /listing s3:.*: the proxy 127\.0\.0\.1:1 \(HTTPS_PROXY\) is not reached.*; check HTTPS_PROXY/,
  },
]

t.test('the way to the bucket', async t => tryMistakes(t, way))

// The faults between this program and a proxy, before S3 is reached: each
// message names the proxy and its address, its answer, and the remedy, and
// never its credentials.

import { AdvisedError } from '../errors/advice.ts'
import { tlsFault, type TlsFault } from '../errors/tls-fault.ts'
import { addressOf, placeOf, type Proxy } from './proxy.ts'

/** The error of a proxy that cannot be used, is not reached, or refuses. */
export class ProxyError extends AdvisedError {
  override readonly name = 'ProxyError'

  constructor(
    code: string,
    message: string,
    kind: 'access' | 'network',
    advice: string,
  ) {
    super(code, message, { kind, about: 'proxy', advice, affectsAll: true })
  }
}

/** Makes the error for an environment variable that names no usable proxy. */
export function badVariable(name: string, message: string): ProxyError {
  return new ProxyError(
    'ProxyUnusable',
    `${name} ${message}`,
    'access',
    `give it as http://HOST:PORT, with user name and password percent-encoded in it, or set ProxyServer`,
  )
}

/** Makes the error for a proxy that was silent for so many ms. */
export function proxySilence(proxy: Proxy, milliseconds: number): ProxyError {
  return new ProxyError(
    'ProxyUnreachable',
    `${placeOf(proxy)} did not answer within ${milliseconds / 1000} s`,
    'network',
    `check ${addressOf(proxy)} and the network`,
  )
}

const tlsFaults: Readonly<
  Record<TlsFault, readonly [what: string, cure: string]>
> = {
  expired: ['has an expired certificate', 'have it renewed'],
  early: [
    'has a certificate that is not yet valid',
    "set this machine's clock",
  ],
  name: [
    'has a certificate for another name',
    'give it by the name in its certificate',
  ],
  client: [
    'wants a certificate of the client, which cannot be given here',
    'set ProxyServer to one that wants none',
  ],
  weak: ['has too weak a certificate or key', 'have it replaced'],
  old: ['speaks too old a TLS', 'have it speak TLS 1.2 or newer'],
  refused: [
    'ends the handshake of TLS',
    'check whether it asks for a certificate of the client, which cannot be given here',
  ],
  untrusted: [
    'has a certificate that is not trusted',
    'trust its certificate authority with NODE_EXTRA_CA_CERTS',
  ],
  plain: [
    'does not answer like a proxy',
    'check whether it should begin with http:// or https://',
  ],
}

/** Makes the error for a proxy that cannot be reached because of the network, TLS or its protocol; the message is the system's or OpenSSL's. */
export function proxyFault(
  proxy: Proxy,
  code: string,
  message: string,
): ProxyError {
  const place = placeOf(proxy)
  const address = addressOf(proxy)
  const fault = code.startsWith('HPE_') ? 'plain' : tlsFault(code, message)
  if (fault !== undefined) {
    const [what, cure] = tlsFaults[fault]
    return new ProxyError(
      'ProxyUnreachable',
      `${place} ${what} (${code})`,
      'network',
      `check ${address}, and ${cure}`,
    )
  }
  if (code === 'ECONNRESET')
    return new ProxyError(
      'ProxyUnreachable',
      `${place} hung up (ECONNRESET)`,
      'network',
      `check ${address}, and whether it should begin with https://`,
    )
  return new ProxyError(
    'ProxyUnreachable',
    `${place} is not reached (${code})`,
    'network',
    `check ${address}, DNS and the network`,
  )
}

/** Makes the error for a proxy that answers a request for a tunnel with another status than 200; `schemes` is its Proxy-Authenticate. */
export function proxyRefusal(
  proxy: Proxy,
  target: string,
  status: number,
  schemes: string,
): ProxyError {
  const place = placeOf(proxy)
  // Tinyproxy answers a wrong password with 401.
  if (status === 407 || status === 401)
    return loginRefusal(proxy, status, schemes)
  const message = `${place} answers ${status} when asked for ${target}`
  if (status >= 500 || status === 408 || status === 429)
    return new ProxyError(
      'ProxyRefused',
      message,
      'network',
      'it may not reach that host: check Region and Endpoint, and see its log',
    )
  return new ProxyError(
    'ProxyRefused',
    message,
    'access',
    status === 403
      ? `have it allow CONNECT to ${target}`
      : `check ${addressOf(proxy)}, and that it allows CONNECT to ${target}`,
  )
}

function loginRefusal(
  proxy: Proxy,
  status: number,
  schemes: string,
): ProxyError {
  const { source, authorization } = proxy
  const answers = `${placeOf(proxy)} answers ${status}`
  const isOurs = source === 'ProxyServer'
  const code = 'ProxyAuthenticationRequired'
  if (schemes !== '' && !/(^|,)\s*basic\s*(,|\s|$)/i.test(schemes)) {
    const names = schemes.match(/\b(ntlm|negotiate|kerberos|digest)\b/gi)
    return new ProxyError(
      code,
      `${answers} and takes ${names ? [...new Set(names)].join(' or ') : 'another login'} alone, of which only Basic can be sent`,
      'access',
      'have it take Basic, or set ProxyServer to a local proxy that logs in there, such as cntlm or px',
    )
  }
  if (authorization === undefined)
    return new ProxyError(
      code,
      `${answers}: it wants a user name and a password`,
      'access',
      isOurs
        ? 'set UserName and Password, and Domain where it has one'
        : `give them in ${source}, or set ProxyServer, UserName and Password`,
    )
  return new ProxyError(
    code,
    `${answers}: it refuses the user name or the password`,
    'access',
    isOurs
      ? 'check UserName, Password and Domain'
      : `check those in ${source}, percent-encoded as they must be there`,
  )
}

/** Tells whether a proxy refused the login. */
export const isLoginRefusal = (error: unknown): boolean =>
  error instanceof ProxyError && error.code === 'ProxyAuthenticationRequired'

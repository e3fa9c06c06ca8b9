// What goes wrong between us and a proxy, before S3 hears of it: that it is
// the proxy at this address, what it said, and what to do. Its credentials are
// in none of this.

import { AdvisedError } from '../errors/advice.ts'
import { addressOf, placeOf, type Proxy } from './proxy.ts'

/** Reports a proxy that cannot be used, is not reached, or refuses. */
export class ProxyError extends AdvisedError {
  override readonly name = 'ProxyError'

  constructor(
    code: string,
    message: string,
    kind: 'access' | 'network',
    advice: string,
  ) {
    super(code, message, { kind, about: 'proxy', advice, everywhere: true })
  }
}

/** Reports a variable of the environment that names no proxy that can be used. */
export function badVariable(name: string, message: string): ProxyError {
  return new ProxyError(
    'ProxyUnusable',
    `${name} ${message}`,
    'access',
    `give it as http://HOST:PORT, with user name and password percent-encoded in it, or set ProxyServer`,
  )
}

/** Reports a proxy that said nothing in so many ms. */
export function proxySilence(proxy: Proxy, milliseconds: number): ProxyError {
  return new ProxyError(
    'ProxyUnreachable',
    `${placeOf(proxy)} did not answer within ${milliseconds / 1000} s`,
    'network',
    `check ${addressOf(proxy)} and the network`,
  )
}

/** Reports a proxy that the network, TLS or its way of speaking kept us from. */
export function proxyFault(proxy: Proxy, code: string): ProxyError {
  const place = placeOf(proxy)
  const address = addressOf(proxy)
  if (/^HPE_|^EPROTO|^ERR_SSL_/.test(code))
    return new ProxyError(
      'ProxyUnreachable',
      `${place} does not speak as a proxy does (${code})`,
      'network',
      `check ${address}, and whether it is to begin with http:// or https://`,
    )
  if (/CERT|^UNABLE_TO_/.test(code))
    return new ProxyError(
      'ProxyUnreachable',
      `${place} has a certificate that is not trusted (${code})`,
      'network',
      `trust its certificate authority with NODE_EXTRA_CA_CERTS, or check ${address}`,
    )
  if (code === 'ECONNRESET')
    return new ProxyError(
      'ProxyUnreachable',
      `${place} hung up (ECONNRESET)`,
      'network',
      `check ${address}, and whether it is to begin with https://`,
    )
  return new ProxyError(
    'ProxyUnreachable',
    `${place} is not reached (${code})`,
    'network',
    `check ${address}, DNS and the network`,
  )
}

/** Reports a proxy that answers with another status than 200 when asked for a tunnel to a host and port; `schemes` is its Proxy-Authenticate. */
export function proxyRefusal(
  proxy: Proxy,
  target: string,
  status: number,
  schemes: string,
): ProxyError {
  const place = placeOf(proxy)
  // Tinyproxy's word for a wrong password is 401.
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

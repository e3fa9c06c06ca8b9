// Chooses the proxy for a URL: the one of the settings for every host, else the
// one that the environment names, by curl's rules for HTTPS_PROXY, HTTP_PROXY,
// ALL_PROXY and NO_PROXY. The machine's own metadata service, which gives
// credentials, is never reached through a proxy.

import { percentDecoded } from '../../report/conceal.ts'
import { bareHost, proxyAddress } from '../../settings/proxy-address.ts'
import { isExempt } from './no-proxy.ts'
import { badVariable } from './proxy-error.ts'
import { basicLogin, type Proxy, type ProxySettings } from './proxy.ts'

const METADATA = new Set([
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  '[fd00:ec2::254]',
])

/** Gives the proxy for a URL, undefined for none; throws ProxyError for a variable that names no usable proxy. */
export function proxyFor(
  target: URL,
  settings: ProxySettings,
  env: NodeJS.ProcessEnv,
): Proxy | undefined {
  if (METADATA.has(target.hostname)) return undefined
  if (settings.ProxyServer !== '') return proxyOfSettings(settings)
  const name = proxyVariable(target.protocol, env)
  if (name === undefined) return undefined
  const list = env['no_proxy'] || env['NO_PROXY'] || ''
  return isExempt(target, list) ? undefined : proxyOfVariable(name, env[name])
}

/** Gives the name of the variable with the proxy for `https:` or `http:`, if one is set. */
export function proxyVariable(
  protocol: string,
  env: NodeJS.ProcessEnv,
): string | undefined {
  const own = protocol === 'https:' ? 'https_proxy' : 'http_proxy'
  return [own, own.toUpperCase(), 'all_proxy', 'ALL_PROXY'].find(
    name => (env[name] ?? '').trim() !== '',
  )
}

/** Tells whether any request at all may go through a proxy. */
export function mayUseProxy(
  { ProxyServer }: ProxySettings,
  env: NodeJS.ProcessEnv,
): boolean {
  return (
    ProxyServer !== '' ||
    ['https:', 'http:'].some(protocol => proxyVariable(protocol, env))
  )
}

/** Gives the proxy of ProxyServer, which parse-settings has checked. */
export function proxyOfSettings(settings: ProxySettings): Proxy {
  const { ProxyServer, ProxyPort, UserName, Password, Domain } = settings
  const { secure, host, port } = proxyAddress(ProxyServer) ?? {
    secure: false,
    host: ProxyServer,
    port: undefined,
  }
  const user = Domain === '' ? UserName : `${Domain}\\${UserName}`
  return {
    secure,
    host,
    port: ProxyPort ?? port ?? (secure ? 443 : 80),
    authorization: UserName === '' ? undefined : basicLogin(user, Password),
    source: 'ProxyServer',
  }
}

function proxyOfVariable(name: string, value = ''): Proxy {
  // A URL takes a backslash for a slash; before a user name it follows the
  // domain.
  const text = value.trim().replaceAll('\\', '%5C')
  const hasScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(text)
  const whole = hasScheme ? text : `http://${text}`
  const url = URL.canParse(whole) ? new URL(whole) : undefined
  if (/^socks/i.test(url?.protocol ?? ''))
    throw badVariable(name, 'names a SOCKS proxy, which cannot be used')
  // A slash in a password makes the user name look like the host.
  if (!url || !/^https?:$/.test(url.protocol) || !/^\/?$/.test(restOf(url)))
    throw badVariable(name, "is not a proxy's URL")
  const secure = url.protocol === 'https:'
  return {
    secure,
    host: bareHost(url.hostname),
    port: Number(url.port) || (secure ? 443 : 80),
    authorization:
      url.username === ''
        ? undefined
        : basicLogin(
            percentDecoded(url.username),
            percentDecoded(url.password),
          ),
    source: name,
  }
}

const restOf = ({ pathname, search, hash }: URL): string =>
  pathname + search + hash

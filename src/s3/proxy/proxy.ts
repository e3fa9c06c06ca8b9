// A proxy as it is asked: where it is, its login, and what names it, so that
// whoever reads of it knows which setting or variable to look at.

import { conceal } from '../../report/conceal.ts'
import { urlHost } from '../../settings/proxy-address.ts'

/** A proxy that requests go through. */
export interface Proxy {
  /** Whether TLS is spoken with the proxy itself. */
  secure: boolean
  /** A name or address, one of IPv6 without brackets. */
  host: string
  port: number
  /** The value of Proxy-Authorization, a secret; undefined without a user name. */
  authorization: string | undefined
  /** What names it: `ProxyServer`, or a variable such as `HTTPS_PROXY`. */
  source: string
}

/** The settings of a proxy. */
export interface ProxySettings {
  ProxyServer: string
  ProxyPort: number | undefined
  UserName: string
  Password: string
  Domain: string
}

/** Names the place of a proxy, and what names it. */
export const placeOf = ({ host, port, source }: Proxy): string =>
  `the proxy ${urlHost(host)}:${port} (${source})`

/** Names the settings or the variable that its address is from. */
export const addressOf = ({ source }: Proxy): string =>
  source === 'ProxyServer' ? 'ProxyServer and ProxyPort' : source

/** Makes the value of Proxy-Authorization, which is concealed from now on. */
export function basicLogin(user: string, password: string): string {
  const login = `${user}:${password}`
  // A short password alone cannot be concealed.
  conceal(password, login)
  return `Basic ${Buffer.from(login).toString('base64')}`
}

// A proxy: its address, its login, and the setting or variable that names it,
// so that a message shows which one to check.

import { conceal } from '../../report/conceal.ts'
import { urlHost } from '../../settings/proxy-address.ts'

/** A proxy that requests go through. */
export interface Proxy {
  /** Whether TLS is spoken with the proxy itself. */
  secure: boolean
  /** A name or address; an IPv6 address has no brackets. */
  host: string
  port: number
  /** The value of Proxy-Authorization, a secret; undefined without a user name. */
  authorization: string | undefined
  /** The setting or variable that names it: `ProxyServer`, or one such as `HTTPS_PROXY`. */
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

/** Gives the address of a proxy, and the setting or variable that names it. */
export const placeOf = ({ host, port, source }: Proxy): string =>
  `the proxy ${urlHost(host)}:${port} (${source})`

/** Gives the settings or the variable that its address is from. */
export const addressOf = ({ source }: Proxy): string =>
  source === 'ProxyServer' ? 'ProxyServer and ProxyPort' : source

/** Makes the value of Proxy-Authorization, which is concealed from now on. */
export function basicLogin(user: string, password: string): string {
  const login = `${user}:${password}`
  // A short password alone cannot be concealed.
  conceal(password, login)
  return `Basic ${Buffer.from(login).toString('base64')}`
}

// Reads the address of a proxy from ProxyServer: a name, an IPv4 or IPv6 address,
// or an http or https URL, with or without a port.

import { isIPv6 } from 'node:net'

export interface ProxyAddress {
  /** True if the proxy itself speaks TLS. */
  secure: boolean
  /** A name or an address; an IPv6 address has no brackets. */
  host: string
  port: number | undefined
}

/** Reads ProxyServer; undefined if the address or its port is invalid. */
export function proxyAddress(text: string): ProxyAddress | undefined {
  const isBare = isIPv6(text)
  const address = isBare ? `[${text}]` : text
  const url = /^https?:\/\//i.test(address) ? address : `http://${address}`
  if (!URL.canParse(url)) return undefined
  const { protocol, hostname } = new URL(url)
  // URL drops the default port of its scheme.
  const port = isBare ? undefined : /:(\d+)\/?$/.exec(text)?.[1]
  return {
    secure: protocol === 'https:',
    host: bareHost(hostname),
    port: port === undefined ? undefined : Number(port),
  }
}

// IPv6 addresses have brackets only in URLs.
/** Removes the brackets from a URL's host. */
export const bareHost = (host: string): string => host.replace(/^\[|\]$/g, '')

/** Gives a host in the form of a URL, with brackets around an IPv6 address. */
export const urlHost = (host: string): string =>
  host.includes(':') ? `[${host}]` : host

// Reads the address of a proxy as ProxyServer gives it: a name, an address of
// either kind, or an http or https URL, perhaps with a port.

import { isIPv6 } from 'node:net'

export interface ProxyAddress {
  /** Whether TLS is spoken with the proxy itself. */
  secure: boolean
  /** A name or address, one of IPv6 without brackets. */
  host: string
  port: number | undefined
}

/** Reads ProxyServer; undefined when it is no address, or its port none. */
export function proxyAddress(text: string): ProxyAddress | undefined {
  const isBare = isIPv6(text)
  const address = isBare ? `[${text}]` : text
  const url = /^https?:\/\//i.test(address) ? address : `http://${address}`
  if (!URL.canParse(url)) return undefined
  const { protocol, hostname } = new URL(url)
  // A URL drops the port that is its scheme's own.
  const port = isBare ? undefined : /:(\d+)\/?$/.exec(text)?.[1]
  return {
    secure: protocol === 'https:',
    host: bareHost(hostname),
    port: port === undefined ? undefined : Number(port),
  }
}

// An address of IPv6 is in brackets in a URL, and nowhere else.
/** Takes the brackets off a host as a URL has it. */
export const bareHost = (host: string): string => host.replace(/^\[|\]$/g, '')

/** Gives a host as a URL has it. */
export const urlHost = (host: string): string =>
  host.includes(':') ? `[${host}]` : host

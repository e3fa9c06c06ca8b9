// Reads NO_PROXY like curl: names with all below them (`example.com`,
// `.example.com`, `*.example.com`), addresses, networks (`10.0.0.0/8`), each
// with a port or without, and `*` for everything.

import { BlockList, isIP } from 'node:net'
import { bareHost } from '../../settings/proxy-address.ts'

/** Tells whether a URL's host is on the list. */
export function isExempt(target: URL, list: string): boolean {
  const host = target.hostname.replace(/^\[|\]$|\.$/g, '')
  const port = target.port || (target.protocol === 'https:' ? '443' : '80')
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some(entry => isListed(entry, host, port))
}

// A text with several colons and no brackets is an IPv6 address.
const WITH_PORT = /^(\[.*\]|[^:]*):(\d+)$/

function isListed(entry: string, host: string, port: string): boolean {
  const [, place = entry, only = port] = WITH_PORT.exec(entry) ?? []
  if (only !== port) return false
  if (place === '*') return true
  const name = bareHost(place)
  if (isIP(host)) return isInside(host, name)
  const suffix = name.replace(/^\*?\.|\.$/g, '')
  return suffix !== '' && (host === suffix || host.endsWith(`.${suffix}`))
}

function isInside(host: string, entry: string): boolean {
  const [network = '', bits] = entry.split('/')
  const kind = isIP(network)
  if (kind === 0 || kind !== isIP(host)) return false
  const family = kind === 4 ? 'ipv4' : 'ipv6'
  const length = bits === undefined ? (kind === 4 ? 32 : 128) : Number(bits)
  const block = new BlockList()
  try {
    block.addSubnet(network, length, family)
  } catch {
    return false
  }
  return block.check(host, family)
}

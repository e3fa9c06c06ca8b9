// An address of IPv6 is in brackets in a URL, and nowhere else.

/** Takes the brackets off a host as a URL has it. */
export const bareHost = (host: string): string => host.replace(/^\[|\]$/g, '')

/** Gives a host as a URL has it. */
export const urlHost = (host: string): string =>
  host.includes(':') ? `[${host}]` : host

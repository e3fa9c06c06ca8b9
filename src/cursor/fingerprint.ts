// One object of a bucket as a number of 64 bits. Key and size only: log
// objects are never rewritten, but re-encrypting them in place changes ETags.

import { hash } from 'node:crypto'

/** Makes an object's fingerprint: the first 8 bytes of the SHA-256 of its size in decimal digits, a space and its key, big-endian. */
export function fingerprint(key: string, size: number): bigint {
  return BigInt(`0x${hash('sha256', `${size} ${key}`, 'hex').slice(0, 16)}`)
}

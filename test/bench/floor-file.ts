// The bodies of a bucket in one file, each after its length, so that the floor
// reads them at next to no cost.

import { closeSync, openSync, readSync, writeSync } from 'node:fs'

const LENGTH_BYTES = 4

/** Names the file of the keys, a line each, beside that of the bodies. */
export function keysPath(path: string): string {
  return `${path}.keys`
}

/** Appends a body to a file opened for writing. */
export function writeBody(file: number, body: Buffer): void {
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeUInt32BE(body.length)
  writeSync(file, length)
  writeSync(file, body)
}

/** Reads the bodies one by one. */
export function* readBodies(path: string): Generator<Buffer> {
  const file = openSync(path, 'r')
  const length = Buffer.alloc(LENGTH_BYTES)
  while (readSync(file, length) === LENGTH_BYTES) {
    const body = Buffer.allocUnsafe(length.readUInt32BE())
    readSync(file, body)
    yield body
  }
  closeSync(file)
}

// Bodies to inflate, and what comes of them.

import { inflate } from '../../src/decode/inflate.ts'

export type Body = Parameters<typeof inflate>[0]
export type Limits = Parameters<typeof inflate>[1]

/** Collects what comes out before the end or the error. */
export async function read(body: Body, limits?: Limits) {
  const chunks: Buffer[] = []
  let error: unknown
  try {
    for await (const chunk of inflate(body, limits)) chunks.push(chunk)
  } catch (caught) {
    error = caught
  }
  return { plain: Buffer.concat(chunks), error }
}

/** Makes a body that can be read once, as one from the network. */
export async function* inChunks(body: Buffer, size: number) {
  for (let i = 0; i < body.length; i += size) yield body.subarray(i, i + size)
}

/** Makes a body that can be read again and again, as a file can. */
export function rereadable(body: Buffer, size: number): AsyncIterable<Buffer> {
  return { [Symbol.asyncIterator]: () => inChunks(body, size) }
}

/** Gives the same body as Buffer and in chunks, of one byte if it is short. */
export function ways(body: Buffer): [string, Body][] {
  return [
    ['Buffer', body],
    ['chunks', rereadable(body, body.length < 1000 ? 1 : 5000)],
  ]
}

/** Makes text that hardly shrinks, so that faults can sit deep in the data. */
export function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length)
  let state = 1
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) | 0
    bytes[i] = 0x20 + ((state >>> 16) % 95)
  }
  return bytes
}

export const short = Buffer.from('{"Records":[{"a":1},{"b":"ü"}]}')
export const long = noise(700_000)
export const repetitive = Buffer.alloc(9_000_000, 'abcdefghij')

// Inflates blocks of LZ4: runs of literal bytes, each followed by a copy of
// bytes a given distance before. It reads and writes within its buffers alone.

const MIN_COPY = 4
const MORE = 15
const HEAD = 8

/** Inflates one block to so many bytes; throws if its size differs. */
export function lz4Block(bytes: Buffer, size: number): Buffer {
  const out = Buffer.allocUnsafeSlow(size)
  const { length } = bytes
  let at = 0
  let to = 0
  const lengthOf = (nibble: number): number => {
    let count = nibble
    if (nibble < MORE) return count
    for (;;) {
      const byte = bytes[at++]
      if (byte === undefined) throw broken()
      count += byte
      if (byte < 255) return count
    }
  }
  while (at < length) {
    const token = bytes[at++] as number
    const literal = lengthOf(token >> 4)
    if (literal > length - at || literal > size - to) throw broken()
    bytes.copy(out, to, at, at + literal)
    at += literal
    to += literal
    if (at >= length) break
    const back = (bytes[at++] as number) | ((bytes[at++] ?? 0) << 8)
    const count = lengthOf(token & 15) + MIN_COPY
    if (back === 0 || back > to || count > size - to) throw broken()
    for (const end = to + count; to < end; to++)
      out[to] = out[to - back] as number
  }
  if (to !== size) throw broken()
  return out
}

/** Inflates the LZ4 of older writers: blocks that Hadoop prefixes with two lengths, or one block without. */
export function lz4Hadoop(bytes: Buffer, size: number): Buffer {
  const blocks: Buffer[] = []
  let inflated = 0
  let at = 0
  while (at + HEAD <= bytes.length) {
    const plain = bytes.readUInt32BE(at)
    const packed = bytes.readUInt32BE(at + 4)
    const from = at + HEAD
    if (packed > bytes.length - from || plain > size - inflated) break
    blocks.push(lz4Block(bytes.subarray(from, from + packed), plain))
    inflated += plain
    at = from + packed
  }
  return at === bytes.length && at > 0
    ? Buffer.concat(blocks)
    : lz4Block(bytes, size)
}

const broken = (): Error => new Error('the LZ4 data is damaged')

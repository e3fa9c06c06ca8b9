// Inflates pages. node:zlib does so for its own formats; Snappy is hyparquet's,
// and LZ4 is short enough to be here. Large pages of gzip are read as a stream.

import * as zlib from 'node:zlib'
import { snappyUncompress } from 'hyparquet'
import type { RangeReader } from '../../files/stored-bytes.ts'
import { Gunzip } from '../gunzip-stream.ts'
import { lz4Block, lz4Hadoop } from './lz4.ts'
import { damaged, notRead } from './parquet-error.ts'

/** The codecs, by Parquet's numbers. */
export const NONE = 0
export const GZIP = 2
const NAMES = 'NONE SNAPPY GZIP LZO BROTLI LZ4 ZSTD LZ4_RAW'.split(' ')

const PIECE = 64 * 1024
// Each column has its own, so they are smaller than those of text.
const CHUNK = 32 * 1024
// The smallest output chunk that zlib allows.
const LEAST_CHUNK = 64

type Inflate = (bytes: Buffer, size: number) => Buffer

const whole = (size: number): zlib.ZlibOptions => ({
  maxOutputLength: Math.max(1, size),
  // One byte more, or zlib asks for a second buffer to see the end.
  chunkSize: Math.max(LEAST_CHUNK, size + 1),
})

// The types of Node 20 lack it.
const { zstdDecompressSync } = zlib as unknown as {
  zstdDecompressSync?: (bytes: Buffer, options: object) => Buffer
}

const inflates: readonly (Inflate | undefined)[] = [
  bytes => bytes,
  (bytes, size) => {
    const out = Buffer.allocUnsafeSlow(size)
    snappyUncompress(bytes, out)
    return out
  },
  (bytes, size) => zlib.gunzipSync(bytes, whole(size)),
  undefined,
  (bytes, size) =>
    zlib.brotliDecompressSync(bytes, { maxOutputLength: Math.max(1, size) }),
  lz4Hadoop,
  zstdDecompressSync &&
    ((bytes, size) =>
      zstdDecompressSync(bytes, { maxOutputLength: Math.max(1, size) })),
  lz4Block,
]

/** Throws DecodeError if pages of a codec cannot be read. */
export function checkCodec(codec: number): void {
  if (inflates[codec] !== undefined) return
  const name = NAMES[codec] ?? `number ${codec}`
  if (name === 'ZSTD')
    throw notRead(
      'pages in ZSTD',
      ` by Node ${process.versions.node}: have Node 22.15 or newer run lr-s3-input`,
    )
  throw notRead(`pages in the compression ${name}`)
}

/** Inflates a page; throws DecodeError if it is damaged or not of its declared length. */
export function inflatePage(
  codec: number,
  bytes: Buffer,
  size: number,
): Buffer {
  let inflated: Buffer | undefined
  try {
    // Some writers give an empty page no bytes, whatever the codec.
    inflated =
      size === 0 ? bytes.subarray(0, 0) : inflates[codec]?.(bytes, size)
  } catch (error) {
    throw damaged(
      `a page in ${NAMES[codec]} cannot be inflated to its ${size} bytes (${(error as Error).message})`,
      error,
    )
  }
  if (inflated?.length !== size)
    throw damaged(
      `a page has ${inflated?.length} bytes where it says that it has ${size}`,
    )
  return inflated
}

/** Reads the bytes of a page piece by piece, and inflates them if they are gzip. */
export async function* streamPage(
  file: RangeReader,
  codec: number,
  at: number,
  bytes: number,
  size: number,
): AsyncGenerator<Buffer> {
  const gunzip =
    codec === GZIP ? new Gunzip({ bytes: size, ratio: 0 }, CHUNK) : undefined
  try {
    for (let from = at; from < at + bytes; from += PIECE) {
      const piece = await file.read(from, Math.min(PIECE, at + bytes - from))
      if (gunzip === undefined) yield piece
      else yield* gunzip.push(piece)
    }
    if (gunzip !== undefined) yield* gunzip.end()
  } finally {
    gunzip?.close()
  }
}

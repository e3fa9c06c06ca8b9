// Reads complete parts of the spool: repeatedly from their start, or in ranges.

import { open, type FileHandle } from 'node:fs/promises'
import type { RangeReader, StoredBytes } from '../files/stored-bytes.ts'
import type { Part } from './spool.ts'
import { spoolError } from './spool-error.ts'

const PIECE = 256 * 1024

/** Reads a complete part, each piece in the place of the one before; every call throws SpoolError. */
export function readPart(part: Part): StoredBytes {
  return {
    [Symbol.asyncIterator]: () => pieces(part),
    open: () => openPart(part),
  }
}

async function* pieces({ path, size }: Part): AsyncGenerator<Buffer> {
  let handle: FileHandle | undefined
  try {
    handle = await open(path, 'r')
    const piece = Buffer.allocUnsafeSlow(Math.min(PIECE, size))
    for (let at = 0; at < size;) {
      const { bytesRead } = await handle.read(piece, 0, piece.length, at)
      if (bytesRead === 0) throw endsAt(at)
      at += bytesRead
      yield piece.subarray(0, bytesRead)
    }
  } catch (cause) {
    throw unreadable(cause, path)
  } finally {
    await handle?.close().catch(() => {})
  }
}

async function openPart({ path, size }: Part): Promise<RangeReader> {
  const handle = await open(path, 'r').catch((cause: unknown) => {
    throw unreadable(cause, path)
  })
  const read = async (at: number, length: number): Promise<Buffer> => {
    const bytes = Buffer.allocUnsafeSlow(length)
    try {
      for (let done = 0; done < length;) {
        const rest = length - done
        const { bytesRead } = await handle.read(bytes, done, rest, at + done)
        if (bytesRead === 0) throw endsAt(at + done)
        done += bytesRead
      }
    } catch (cause) {
      throw unreadable(cause, path)
    }
    return bytes
  }
  return { size, read, close: () => handle.close().catch(() => {}) }
}

const endsAt = (at: number): Error => new Error(`it ends at ${at} bytes`)

const unreadable = (cause: unknown, path: string): Error =>
  spoolError(cause, 'reading the spool', path)

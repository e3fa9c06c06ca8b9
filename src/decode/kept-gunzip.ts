// Inflates small gzip bodies with one engine: Node's gunzipSync makes an engine
// for each body, which costs twice what the inflating does. Node has no public
// way to use one again; this is that of npm's own minizlib: Node's synchronous
// step, with the closing of the engine left out.

// oxlint-disable no-underscore-dangle
import { constants, createGunzip, type Gunzip } from 'node:zlib'

/** What has been inflated, as gunzipSync gives it with `info`. */
export interface Inflated {
  buffer: Buffer
  /** Its bytesWritten is the number of compressed bytes that were used. */
  engine: { bytesWritten: number }
}

interface Engine extends Gunzip {
  _handle: { close(): void; reset(): void }
  _processChunk(bytes: Buffer, flush: number): Buffer
}

/** The largest plain size for which the engine is worth it. */
export const MAX_KEPT_OUTPUT = 64 * 1024

let kept: Engine | undefined

/** Inflates a whole body; throws Node's error if it is damaged or cut off, or has more than MAX_KEPT_OUTPUT plain bytes. */
export function gunzipKept(body: Buffer): Inflated {
  const engine = kept ?? newEngine()
  // After an error it is used no more.
  kept = undefined
  const { _handle } = engine
  _handle.reset()
  const output = engine._processChunk(body, constants.Z_FINISH)
  engine._handle = _handle
  // Each step adds a listener.
  engine.removeAllListeners('error')
  kept = engine
  // Each step writes its output to the same place.
  return { buffer: Buffer.from(output), engine }
}

function newEngine(): Engine {
  const engine = createGunzip({
    chunkSize: MAX_KEPT_OUTPUT,
    maxOutputLength: MAX_KEPT_OUTPUT,
  }) as Engine
  engine._handle.close = () => {}
  return engine
}

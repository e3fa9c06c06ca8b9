// Gives up an object that sends a byte only now and then: the silence limit
// never ends it, and it never completes. A large object gets more time.

import type { Clock } from '../../clock.ts'
import { SourceError } from '../../s3/errors/source-error.ts'
import { LONGEST_DRIP_MS } from '../../s3/silence-watch.ts'

// Many objects are read at once, perhaps over a slow line.
const MIN_BYTES_PER_SECOND = 16 * 1024

/** Runs work that reads an object of so many bytes, until the signal that it is given aborts; throws the error of the work, or a SourceError if the object came too slowly. */
export async function inReadingTime<T>(
  { key, size }: { key: string; size: number },
  { clock, signal }: { clock: Clock; signal: AbortSignal },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted()
  const reading = new AbortController()
  const done = new AbortController()
  const milliseconds = LONGEST_DRIP_MS + (size / MIN_BYTES_PER_SECOND) * 1000
  const drips = dripping(key, milliseconds)
  const onStop = (): void => reading.abort(signal.reason)
  signal.addEventListener('abort', onStop, { once: true })
  void clock.sleep(milliseconds, done.signal).then(() => {
    if (!done.signal.aborted) reading.abort(drips)
  })
  try {
    return await work(reading.signal)
  } catch (error) {
    throw reading.signal.reason === drips ? drips : error
  } finally {
    done.abort()
    signal.removeEventListener('abort', onStop)
  }
}

const dripping = (key: string, milliseconds: number): SourceError =>
  new SourceError(
    `reading ${key}: it was not whole after ${Math.round(milliseconds / 1000)} s; check the network and any proxy, and run this again`,
    { code: 'Stalled', kind: 'network', about: 'endpoint' },
  )

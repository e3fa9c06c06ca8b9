// Tries a request again while that may help, with growing pauses. Not left to
// the SDK: its retries draw on one store for the whole client, which a bad
// quarter of a minute empties, and from then on it fails at the first fault.

import type { Clock } from '../clock.ts'
import type { RequestGate } from './gate.ts'
import { SourceError, worthRetry } from './errors/source-error.ts'

const TRIES = 5
const PAUSE_MS = 100
const THROTTLED_PAUSE_MS = 500
const MAX_PAUSE_MS = 3000

/** Whose turn it is, and how long is waited. */
export interface RetryOptions {
  clock: Clock
  gate: RequestGate
  signal: AbortSignal | undefined
  /** How often it is tried at most, unless what fails would fail for any request. */
  tries?: number | undefined
  /** Gives a number from 0 to below 1. */
  random?: () => number
}

/** Tries until it succeeds, five times at most unless fewer are given; `ask` gets the number of the try and throws SourceError. */
export async function retryRequest<T>(
  ask: (attempt: number) => Promise<T>,
  { clock, gate, signal, tries = TRIES, random = Math.random }: RetryOptions,
): Promise<T> {
  let learntTime = false
  let fault: unknown
  for (let attempt = 1; ; attempt++) {
    try {
      return await gate.pass(() => ask(attempt), signal)
    } catch (error) {
      // What failed before says more than that time cut this try off.
      if (signal?.aborted) throw fault ?? error
      fault = error
      // The refusal has told the SDK the time, so once more is enough.
      if (isSkewed(error) && !learntTime) {
        learntTime = true
        continue
      }
      if (attempt >= (isEveryones(error) ? TRIES : tries)) throw error
      if (!worthRetry(error)) throw error
      // All of the pause is random, so that requests do not come in waves.
      await clock.sleep(random() * longestPause(error, attempt), signal)
      if (signal?.aborted) throw error
    }
  }
}

const isEveryones = (error: unknown): boolean =>
  error instanceof SourceError && error.everywhere

const isSkewed = (error: unknown): boolean =>
  error instanceof SourceError && error.code === 'RequestTimeTooSkewed'

function longestPause(error: unknown, attempt: number): number {
  const throttled = error instanceof SourceError && error.throttled
  const first = throttled ? THROTTLED_PAUSE_MS : PAUSE_MS
  return Math.min(MAX_PAUSE_MS, first * 2 ** (attempt - 1))
}

// Tries a request again while that may help, with growing pauses. The SDK's own
// retries share one budget for the whole client, which fifteen bad seconds use
// up, and from then on it fails at the first fault.

import type { Clock } from '../clock.ts'
import { SourceError, isRetryable } from './errors/source-error.ts'

const TRIES = 5
const PAUSE_MS = 100
const THROTTLED_PAUSE_MS = 500
const MAX_PAUSE_MS = 3000

/** The limits of a request's tries, and its clock. */
export interface RetryOptions {
  clock: Clock
  signal: AbortSignal | undefined
  /** The largest number of tries; a fault that affects all requests ends them at once. */
  tries?: number | undefined
  /** Gives a number from 0 to below 1. */
  random?: () => number
}

/** Tries again after the fault of the first try, until it succeeds, at most five times in all unless fewer are given; `ask` gets the number of the try. Throws the last fault. */
export async function retryRequest<T>(
  first: unknown,
  ask: (attempt: number) => Promise<T>,
  { clock, signal, tries = TRIES, random = Math.random }: RetryOptions,
): Promise<T> {
  let learntTime = false
  let fault = first
  for (let attempt = 1; ; attempt++) {
    if (signal?.aborted) throw fault
    // The refusal has corrected the clock, so one more try is enough.
    if (isSkewed(fault) && !learntTime) learntTime = true
    else {
      if (attempt >= (isEveryones(fault) ? TRIES : tries)) throw fault
      if (!isRetryable(fault)) throw fault
      // The whole pause is random, so that requests do not come in waves.
      await clock.sleep(random() * longestPause(fault, attempt), signal)
      if (signal?.aborted) throw fault
    }
    try {
      return await ask(attempt + 1)
    } catch (error) {
      // The earlier fault says more than that time cut this try off.
      if (!signal?.aborted) fault = error
    }
  }
}

const isEveryones = (error: unknown): boolean =>
  error instanceof SourceError && error.affectsAll

const isSkewed = (error: unknown): boolean =>
  error instanceof SourceError && error.code === 'RequestTimeTooSkewed'

function longestPause(error: unknown, attempt: number): number {
  const throttled = error instanceof SourceError && error.throttled
  const first = throttled ? THROTTLED_PAUSE_MS : PAUSE_MS
  return Math.min(MAX_PAUSE_MS, first * 2 ** (attempt - 1))
}

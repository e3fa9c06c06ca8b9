// The time limit that ends requests with the error of an S3 that did not answer.

import { timeLimit as limitOf } from '../../clock.ts'
import { SourceError } from './source-error.ts'

/** Makes a signal that ends requests after so many seconds, or with another signal. */
export const timeLimit = (seconds: number, stop: AbortSignal): AbortSignal =>
  limitOf(
    seconds * 1000,
    stop,
    () =>
      new SourceError(
        `no answer came within ${seconds} s; check Endpoint, Region and the network`,
        { code: 'NoAnswer', kind: 'network' },
      ),
  )

// The error for an S3 that did not answer in time, and the time limit that ends
// requests with it.

import { timeLimit as limitOf } from '../../clock.ts'
import { SourceError } from './source-error.ts'

/** Makes the error of a missing answer; `when` is such as `within 5 s`. */
export const noAnswer = (when: string): SourceError =>
  new SourceError(
    `no answer came ${when}; check Endpoint, Region and the network`,
    { code: 'NoAnswer', kind: 'network' },
  )

/** Makes a signal that ends requests after so many seconds, or with another signal. */
export const timeLimit = (seconds: number, stop: AbortSignal): AbortSignal =>
  limitOf(seconds * 1000, stop, () => noAnswer(`within ${seconds} s`))

// From a request to its answer: signed by the time of S3 and with credentials
// that hold, sent, and refused if S3 refuses. How the bucket is reached is
// found out at the first request, again if that fails.

import { conceal } from '../conceal.ts'
import { answerError } from './answer-error.ts'
import {
  observeRequest,
  type RequestObserver,
  type S3Answer,
} from './observe-request.ts'
import { openAccess, type AccessSettings } from './s3-access.ts'
import type { S3Request } from './s3-request.ts'
import { serverTime } from './s3-clock.ts'
import { requestSender } from './send-request.ts'
import { requestSigner } from './sign-request.ts'
import type { SilenceWatch } from './silence.ts'

/** Tries a request once; throws what the network, the SDK or S3 gives for an error. */
export type S3Exchange = (
  request: S3Request,
  attempt: number,
  watch: SilenceWatch,
) => Promise<S3Answer>

// S3 takes 15 minutes; the time that an answer takes is none of the clock's.
const NOTABLE_SKEW_MS = 300_000

/** Makes the exchange for a bucket whose clock is so many ms ahead of this machine's. */
export function openExchange(
  settings: AccessSettings,
  clockOffset: number,
  observer: RequestObserver,
): S3Exchange {
  let offset = clockOffset
  const learnTime = (date: string | undefined): void => {
    const ahead = serverTime(date) - Date.now()
    if (Math.abs(ahead - offset) >= NOTABLE_SKEW_MS) offset = ahead
  }
  let opened: ReturnType<typeof openLine> | undefined
  const open = (): ReturnType<typeof openLine> => {
    opened ??= openLine(settings).catch((error: unknown) => {
      opened = undefined
      throw error
    })
    return opened
  }

  return async (request, attempt, watch) => {
    const { url, credentials, sign, send } = await open()
    const keys = await credentials()
    conceal(keys.secretAccessKey, keys.sessionToken)
    const { kind, query } = request
    const path = url.pathname + request.path
    const unsigned = { path, query, headers: request.headers }
    const headers = sign(unsigned, keys, Date.now() + offset)
    const target = query === '' ? path : `${path}?${query}`
    const answer = await observeRequest(
      { kind, path, attempt },
      () => send(target, headers, watch.signal),
      watch,
      observer,
    )
    learnTime(answer.headers.date)
    const { status, text } = answer
    if (status >= 300) throw answerError(status, answer.headers, text)
    // S3 may begin with 200 before it knows that it fails.
    if (text.trimEnd().endsWith('</Error>'))
      throw answerError(503, answer.headers, text)
    return answer
  }
}

async function openLine(settings: AccessSettings) {
  const access = await openAccess(settings)
  return {
    ...access,
    sign: requestSigner(access),
    send: await requestSender(access.url),
  }
}

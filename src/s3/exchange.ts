// From a request to its answer: signed by the time of S3 and with credentials
// that hold, sent, and refused if S3 refuses. Where the bucket is, is found out
// at the first request, again if that fails. A session that S3 calls expired is
// replaced, and the request tried again.

import { conceal } from '../report/conceal.ts'
import { answerError } from './answer-error.ts'
import { keepSession } from './access/session.ts'
import {
  observeRequest,
  type RequestObserver,
  type S3Answer,
} from './observe.ts'
import { proxyFor } from './proxy/route.ts'
import { resolveEndpoint, resolveSource } from './access/resolve.ts'
import type { AccessSettings } from './access/endpoint.ts'
import type { Credentials } from './access/credentials.ts'
import type { S3Request } from './request.ts'
import { serverTime } from './clock.ts'
import { requestSender } from './send.ts'
import { requestSigner } from './sign.ts'
import type { SilenceWatch } from './silence.ts'

/** Tries a request once; throws what the network, the SDK or S3 gives for an error. */
export type S3Exchange = (
  request: S3Request,
  attempt: number,
  watch: SilenceWatch,
) => Promise<S3Answer>

// So that a proxy that says nothing is called by its name before S3 is.
const PROXY_SHARE = 0.8

// S3 takes 15 minutes; the time that an answer takes is none of the clock's.
const NOTABLE_SKEW_MS = 300_000

// A session may end while the request waits that was to use it.
const MOST_RENEWALS = 3

const EXPIRED = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'TokenRefreshRequired',
])

/** Makes the exchange for a bucket whose clock is so many ms ahead of this machine's; an attempt may be silent for `silence` ms. */
export function openExchange(
  settings: AccessSettings,
  clockOffset: number,
  silence: number,
  observer: RequestObserver,
): S3Exchange {
  let offset = clockOffset
  const learnTime = (date: string | undefined): void => {
    const ahead = serverTime(date) - Date.now()
    if (Math.abs(ahead - offset) >= NOTABLE_SKEW_MS) offset = ahead
  }
  const openLine = async () => {
    const place = await resolveEndpoint(settings)
    const source = await resolveSource(settings)
    const agent = await agentFor(place.url, settings, silence * PROXY_SHARE)
    return {
      url: place.url,
      source,
      session: keepSession(source, () => Date.now() + offset),
      sign: requestSigner(place),
      send: await requestSender(place.url, agent),
    }
  }
  let opened: ReturnType<typeof openLine> | undefined
  const open = (): ReturnType<typeof openLine> => {
    opened ??= openLine().catch((error: unknown) => {
      opened = undefined
      throw error
    })
    return opened
  }
  const payer: Record<string, string> = settings.RequestPayer
    ? { 'x-amz-request-payer': 'requester' }
    : {}

  return async (request, attempt, watch) => {
    const { url, source, session, sign, send } = await open()
    const { kind, query } = request
    const path = url.pathname + request.path
    const target = query === '' ? path : `${path}?${query}`
    const unsigned = { path, query, headers: { ...request.headers, ...payer } }
    const keysFor = async (refused?: Credentials): Promise<Credentials> => {
      watch.doing = () => source.doing
      const keys = await session(refused)
      conceal(keys.secretAccessKey, keys.sessionToken)
      watch.doing = () => ''
      watch.wait()
      return keys
    }
    const ask = async (
      keys: Credentials,
      attempt: number,
    ): Promise<S3Answer> => {
      const headers = sign(unsigned, keys, Date.now() + offset)
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
    let keys = await keysFor()
    for (let renewals = 0; ; renewals++)
      try {
        return await ask(keys, attempt + renewals)
      } catch (error) {
        const isExpired = error instanceof Error && EXPIRED.has(error.name)
        if (!isExpired || renewals === MOST_RENEWALS) throw error
        const renewed = await keysFor(keys)
        if (renewed.sessionToken === keys.sessionToken) throw error
        keys = renewed
      }
  }
}

// What a proxy needs is loaded where one is.
async function agentFor(url: URL, settings: AccessSettings, limit: number) {
  if (proxyFor(url, settings, process.env) === undefined) return undefined
  const { tunnelAgent } = await import('./proxy/tunnel.ts')
  return tunnelAgent(url.protocol, settings, limit)
}

// Asks CloudTrail for the public keys of a region (AWS, "ListPublicKeys", JSON
// 1.1), with the program's own credentials, proxy and signing, and with the
// limits of a request to S3. The SDK's client for CloudTrail would be another
// package for one call.

import type { Clock } from '../../clock.ts'
import type { AccessSettings, Endpoint } from '../../s3/access/endpoint.ts'
import { resolveSource } from '../../s3/access/resolve.ts'
import { keepSession } from '../../s3/access/credential-session.ts'
import type { Advice, Facts } from '../../s3/errors/advice.ts'
import { adviceOn, later } from '../../s3/errors/error-advice.ts'
import { SourceError, sourceError } from '../../s3/errors/source-error.ts'
import type { S3Time } from '../../s3/s3-clock.ts'
import { observeRequest } from '../../s3/observe.ts'
import { retryRequest } from '../../s3/retry-request.ts'
import { requestSender } from '../../s3/http/send.ts'
import { requestSigner } from '../../s3/sign.ts'
import { silenceMs, SilenceWatch } from '../../s3/silence-watch.ts'
import type { Settings } from '../../settings/settings-table.ts'
import { answerOf } from './cloudtrail-answer.ts'
import { cloudTrailEndpoint } from './cloudtrail-endpoint.ts'
import type { Span } from '../digests/digest-hours.ts'

/** Gives the entries of the public keys that signed a region's digests of a span; throws SourceError. */
export type ListPublicKeys = (region: string, span: Span) => Promise<unknown[]>

/** The parameters of a request to CloudTrail. */
export interface AskOptions {
  clock: Clock
  /** The time to sign with, in ms. */
  signingTime: () => number
  /** The limit, in ms, for which an attempt may receive no byte. */
  silence: number
  signal: AbortSignal
  /** Asks each region at most once. */
  isHasty?: boolean
}

const HEADERS = {
  'content-type': 'application/x-amz-json-1.1',
  'x-amz-target': 'CloudTrail_20131101.ListPublicKeys',
}
// A key is valid for a month, so a page holds a year or more.
const MAX_PAGES = 100
const PERMISSION = 'cloudtrail:ListPublicKeys on *, or give --keys FILE'

/** Makes the call for the settings of a command; a hasty one asks each region at most once, for a cycle has little time. */
export function askKeys(
  settings: Settings,
  s3Clock: S3Time,
  clock: Clock,
  signal: AbortSignal,
  isHasty = false,
): ListPublicKeys {
  return publicKeyLister(settings, {
    clock,
    signal,
    isHasty,
    signingTime: () => s3Clock.now(),
    silence: silenceMs(settings.MaxCycleSeconds),
  })
}

/** Makes the call for the settings; credentials are fetched once for all regions. */
export function publicKeyLister(
  settings: AccessSettings,
  { clock, signingTime, silence, signal, isHasty = false }: AskOptions,
): ListPublicKeys {
  const watch = new SilenceWatch(silence, clock)
  // Once a region cannot be reached, as behind a firewall, every other one is
  // asked only once, so that the wait for each is short.
  let tries = isHasty ? 1 : undefined
  let opened: ReturnType<typeof openSession> | undefined
  const openSession = async () => {
    const source = await resolveSource(settings)
    return { source, session: keepSession(source, signingTime) }
  }

  const openCall = async (endpoint: Endpoint) => {
    const { url } = endpoint
    const send = await requestSender(url, settings, silence)
    const sign = requestSigner(endpoint)
    return async (body: string): Promise<unknown> => {
      const { source, session } = await watch.over(
        (opened ??= openSession()),
        signal,
      )
      const held = Promise.resolve(session())
      const keys = await watch.over(held, signal, () => source.doing)
      const path = url.pathname
      const unsigned = { path, query: '', headers: HEADERS, body }
      const signed = sign(unsigned, keys, signingTime())
      const answer = await observeRequest(
        { kind: 'LIST', path, attempt: 1 },
        listener => send(path, signed, listener, body),
        watch,
        signal,
        () => {},
      )
      return answerOf(answer)
    }
  }

  return async (region, { from, to }) => {
    const doing = `asking CloudTrail in ${region} for its public keys`
    const found: unknown[] = []
    try {
      const call = await openCall(await cloudTrailEndpoint(region, settings))
      let token: string | undefined
      for (let page = 1; ; page++) {
        const body = JSON.stringify({
          StartTime: Math.floor(from / 1000),
          EndTime: Math.ceil(to / 1000),
          ...(token !== undefined && { NextToken: token }),
        })
        const ask = (): Promise<unknown> =>
          call(body).catch((cause: unknown) => {
            throw sourceError(cause, doing, judge)
          })
        const answered = await ask().catch(fault =>
          retryRequest(fault, ask, { clock, signal, tries }),
        )
        const answer = pageOf(answered, doing)
        found.push(...answer.entries)
        if (answer.next === undefined) return found
        if (answer.next === token || page === MAX_PAGES)
          throw badAnswer(doing, 'its pages lead in a circle')
        token = answer.next
      }
    } catch (cause) {
      const error = sourceError(cause, doing, judge)
      if (error.kind === 'network') tries = 1
      throw error
    }
  }
}

// A command cannot wait for the next cycle, and the request did not go to
// Endpoint, so the advice of S3 errors does not fit.
const judge = (facts: Facts): Advice => {
  const found = adviceOn({ ...facts, isPlain: false }, PERMISSION)
  return found.advice === later.advice
    ? { ...found, advice: 'run this again, or give --keys FILE' }
    : found
}

function pageOf(
  answer: unknown,
  doing: string,
): { entries: unknown[]; next: string | undefined } {
  const { PublicKeyList, NextToken } = (
    typeof answer === 'object' ? (answer ?? {}) : {}
  ) as Record<string, unknown>
  if (!Array.isArray(PublicKeyList))
    throw badAnswer(doing, 'the answer holds no PublicKeyList')
  const next = typeof NextToken === 'string' ? NextToken : ''
  return { entries: PublicKeyList, next: next === '' ? undefined : next }
}

const badAnswer = (doing: string, what: string): SourceError =>
  new SourceError(`${doing}: ${what}; check any proxy, or give --keys FILE`, {
    code: 'BadAnswer',
    kind: 'object',
    about: 'endpoint',
  })

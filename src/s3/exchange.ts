// From a request to its answer: signed by the time of S3 and with credentials
// that hold, sent, and refused if S3 refuses. Where the bucket is, is found out
// at the first request, again if that fails. A session that S3 calls expired is
// replaced, and the request tried again.

import type { IncomingHttpHeaders } from 'node:http'
import { conceal } from '../report/conceal.ts'
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
import type { S3Clock } from './clock.ts'
import { requestSender } from './send.ts'
import { requestSigner } from './sign.ts'
import { readXml } from './xml.ts'
import type { SilenceWatch } from './silence.ts'

/** Tries a request once; throws what the network, the SDK or S3 gives for an error. */
export type S3Exchange = (
  request: S3Request,
  attempt: number,
  watch: SilenceWatch,
) => Promise<S3Answer>

// So that a proxy that says nothing is called by its name before S3 is.
const PROXY_SHARE = 0.8

// A session may end while the request waits that was to use it.
const MAX_RENEWALS = 3

const EXPIRED = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'TokenRefreshRequired',
])

/** Makes the exchange for a bucket, which signs by S3's clock and sets it by S3's refusals (by what else S3 sends, whoever reads it does); an attempt may be silent for `silence` ms. */
export function openExchange(
  settings: AccessSettings,
  s3Clock: S3Clock,
  silence: number,
  observer: RequestObserver,
): S3Exchange {
  const openLine = async () => {
    const place = await resolveEndpoint(settings)
    const source = await resolveSource(settings)
    const agent = await agentFor(place.url, settings, silence * PROXY_SHARE)
    return {
      url: place.url,
      source,
      session: keepSession(source, () => s3Clock.signingTime()),
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
  const always: Record<string, string> = settings.RequestPayer
    ? { 'x-amz-request-payer': 'requester' }
    : {}

  return async (request, attempt, watch) => {
    const { url, source, session, sign, send } = await open()
    const { kind, query, prefix, startAfter } = request
    const path = url.pathname + request.path
    const target = query === '' ? path : `${path}?${query}`
    const { headers: own } = request
    const unsigned = {
      path,
      query,
      headers: own ? { ...own, ...always } : always,
    }
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
      const headers = sign(unsigned, keys, s3Clock.signingTime())
      const answer = await observeRequest(
        { kind, path, attempt, prefix, startAfter },
        () =>
          send(
            target,
            kind === 'GET' ? [...headers, ...AS_STORED] : headers,
            watch.signal,
          ),
        watch,
        observer,
      )
      const { status, text, headers: said } = answer
      // S3 may begin with 200 before it knows that it fails.
      const isLate = status < 300 && text.trimEnd().endsWith('</Error>')
      if (status < 300 && !isLate) return answer
      const error = answerError(isLate ? 503 : status, said, text)
      // The Date of a proxy's page says nothing of S3's time.
      if (error.name !== UNKNOWN)
        s3Clock.observeRefusal(error.ServerTime ?? said.date)
      throw error
    }
    let keys = await keysFor()
    for (let renewals = 0; ; renewals++)
      try {
        return await ask(keys, attempt + renewals)
      } catch (error) {
        const isExpired = error instanceof Error && EXPIRED.has(error.name)
        if (!isExpired || renewals === MAX_RENEWALS) throw error
        const renewed = await keysFor(keys)
        if (renewed.sessionToken === keys.sessionToken) throw error
        keys = renewed
      }
  }
}

// Without it stores and gateways inflate what is stored as gzip. It is not
// signed, since some of them change it on its way.
const AS_STORED = ['accept-encoding', 'gzip']

// What a proxy needs is loaded where one is.
async function agentFor(url: URL, settings: AccessSettings, limit: number) {
  if (proxyFor(url, settings, process.env) === undefined) return undefined
  const { tunnelAgent } = await import('./proxy/tunnel.ts')
  return tunnelAgent(url.protocol, settings, limit)
}

const UNKNOWN = 'Unknown'

/** Makes of an answer that refuses the error that the SDK would make of it, with S3's code as its name; of a text that is not S3's, one that has the status alone. */
export function answerError(
  status: number,
  headers: IncomingHttpHeaders,
  text: string,
): Error & { ServerTime: string | undefined } {
  const said = readError(text)
  return Object.assign(new Error(said.get('Message')), {
    name: said.get('Code') ?? UNKNOWN,
    Region: said.get('Region'),
    ServerTime: said.get('ServerTime'),
    $metadata: { httpStatusCode: status },
    $response: { headers },
  })
}

function readError(text: string): Map<string, string> {
  const said = new Map<string, string>()
  try {
    readXml(text, ([root, name, deeper], value) => {
      if (root === 'Error' && name !== undefined && deeper === undefined)
        said.set(name, value)
    })
    return said
  } catch {
    // A refusal that was cut, or a page of a proxy: its status speaks for it.
    return new Map()
  }
}

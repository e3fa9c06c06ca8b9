// Sends a request and gives its answer: signed by S3's time and with valid
// credentials, and an error if S3 refuses. The address of the bucket is found
// at the first request, again if that fails. A session that S3 calls expired is
// replaced, and the request tried again.

import type { Clock } from '../clock.ts'
import { keepSession } from './access/credential-session.ts'
import {
  observeRequest,
  type RequestObserver,
  type S3Answer,
} from './observe.ts'
import { resolveEndpoint, resolveSource } from './access/resolve.ts'
import type { AccessSettings } from './access/endpoint.ts'
import type { Credentials } from './access/credentials.ts'
import type { S3Request } from './request.ts'
import type { S3Clock } from './s3-clock.ts'
import type { Headers } from './http/answer-head.ts'
import { requestSender } from './http/send.ts'
import { requestSigner } from './sign.ts'
import { readXml } from './xml.ts'
import { SilenceWatch } from './silence-watch.ts'

/** Tries a request once, until it is answered or a signal aborts; throws the error of the network, the SDK or S3, or the signal's reason. */
export type S3Exchange = (
  request: S3Request,
  attempt: number,
  signal: AbortSignal | undefined,
) => Promise<S3Answer>

// A session may end while the request that should use it waits.
const MAX_RENEWALS = 3

const EXPIRED = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'TokenRefreshRequired',
])

/** Makes the exchange for a bucket, which signs by S3's clock and sets it by S3's refusals (readers of other answers set it by those); an attempt may be silent for `silence` ms. */
export function openExchange(
  settings: AccessSettings,
  s3Clock: S3Clock,
  silence: number,
  observer: RequestObserver,
  clock: Pick<Clock, 'elapsed' | 'after'>,
): S3Exchange {
  const watch = new SilenceWatch(silence, clock)
  const openLine = async () => {
    const place = await resolveEndpoint(settings)
    const source = await resolveSource(settings)
    return {
      base: place.url.pathname,
      source,
      session: keepSession(source, () => s3Clock.signingTime()),
      sign: requestSigner(place),
      send: await requestSender(place.url, settings, silence),
    }
  }
  type Line = Awaited<ReturnType<typeof openLine>>
  let opening: Promise<Line> | undefined
  let line: Line | undefined
  const open = (): Promise<Line> =>
    (opening ??= openLine().then(
      opened => (line = opened),
      (error: unknown) => {
        opening = undefined
        throw error
      },
    ))
  const always: Record<string, string> = settings.RequestPayer
    ? { 'x-amz-request-payer': 'requester' }
    : {}
  const keysFor = (
    { source, session }: Line,
    signal: AbortSignal | undefined,
    refused?: Credentials,
  ): Credentials | Promise<Credentials> => {
    const keys = session(refused)
    return keys instanceof Promise
      ? watch.over(keys, signal, () => source.doing)
      : keys
  }

  return async (request, attempt, signal) => {
    const opened = line ?? (await watch.over(open(), signal))
    const { base, sign, send } = opened
    const { kind, query, prefix, startAfter, headers: own } = request
    const path = base + request.path
    const target = query === '' ? path : `${path}?${query}`
    const headers = own ? { ...own, ...always } : always
    const known = keysFor(opened, signal)
    let keys = known instanceof Promise ? await known : known
    for (let renewals = 0; ; renewals++) {
      const signed = sign({ path, query, headers }, keys, s3Clock.signingTime())
      const answer = await observeRequest(
        { kind, path, attempt: attempt + renewals, prefix, startAfter },
        listener =>
          send(target, kind === 'GET' ? signed + AS_STORED : signed, listener),
        watch,
        signal,
        observer,
      )
      const refusal = refusalOf(answer)
      if (refusal === undefined) return answer
      // The Date of a proxy's page is not S3's time.
      if (refusal.name !== UNKNOWN)
        s3Clock.observeRefusal(refusal.ServerTime ?? answer.headers.date)
      if (!EXPIRED.has(refusal.name) || renewals === MAX_RENEWALS) throw refusal
      const renewed = await keysFor(opened, signal, keys)
      const isSame =
        renewed.accessKeyId === keys.accessKeyId &&
        renewed.sessionToken === keys.sessionToken
      if (isSame) throw refusal
      keys = renewed
    }
  }
}

function refusalOf({ status, headers, text }: S3Answer) {
  // S3 may begin with 200 before it fails.
  const isLate = status < 300 && text.trimEnd().endsWith('</Error>')
  return status < 300 && !isLate
    ? undefined
    : answerError(isLate ? 503 : status, headers, text)
}

// Without it stores and gateways inflate objects stored as gzip. It is not
// signed, since some of them change it on its way.
const AS_STORED = 'accept-encoding: gzip\r\n'

const UNKNOWN = 'Unknown'

/** Makes the error that the SDK would make of a refusal, with S3's code as its name; a text that is not S3's gives one that has the status alone. */
export function answerError(
  status: number,
  headers: Headers,
  text: string,
): Error & { ServerTime: string | undefined } {
  const said = readError(text)
  return Object.assign(new Error(said.get('Message')), {
    name: said.get('Code') ?? UNKNOWN,
    Region: said.get('Region'),
    ServerTime: said.get('ServerTime'),
    RequestId: said.get('RequestId'),
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
  } catch {
    // The readable part of a cut refusal counts; a proxy's page has no such
    // part, and its status decides.
  }
  return said
}

// An STS on loopback: AssumeRole with real signatures and external ids, web
// identities, sessions of any length that a stand-in S3 takes until they
// expire, faults on demand.

import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import { S3Error } from './s3-error.ts'
import { checkSignature, type Credential } from './sigv4.ts'

/** How an answer goes wrong: an error of STS, silence, or a cut connection. */
export type StsFault =
  { status: number; code: string; message?: string } | 'hang' | 'cut'

/** One call as it came; `asker` is the access key id that signed it. */
export interface StsCall {
  parameters: Record<string, string>
  asker: string
  /** What came of it. */
  answer: string
}

export interface StandInSts {
  endpoint: string
  calls: StsCall[]
  /** Who may ask. */
  credentials: Map<string, Credential>
  /** The roles, with the external id that each asks for, blank for none. */
  roles: Map<string, string>
  /** How long sessions hold. */
  sessionMs: number
  /** STS's clock, in ms since 1970. */
  clock: () => number
  region: string
  fault: ((call: StsCall) => StsFault | undefined) | undefined
}

const DENIED = 'is not authorized to perform: sts:AssumeRole on resource:'

/** Starts an STS that ends with the test; each session it gives is let in by `issue`. */
export async function startSts(
  t: Test,
  issue: (accessKeyId: string, credential: Credential) => void,
): Promise<StandInSts> {
  let issued = 0
  const sts: StandInSts = {
    endpoint: '',
    calls: [],
    credentials: new Map(),
    roles: new Map(),
    sessionMs: 3_600_000,
    clock: Date.now,
    region: 'us-east-1',
    fault: undefined,
  }

  const answer = (
    request: IncomingMessage,
    body: string,
    call: StsCall,
  ): string => {
    const { Action, RoleArn = '', ExternalId = '' } = call.parameters
    if (Action === 'AssumeRole') {
      admit(request, body)
      const wanted = sts.roles.get(RoleArn)
      if (wanted === undefined || (wanted !== '' && wanted !== ExternalId))
        throw new S3Error(
          403,
          'AccessDenied',
          `User: arn:aws:iam::111122223333:user/collector ${DENIED} ${RoleArn}`,
        )
    } else if (call.parameters['WebIdentityToken'] !== 'a web token') {
      throw new S3Error(400, 'InvalidIdentityToken', 'No such identity')
    }
    const id = `ASIASESSION${++issued}`
    const secret = `secret of session ${issued}`
    const token = `token/of+session=${issued}`
    const expires = sts.clock() + sts.sessionMs
    issue(id, { secret, token, expires })
    return `<${Action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${Action}Result>
      <AssumedRoleUser><AssumedRoleId>AROA:s</AssumedRoleId><Arn>arn:aws:sts::444455556666:assumed-role/r/s</Arn></AssumedRoleUser>
      <Credentials><AccessKeyId>${id}</AccessKeyId><SecretAccessKey>${secret}</SecretAccessKey>
      <SessionToken>${token}</SessionToken><Expiration>${new Date(expires).toISOString()}</Expiration></Credentials>
      </${Action}Result></${Action}Response>`
  }
  const admit = (request: IncomingMessage, body: string): void => {
    try {
      checkSignature(
        {
          method: request.method ?? '',
          path: request.url ?? '',
          query: [],
          headers: request.headersDistinct,
        },
        {
          credentials: sts.credentials,
          region: sts.region,
          now: sts.clock(),
          maxSkewMs: 15 * 60_000,
          service: 'sts',
          body,
        },
      )
    } catch (error) {
      throw inWordsOfSts(error)
    }
  }

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString()
    const call: StsCall = {
      parameters: Object.fromEntries(new URLSearchParams(body)),
      asker:
        /Credential=([^/]+)/.exec(request.headers.authorization ?? '')?.[1] ??
        '',
      answer: 'none',
    }
    sts.calls.push(call)
    const fault = sts.fault?.(call)
    if (fault === 'hang') return
    if (fault === 'cut') return void request.socket.resetAndDestroy()
    response.sendDate = false
    response.setHeader('Date', new Date(sts.clock()).toUTCString())
    response.setHeader('Content-Type', 'text/xml')
    try {
      if (fault)
        throw new S3Error(fault.status, fault.code, fault.message ?? '')
      const text = answer(request, body, call)
      call.answer = 'session'
      response.end(text)
    } catch (error) {
      const { status, code, message } = error as S3Error
      call.answer = code
      response.statusCode = status
      response.end(
        `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
      )
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  sts.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return sts
}

// The same refusals have other names there (AWS, "Common errors" of STS).
function inWordsOfSts(error: unknown): unknown {
  if (!(error instanceof S3Error)) return error
  if (error.code === 'RequestTimeTooSkewed')
    return new S3Error(
      403,
      'SignatureDoesNotMatch',
      `Signature expired: ${error.details['RequestTime']} is now earlier than ${error.details['ServerTime']} (${error.details['ServerTime']} - 15 min.)`,
    )
  if (error.code === 'InvalidAccessKeyId')
    return new S3Error(
      403,
      'InvalidClientTokenId',
      'The security token included in the request is invalid.',
    )
  return error
}

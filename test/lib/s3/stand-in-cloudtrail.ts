// CloudTrail's API on loopback: ListPublicKeys with real signatures, pages and
// validity, for any region, and faults on demand.

import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import type { SigningKey } from '../verify/chain-maker.ts'
import { S3Error } from './s3-error.ts'
import { checkSignature, type Credential } from './sigv4.ts'

/** How an answer goes wrong: an error of CloudTrail, any text, silence, or a cut connection. */
export type CloudTrailFault =
  | { status: number; code: string; message?: string }
  | { text: string }
  | 'hang'
  | 'cut'

/** One call as it came. */
export interface CloudTrailCall {
  region: string
  asker: string
  parameters: Record<string, unknown>
}

export interface StandInCloudTrail {
  endpoint: string
  calls: CloudTrailCall[]
  /** Who may ask. */
  credentials: Map<string, Credential>
  keys: SigningKey[]
  pageSize: number
  /** In ms since 1970. */
  clock: () => number
  fault: ((call: CloudTrailCall) => CloudTrailFault | undefined) | undefined
}

const TARGET = /(?:^|\.)CloudTrail_20131101\.ListPublicKeys$/

/** Starts a CloudTrail that ends with the test. */
export async function startCloudTrail(t: Test): Promise<StandInCloudTrail> {
  const trail: StandInCloudTrail = {
    endpoint: '',
    calls: [],
    credentials: new Map(),
    keys: [],
    pageSize: 10,
    clock: Date.now,
    fault: undefined,
  }

  const answer = (
    request: IncomingMessage,
    body: string,
    { region, parameters }: CloudTrailCall,
  ): string => {
    checkSignature(
      {
        method: request.method ?? '',
        path: request.url ?? '',
        query: [],
        headers: request.headersDistinct,
      },
      {
        credentials: trail.credentials,
        region,
        now: trail.clock(),
        maxSkewMs: 15 * 60_000,
        service: 'cloudtrail',
        body,
      },
    )
    if (!TARGET.test(String(request.headers['x-amz-target'])))
      throw new S3Error(400, 'UnknownOperationException', '')
    if (request.headers['content-type'] !== 'application/x-amz-json-1.1')
      throw new S3Error(400, 'SerializationException', '')
    const { StartTime, EndTime, NextToken = '0' } = parameters
    const first = Number(NextToken)
    const keys = trail.keys.filter(
      ({ from, to }) =>
        from <= Number(EndTime) * 1000 && to >= Number(StartTime) * 1000,
    )
    const next = first + trail.pageSize
    return JSON.stringify({
      PublicKeyList: keys.slice(first, next).map(one => ({
        Value: one.value,
        Fingerprint: one.fingerprint,
        ValidityStartTime: one.from / 1000,
        ValidityEndTime: one.to / 1000,
      })),
      ...(next < keys.length && { NextToken: String(next) }),
    })
  }

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString()
    const [, asker = '', region = ''] =
      /Credential=([^/]+)\/\d+\/([^/]+)/.exec(
        request.headers.authorization ?? '',
      ) ?? []
    const parameters = JSON.parse(body) as Record<string, unknown>
    const call = { region, asker, parameters }
    trail.calls.push(call)
    const fault = trail.fault?.(call)
    if (fault === 'hang') return
    if (fault === 'cut') return void request.socket.resetAndDestroy()
    response.setHeader('Content-Type', 'application/x-amz-json-1.1')
    try {
      if (fault && 'text' in fault) return void response.end(fault.text)
      if (fault)
        throw new S3Error(fault.status, fault.code, fault.message ?? '')
      response.end(answer(request, body, call))
    } catch (error) {
      const { status, code, message } = error as S3Error
      response.statusCode = status
      response.end(JSON.stringify({ __type: code, message }))
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  trail.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return trail
}

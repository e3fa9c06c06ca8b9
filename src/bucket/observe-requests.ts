// Shows each attempt the SDK makes, with its response: the counts of the
// summary, S3's clock and the API log come from here. Headers are never
// shown, since some carry secrets.

import type { S3Client } from '@aws-sdk/client-s3'

/** One attempt of a request, as it went; `status` is absent when no response came. */
export interface ObservedRequest {
  kind: 'LIST' | 'GET'
  method: string
  path: string
  attempt: number
  milliseconds: number
  status: number | undefined
  requestId: string | undefined
  date: string | undefined
}

export type RequestObserver = (request: ObservedRequest) => void

interface HttpRequestLike {
  method: string
  path: string
  headers: Record<string, string>
  query?: Record<string, unknown>
}

/** Has every attempt of a client's requests reported to the observer. */
export function observeRequests(
  client: S3Client,
  observer: RequestObserver,
): void {
  client.middlewareStack.add(
    next => async args => {
      const request = args.request as HttpRequestLike
      const began = performance.now()
      const report = (response: unknown) =>
        observer(describe(request, response, performance.now() - began))
      try {
        const result = await next(args)
        report(result.response)
        return result
      } catch (error) {
        report((error as { $response?: unknown }).$response)
        throw error
      }
    },
    { step: 'deserialize', name: 'observeRequests', priority: 'high' },
  )
}

function describe(
  request: HttpRequestLike,
  response: unknown,
  milliseconds: number,
): ObservedRequest {
  const { statusCode, headers } = (response ?? {}) as {
    statusCode?: number
    headers?: Record<string, string>
  }
  return {
    kind: request.query?.['list-type'] === undefined ? 'GET' : 'LIST',
    method: request.method,
    path: request.path,
    attempt: Number(/attempt=(\d+)/.exec(retryInfo(request))?.[1] ?? 1),
    milliseconds: Math.round(milliseconds),
    status: statusCode,
    requestId: headers?.['x-amz-request-id'],
    date: headers?.['date'],
  }
}

const retryInfo = (request: HttpRequestLike): string =>
  request.headers['amz-sdk-request'] ?? ''

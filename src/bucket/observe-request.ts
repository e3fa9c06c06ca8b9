// Shows each attempt of a request as it went: the counts of the summary, S3's
// clock and the API log come from here. Headers are never shown, since some
// carry secrets. Reads all but objects to their end, so that no page and no
// refusal is taken for whole, is endless, or stalls unnoticed.

import type { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import type { Readable } from 'node:stream'
import { systemClock } from '../clock.ts'
import type { SilenceWatch } from './silence.ts'

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
  bucketRegion: string | undefined
}

export type RequestObserver = (request: ObservedRequest) => void

interface HttpRequestLike {
  method: string
  path: string
  query?: Record<string, unknown>
}

interface HttpResponseLike {
  statusCode: number
  headers: Record<string, string>
  body: Readable | Uint8Array
}

// A page of 1000 keys of 1024 bytes, all of them encoded, is a quarter of it.
const LONGEST_ANSWER = 16 * 1_048_576

/** Has one attempt of a command reported to the observer, and what it reads watched. */
export function observeRequest(
  command: GetObjectCommand | ListObjectsV2Command,
  attempt: number,
  watch: SilenceWatch,
  observer: RequestObserver,
): void {
  // What is added fits both, which the types of the two stacks do not tell.
  const { middlewareStack } = command as GetObjectCommand
  middlewareStack.add(
    next => async args => {
      const request = args.request as HttpRequestLike
      const began = systemClock.elapsed()
      let response: HttpResponseLike | undefined
      let told = false
      const report = (): void => {
        const milliseconds = systemClock.elapsed() - began
        if (!told) observer(describe(request, attempt, response, milliseconds))
        told = true
      }
      // Who asked does not wait until the sockets have ended as well.
      watch.signal.addEventListener('abort', report)
      try {
        const result = await next(args)
        response = result.response as HttpResponseLike
        watch.wait()
        if (!isObject(request, response))
          response.body = await readAnswer(response.body as Readable, watch)
        return result
      } finally {
        report()
      }
    },
    { step: 'deserialize', name: 'observeRequest', priority: 'low' },
  )
}

const isList = ({ query }: HttpRequestLike): boolean =>
  query?.['list-type'] !== undefined

const isObject = (
  request: HttpRequestLike,
  { statusCode }: HttpResponseLike,
): boolean => !isList(request) && statusCode < 300

async function readAnswer(
  body: Readable,
  watch: SilenceWatch,
): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    watch.wait()
    chunks.push(chunk)
    length += chunk.length
    if (length > LONGEST_ANSWER)
      throw new Error(`an answer of over ${LONGEST_ANSWER} bytes`)
  }
  return Buffer.concat(chunks)
}

function describe(
  request: HttpRequestLike,
  attempt: number,
  response: HttpResponseLike | undefined,
  milliseconds: number,
): ObservedRequest {
  return {
    kind: isList(request) ? 'LIST' : 'GET',
    method: request.method,
    path: request.path,
    attempt,
    milliseconds: Math.round(milliseconds),
    status: response?.statusCode,
    requestId: response?.headers['x-amz-request-id'],
    date: response?.headers['date'],
    bucketRegion: response?.headers['x-amz-bucket-region'],
  }
}

// The ways in which an answer goes wrong on demand. Those that replace it come
// before the object is looked at, those that spoil its body while it is sent.

import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { textReply } from './reply.ts'
import type { Reply } from './reply.ts'
import { S3Error } from './s3-error.ts'

/** One fault; byte counts are of the body, `after` and `length` included. */
export type Fault =
  /** Any S3 error, with extra XML elements and headers. */
  | {
      kind?: never
      status: number
      code: string
      message?: string
      details?: Record<string, string>
      headers?: Record<string, string>
    }
  /** 301 PermanentRedirect to another region. */
  | { kind: 'redirect'; region: string }
  /** Status 200 with no body, a page of HTML, or XML that never ends. */
  | { kind: 'empty' | 'html' | 'malformed' }
  /** The connection is reset, or goes silent, before any answer. */
  | { kind: 'reset' | 'stall' }
  /** The connection ends, or goes silent, within the body. */
  | { kind: 'cut' | 'stall-body'; after: number }
  /** The body ends early and Content-Length agrees with it. */
  | { kind: 'short'; length: number }
  /** The body comes in slices of a twentieth of a second. */
  | { kind: 'slow'; bytesPerSecond: number }
  /** The answer starts late. */
  | { kind: 'delay'; ms: number }

/** Makes the answer that stands in for the right one, if the fault has one. */
export function replacement(
  fault: Fault | undefined,
  bucket: string,
): Reply | undefined {
  if (fault === undefined) return undefined
  switch (fault.kind) {
    case undefined:
      throw new S3Error(
        fault.status,
        fault.code,
        fault.message ?? 'A fault on demand',
        fault.details,
        fault.headers,
      )
    case 'redirect':
      throw new S3Error(
        301,
        'PermanentRedirect',
        'The bucket must be addressed using the specified endpoint.',
        { Bucket: bucket, Endpoint: `${bucket}.s3.amazonaws.com` },
        { 'x-amz-bucket-region': fault.region },
      )
    case 'empty':
      return textReply(200, 'application/xml', '')
    case 'html':
      return textReply(200, 'text/html', '<html><body>Sign in<br></html>')
    case 'malformed':
      return textReply(
        200,
        'application/xml',
        `<ListBucketResult><Name>${bucket}</Name><KeyCount>1</KeyCount><Contents>`,
      )
    default:
      return undefined
  }
}

/** Sends an answer as far as the fault lets it; rejects when the client goes. */
export async function send(
  response: ServerResponse,
  reply: Reply,
  fault: Fault | undefined,
  signal: AbortSignal,
): Promise<void> {
  const ends = fault?.kind === 'cut' || fault?.kind === 'stall-body'
  const limit = ends
    ? fault.after
    : fault?.kind === 'short'
      ? Math.min(fault.length, reply.length)
      : Infinity
  const speed = fault?.kind === 'slow' ? fault.bytesPerSecond : undefined
  response.writeHead(reply.status, {
    ...reply.headers,
    ...(reply.status !== 304 && {
      'Content-Length': fault?.kind === 'short' ? limit : reply.length,
    }),
  })
  response.flushHeaders()
  let left = limit
  for await (const chunk of slices(reply.body, speed)) {
    if (left === 0) break
    const piece = chunk.subarray(0, left)
    left -= piece.length
    if (!response.write(piece)) await once(response, 'drain', { signal })
    if (speed) await sleep(50, undefined, { signal })
  }
  if (fault?.kind === 'stall-body') return
  if (fault?.kind === 'cut') response.socket?.destroySoon()
  else response.end()
}

async function* slices(
  body: Reply['body'],
  bytesPerSecond: number | undefined,
): AsyncGenerator<Buffer> {
  const size = Math.ceil((bytesPerSecond ?? Infinity) / 20)
  for await (const chunk of body) {
    for (let at = 0; at < chunk.length; at += size) {
      yield chunk.subarray(at, at + size)
    }
  }
}

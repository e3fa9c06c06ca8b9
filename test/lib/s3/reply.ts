// An answer before it is sent, and the two ways to make one from text.

import { S3Error } from './s3-error.ts'
import { errorXml } from './s3-xml.ts'

/** What is sent; Content-Length is `length`. */
export interface Reply {
  status: number
  headers: Record<string, string>
  body: Iterable<Buffer> | AsyncIterable<Buffer>
  length: number
}

/** Makes an answer from text. */
export function textReply(
  status: number,
  type: string,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  const body = Buffer.from(text)
  return {
    status,
    headers: { 'Content-Type': type, ...headers },
    body: [body],
    length: body.length,
  }
}

/** Makes an answer from whatever was thrown; 500 for what is not S3's. */
export function refusal(error: unknown, requestId: string): Reply {
  const known =
    error instanceof S3Error
      ? error
      : new S3Error(500, 'InternalError', `The stand-in failed: ${error}`)
  const text = errorXml(known, requestId)
  return textReply(known.status, 'application/xml', text, known.headers)
}

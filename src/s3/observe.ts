// Shows each attempt of a request as it went: the counts of the summary
// and the API log come from here. Headers are never shown, since some
// carry secrets. Reads all but objects to their end, so that no page and no
// refusal is taken for whole, is endless, or stalls unnoticed.

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { systemClock } from '../clock.ts'
import { AdvisedError } from './errors/advice.ts'
import type { SilenceWatch } from './silence.ts'

/** One attempt of a request, as it is made; `prefix` and `startAfter` are those of a LIST. */
export interface AskedRequest {
  kind: 'LIST' | 'GET'
  path: string
  prefix?: string | undefined
  startAfter?: string | undefined
  attempt: number
}

/** One attempt of a request, as it went; `status` is absent when no response came. */
export interface ObservedRequest extends AskedRequest {
  method: string
  milliseconds: number
  status: number | undefined
  requestId: string | undefined
  bucketRegion: string | undefined
}

export type RequestObserver = (request: ObservedRequest) => void

/** What came back; `text` is blank for an object, which is still to be read. */
export interface S3Answer {
  status: number
  headers: IncomingHttpHeaders
  body: IncomingMessage
  text: string
}

// A page of 1000 keys of 1024 bytes, all of them encoded, is a quarter of it.
const MAX_ANSWER_BYTES = 16 * 1_048_576
// Larger ones are read one at a time: many at once would not fit into memory.
const MAX_BYTES_BESIDE_OTHERS = 1_048_576

const tooLong = new AdvisedError(
  'HugeAnswer',
  `the answer is longer than ${MAX_ANSWER_BYTES} bytes, as no page of 1,000 keys is`,
  {
    kind: 'network',
    about: 'endpoint',
    advice:
      'tell whoever runs the store, or a proxy before it, that it does not look at max-keys',
  },
)

let lastTurn: Promise<void> = Promise.resolve()

/** Sends one attempt of a request, watches what is read of its answer, and tells the observer. */
export async function observeRequest(
  asked: AskedRequest,
  send: () => Promise<IncomingMessage>,
  watch: SilenceWatch,
  observer: RequestObserver,
): Promise<S3Answer> {
  const began = systemClock.elapsed()
  let body: IncomingMessage | undefined
  let told = false
  const report = (): void => {
    if (told) return
    told = true
    observer({
      ...asked,
      method: 'GET',
      milliseconds: Math.round(systemClock.elapsed() - began),
      status: body?.statusCode,
      requestId: headerOf(body, 'x-amz-request-id'),
      bucketRegion: headerOf(body, 'x-amz-bucket-region'),
    })
  }
  // Who asked does not wait until the sockets have ended as well.
  watch.signal.addEventListener('abort', report)
  try {
    body = await send()
    watch.wait()
    const { statusCode: status = 0, headers } = body
    const isObject = asked.kind === 'GET' && status < 300
    const text = isObject ? '' : await readAnswer(body, watch)
    return { status, headers, body, text }
  } finally {
    report()
  }
}

async function readAnswer(
  body: IncomingMessage,
  watch: SilenceWatch,
): Promise<string> {
  const began = systemClock.elapsed()
  const chunks: Buffer[] = []
  let length = 0
  let endTurn: (() => void) | undefined
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      watch.pause()
      watch.checkWhole(systemClock.elapsed() - began)
      chunks.push(chunk)
      length += chunk.length
      if (length > MAX_ANSWER_BYTES) throw tooLong
      if (length > MAX_BYTES_BESIDE_OTHERS) endTurn ??= await nextTurn()
      watch.wait()
    }
    const bytes = Buffer.concat(chunks)
    return body.headers['content-encoding'] === 'gzip'
      ? await inflated(bytes)
      : bytes.toString()
  } finally {
    endTurn?.()
  }
}

// What was compressed on its way; what is not gzip after all speaks for itself.
async function inflated(bytes: Buffer): Promise<string> {
  const { gunzipSync } = await import('node:zlib')
  try {
    const options = { maxOutputLength: MAX_ANSWER_BYTES }
    return gunzipSync(bytes, options).toString()
  } catch {
    return bytes.toString()
  }
}

/** Waits for those before; gives what lets the next go on. */
function nextTurn(): Promise<() => void> {
  const before = lastTurn
  return new Promise(resolve => {
    lastTurn = new Promise(end => void before.then(() => resolve(end)))
  })
}

function headerOf(
  answer: IncomingMessage | undefined,
  name: string,
): string | undefined {
  const value = answer?.headers[name]
  return typeof value === 'string' ? value : undefined
}

// Sends one attempt of a request, watches it, and reports it to the observer,
// which makes the counts of the summary and the API log. Headers are never
// reported, since some carry secrets. Every answer except an object is read to
// its end, so that a page is complete, of limited size, and watched for stalls.
// A refusal keeps its status even if its text cannot be read.

import { systemClock } from '../clock.ts'
import { AdvisedError } from './errors/advice.ts'
import type { Answer, AnswerListener } from './http/connection.ts'
import type { SentRequest } from './http/send.ts'
import type { SilenceWatch, Wait } from './silence-watch.ts'

/** One attempt of a request, before its answer; `prefix` and `startAfter` are those of a LIST. */
export interface AskedRequest {
  kind: 'LIST' | 'GET'
  path: string
  prefix?: string | undefined
  startAfter?: string | undefined
  attempt: number
}

/** One attempt of a request, with its result; `status` is absent when no response came. */
export interface ObservedRequest extends AskedRequest {
  method: string
  milliseconds: number
  status: number | undefined
  requestId: string | undefined
  bucketRegion: string | undefined
}

export type RequestObserver = (request: ObservedRequest) => void

/** An answer; `text` is blank for an object, which is still to be read: its wait continues, paused. */
export interface S3Answer extends Answer {
  text: string
  wait: Wait
}

// A page of 1000 keys of 1024 bytes, all of them encoded, is a quarter of it.
const MAX_ANSWER_BYTES = 16 * 1_048_576
// The reason in a refusal is at its start.
const MAX_REFUSAL_BYTES = 65_536
// Larger ones are read one at a time: many at once would not fit into memory.
const MAX_BYTES_BESIDE_OTHERS = 1_048_576

const tooLong = new AdvisedError(
  'HugeAnswer',
  `the answer has more than ${MAX_ANSWER_BYTES} bytes, too many for a page of 1,000 keys`,
  {
    kind: 'network',
    about: 'endpoint',
    advice:
      'tell the operator of the store, or of a proxy before it, that it ignores max-keys',
  },
)

/** Sends one attempt of a request, watches the part of its answer that is read meanwhile, and reports it to the observer. The caller does not wait for sockets to end. */
export function observeRequest(
  asked: AskedRequest,
  send: (listener: AnswerListener) => SentRequest,
  watch: SilenceWatch,
  signal: AbortSignal | undefined,
  observer: RequestObserver,
): Promise<S3Answer> {
  return new Promise((resolve, reject) => {
    const began = systemClock.elapsed()
    let answered: Answer | undefined
    let told = false
    const report = (): void => {
      if (told) return
      told = true
      // A spread would cost more than the rest of this.
      observer({
        kind: asked.kind,
        path: asked.path,
        prefix: asked.prefix,
        startAfter: asked.startAfter,
        attempt: asked.attempt,
        method: 'GET',
        milliseconds: Math.round(systemClock.elapsed() - began),
        status: answered?.status,
        requestId: answered?.headers['x-amz-request-id'],
        bucketRegion: answered?.headers['x-amz-bucket-region'],
      })
    }
    let sent: SentRequest | undefined
    const fail = (error: unknown): void => {
      wait.end()
      sent?.destroy()
      report()
      reject(error)
    }
    const wait = watch.begin(signal, fail)
    const onAnswer = (answer: Answer): void => {
      answered = answer
      wait.next()
      const { status, headers, body } = answer
      const give = (text: string): void => {
        report()
        resolve({ status, headers, body, text, wait })
      }
      if (asked.kind === 'GET' && status < 300) {
        wait.pause()
        give('')
        return
      }
      const isRefusal = status >= 300
      // Silence ends its text alone.
      if (isRefusal)
        wait.onOver = reason =>
          signal?.aborted ? fail(reason) : body.destroy()
      readText(answer, watch, wait, isRefusal)
        .finally(() => wait.end())
        .then(give, fail)
    }
    try {
      sent = send({ onAnswer, onError: fail })
    } catch (error) {
      fail(error)
    }
  })
}

function readText(
  { headers, body }: Answer,
  watch: SilenceWatch,
  wait: Wait,
  isRefusal: boolean,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const began = systemClock.elapsed()
    const chunks: Buffer[] = []
    let length = 0
    let turn: Promise<() => void> | undefined
    const end = (): void => void turn?.then(endTurn => endTurn())
    const give = (): void => {
      end()
      const bytes = Buffer.concat(chunks)
      resolve(
        headers['content-encoding'] === 'gzip'
          ? inflated(bytes)
          : bytes.toString(),
      )
    }
    const fail = (error: unknown): void => {
      if (!isRefusal) {
        end()
        return reject(error)
      }
      give()
      body.destroy()
    }
    const most = isRefusal ? MAX_REFUSAL_BYTES : MAX_ANSWER_BYTES
    const take = (chunk: Buffer): void => {
      wait.next()
      chunks.push(chunk)
      length += chunk.length
      const fault =
        length > most ? tooLong : watch.drip(systemClock.elapsed() - began)
      if (fault) return fail(fault)
      if (length <= MAX_BYTES_BESIDE_OTHERS || turn !== undefined) return
      body.pause()
      wait.pause()
      turn = nextTurn()
      void turn.then(() => {
        wait.next()
        body.resume()
      })
    }
    body.read(take, fault => (fault ? fail(fault) : give()))
  })
}

// Inflates an answer compressed on its way; one that is not gzip after all
// stays as it is.
async function inflated(bytes: Buffer): Promise<string> {
  const { gunzipSync } = await import('node:zlib')
  try {
    const options = { maxOutputLength: MAX_ANSWER_BYTES }
    return gunzipSync(bytes, options).toString()
  } catch {
    return bytes.toString()
  }
}

let lastTurn: Promise<void> = Promise.resolve()

/** Waits for earlier callers; gives the function that lets the next continue. */
function nextTurn(): Promise<() => void> {
  const before = lastTurn
  return new Promise(resolve => {
    lastTurn = new Promise(end => void before.then(() => resolve(end)))
  })
}

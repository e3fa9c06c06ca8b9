// Sends a request and reads its answer to the end.

import type { Answer } from '../../../src/s3/http/connection.ts'
import type { Sender, SentRequest } from '../../../src/s3/http/send.ts'

/** What became of a request. */
export interface Asked {
  status: number | undefined
  text: string
  fault: Error | undefined
}

interface Moments {
  onSent?(request: SentRequest): void
  onAnswer?(answer: Answer): void
}

/** Asks for a path; `moments` learns of what happens meanwhile. */
export function ask(
  send: Sender,
  path: string,
  headers = '',
  body?: string,
  { onSent = () => {}, onAnswer = () => {} }: Moments = {},
): Promise<Asked> {
  return new Promise(resolve => {
    const asked: Asked = { status: undefined, text: '', fault: undefined }
    const end = (fault?: Error): void => resolve({ ...asked, fault })
    const listener = {
      onAnswer: (answer: Answer): void => {
        asked.status = answer.status
        answer.body.read(piece => (asked.text += piece.toString('latin1')), end)
        onAnswer(answer)
      },
      onError: end,
    }
    onSent(send(path, headers, listener, body))
  })
}

/** Makes the whole text of an answer. */
export const answerWith = (body: string, ...headers: string[]): string =>
  `HTTP/1.1 200 OK\r\n${headers.map(line => `${line}\r\n`).join('')}Content-Length: ${body.length}\r\n\r\n${body}`

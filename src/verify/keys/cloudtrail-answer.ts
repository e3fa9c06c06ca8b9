// Reads one answer of CloudTrail's API (AWS JSON 1.1), bounded in size, and
// turns a refusal into the error that the SDK would throw.

import { orElse } from '../../files/error-code.ts'
import type { S3Answer } from '../../s3/observe.ts'

const MAX_BYTES = 4 * 1024 * 1024

// S3's names of the same refusals.
const NAMES: Readonly<Record<string, string>> = {
  AccessDeniedException: 'AccessDenied',
  UnauthorizedOperation: 'AccessDenied',
  InvalidSignatureException: 'SignatureDoesNotMatch',
}

/** Reads the content of an answer; throws a refusal as an error, with its code as the name. */
export function answerOf({ status, headers, text }: S3Answer): unknown {
  if (text.length > MAX_BYTES)
    throw new Error(`the answer is longer than ${MAX_BYTES} bytes`)
  const value: unknown = orElse(undefined, () => JSON.parse(text))
  if (status >= 200 && status < 300) return value
  const said = (typeof value === 'object' ? (value ?? {}) : {}) as Record<
    string,
    unknown
  >
  const type = headers['x-amzn-errortype'] ?? said['__type']
  // It may come as `namespace#Code:http://…`.
  const [, code = 'Unknown'] =
    /^(?:[^#]*#)?([A-Za-z]\w*)/.exec(String(type ?? '')) ?? []
  const message = said['message'] ?? said['Message']
  throw Object.assign(new Error(typeof message === 'string' ? message : ''), {
    name: Object.hasOwn(NAMES, code) ? NAMES[code] : code,
    $metadata: { httpStatusCode: status },
    $response: { headers },
  })
}

// What S3 and the network say when they give nothing.

import { SourceError } from '../../../src/s3/errors/source-error.ts'

export const denied = new SourceError('reading it: AccessDenied', {
  code: 'AccessDenied',
  kind: 'access',
})

export const reset = new SourceError('reading it: ECONNRESET', {
  code: 'ECONNRESET',
  kind: 'network',
})

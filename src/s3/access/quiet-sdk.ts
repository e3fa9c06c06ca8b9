// Keeps the SDK from writing to stderr, which is for this program's own lines.

import type { S3ClientConfig } from '@aws-sdk/client-s3'

const nothing = (): void => {}

/** Gives the logger for all of the SDK, and disables the warnings that bypass it, such as the one about Node 20. */
export function quietSdk(): NonNullable<S3ClientConfig['logger']> {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'
  console.warn = nothing
  return {
    debug: nothing,
    info: nothing,
    warn: nothing,
    error: nothing,
  }
}

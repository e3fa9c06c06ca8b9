// What the tests of how a bucket is reached begin with: plain settings, and an
// environment in which nothing else says anything.

import type { Test } from 'tap'
import type { AccessSettings } from '../../../src/s3/access/endpoint.ts'

export const SETTINGS: AccessSettings = {
  Region: 'eu-west-1',
  BucketName: 'logs',
  AccessKeyId: 'AKID',
  SecretAccessKey: 'a secret',
  Endpoint: '',
  ForcePathStyle: false,
  Profile: '',
  RoleArn: '',
  ExternalId: '',
  RequestPayer: false,
  ProxyServer: '',
  ProxyPort: undefined,
  UserName: '',
  Password: '',
  Domain: '',
}

/** Keeps what runs in a test from the variables and files of whoever tests. */
export function emptyEnv(
  t: Test,
  more: NodeJS.ProcessEnv = {},
): NodeJS.ProcessEnv {
  const before = process.env
  t.teardown(() => {
    process.env = before
  })
  process.env = { HOME: t.testdir(), ...more }
  return process.env
}

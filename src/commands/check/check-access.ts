// Asks S3 for the first page of FilePath. From the answer it reports the one of
// endpoint, credentials, region, bucket, clock and permission that S3 blames; the
// parts that S3 did not check yet are not reported as ok. After an answer of S3
// the proxy in between is reported, or that NO_PROXY excludes the host.

import { said } from '../../report/words.ts'
import { s3Url, type ListPage } from '../../s3/object-store.ts'
import { firstPage } from '../../s3/pages.ts'
import { resolveEndpoint } from '../../s3/access/resolve.ts'
import type { Endpoint } from '../../s3/access/endpoint.ts'
import { SourceError, sourceError } from '../../s3/errors/source-error.ts'
import type { Settings } from '../../settings/settings-table.ts'
import type { AskedBucket } from './checked-bucket.ts'
import { timeLimit } from '../../s3/errors/no-answer.ts'
import { findCredentials, type Credentials } from './find-credentials.ts'
import { fail, ok, outcomeOf, warn, type Finding } from './check-finding.ts'
import { listPermission } from '../../s3/permissions.ts'
import { placeOf, type Proxy } from '../../s3/proxy/proxy.ts'
import { mayUseProxy, proxyFor } from '../../s3/proxy/route.ts'

const SECONDS = 6

// All other errors of the LIST belong to the finding `list`.
const FINDINGS: ReadonlySet<string> = new Set([
  'proxy',
  'endpoint',
  'credentials',
  'bucket',
  'region',
  'clock',
])

/** Names the finding that an error of the first LIST belongs to. */
export const blame = ({ about }: SourceError): string =>
  FINDINGS.has(about) ? about : 'list'

/** Tries credentials and LIST; returns the first page of FilePath with any content, else the last. */
export async function* checkAccess(
  { settings, store, stop }: AskedBucket,
  bucketRegion: () => string,
): AsyncGenerator<Finding, ListPage | undefined> {
  let credentials: Credentials
  try {
    credentials = await findCredentials(settings, timeLimit(SECONDS, stop))
  } catch (error) {
    const isProxy = error instanceof SourceError && blame(error) === 'proxy'
    yield fail(
      isProxy ? 'proxy' : 'credentials',
      (error as Error).message,
      outcomeOf(error),
    )
    return undefined
  }
  const prefix = settings.FilePath
  // LIST fails for the same reason and reports it.
  const place = await resolveEndpoint(settings).catch(() => undefined)
  try {
    const page = await firstPage(store, {
      prefix,
      delimiter: true,
      startAfter: '',
      signal: timeLimit(SECONDS, stop),
    })
    yield* granted(credentials, place, settings, bucketRegion())
    return page
  } catch (cause) {
    const error = sourceError(
      cause,
      `listing ${s3Url(settings.BucketName, prefix)}`,
    )
    const name = blame(error)
    if (name !== 'endpoint' && name !== 'proxy') yield* answers(place, settings)
    if (name !== 'credentials')
      yield ok('credentials', credentials.text + tried(name))
    yield fail(
      name,
      refusal(name, error, { credentials, place, settings }),
      outcomeOf(error),
    )
    return undefined
  }
}

function* granted(
  { text, expires }: Credentials,
  place: Endpoint | undefined,
  settings: Settings,
  actual: string,
): Generator<Finding> {
  const { BucketName } = settings
  // An access point's ARN has a region of its own.
  const region = place?.region ?? settings.Region
  yield* answers(place, settings)
  const until = expires ? `, until ${expires.toISOString()}` : ''
  yield ok('credentials', `${text}${until}: S3 takes them`)
  yield ok('bucket', `${BucketName} is there`)
  yield actual === '' || actual === region
    ? ok('region', `${region} is where the bucket answers`)
    : warn('region', `the bucket is in ${actual}: set Region to it`)
  yield ok('list', `${listPermission(settings)} is allowed`)
}

interface Tried {
  credentials: Credentials
  place: Endpoint | undefined
  settings: Settings
}

function refusal(
  name: string,
  error: SourceError,
  { credentials, place, settings }: Tried,
): string {
  const { Region, BucketName, FilePath } = settings
  switch (name) {
    case 'endpoint':
      return `S3 does not answer as it should at ${endpointOf(place, settings)}: ${endpointFault(error, settings)}`
    case 'credentials':
      return `${credentials.text}, refused: ${error.message}`
    case 'bucket':
      return `BucketName ${BucketName}: ${error.message}`
    case 'region':
      return `Region ${Region} is not the bucket's: ${error.message}`
    case 'list':
      if (error.throttled) return `${said(error)}; check again a little later`
      return `${said(error)}; allow ${listPermission(settings)}, and check that BucketName ${BucketName} is yours${
        FilePath === ''
          ? ''
          : ` and FilePath ${FilePath} is right (a policy may allow only other folders)`
      }`
    default:
      return error.message
  }
}

// The message of a single failed request has advice for a cycle, which tries again.
function endpointFault(
  error: SourceError,
  { Endpoint, ForcePathStyle }: Settings,
): string {
  const fault = error.affectsAll
    ? error.message
    : `${said(error)}; check that it is an address of S3, the network and any proxy`
  if (Endpoint === '')
    return `${fault}; while Endpoint is blank, the host follows from Region and the variables AWS_*`
  return ForcePathStyle || error.code !== 'ENOTFOUND'
    ? fault
    : `${fault}; a store other than AWS mostly needs ForcePathStyle=true`
}

// S3 checks the signature before bucket and permission.
const tried = (name: string): string =>
  name === 'bucket' || name === 'list' ? ': S3 takes them' : ', not tried'

function* answers(
  place: Endpoint | undefined,
  settings: Settings,
): Generator<Finding> {
  if (place !== undefined) yield* checkProxy(settings, place.url)
  yield ok('endpoint', `S3 answers at ${endpointOf(place, settings)}`)
}

const endpointOf = (
  place: Endpoint | undefined,
  { Endpoint, Region }: Settings,
): string =>
  Endpoint === ''
    ? (place?.url.origin ?? `AWS's address of ${Region}`)
    : `${Endpoint} (Endpoint)`

function* checkProxy(settings: Settings, url: URL): Generator<Finding> {
  if (!mayUseProxy(settings, process.env)) return
  const proxy = proxyFor(url, settings, process.env)
  yield ok(
    'proxy',
    proxy
      ? `${placeOf(proxy)} lets ${login(proxy)} through to ${url.hostname}`
      : `none for ${url.hostname}: NO_PROXY excludes it, or no variable applies to ${url.protocol}//`,
  )
}

const login = ({ authorization, source }: Proxy): string => {
  if (authorization === undefined) return 'requests without a login'
  return source === 'ProxyServer' ? 'the user of UserName' : 'its user'
}

// Credentials by the SDK: the keys of the ini, a profile or the AWS default
// chain, and the session of a role that is assumed with these. Each fetch
// begins from scratch, so that the SDK's own caches cannot give stale ones.

import { adviceOnCredentials } from '../errors/credential-advice.ts'
import { SourceError, sourceError } from '../errors/source-error.ts'
import { proxyHandler } from '../proxy/tunnel.ts'
import {
  fromIni,
  fromNodeProviderChain,
  fromTemporaryCredentials,
} from './aws-sdk.ts'
import {
  keysSource,
  type Credentials,
  type CredentialSource,
} from './credentials.ts'
import { endCommands, superviseCommands } from './credential-process.ts'
import { awsFiles, expectAwsFiles } from './aws-files.ts'
import type { AccessSettings } from './endpoint.ts'
import { quietSdk } from './quiet-sdk.ts'
import { triedSources } from './tried-sources.ts'

interface Connection {
  requestHandler?: NonNullable<ReturnType<typeof proxyHandler>>
}
type RoleOptions = Parameters<typeof fromTemporaryCredentials>[0]
interface Asked {
  hostname: string
  port?: number
}
type Plugin = NonNullable<RoleOptions['clientPlugins']>[number]

/** Gives the source that the settings name: own credentials, or those of the role that is assumed with them. */
export function sdkSource(
  settings: AccessSettings,
  connection = connectionOf(settings),
): CredentialSource {
  const own = ownSource(settings, connection)
  return settings.RoleArn === '' ? own : roleSource(settings, own, connection)
}

/** Gives the keys of the ini, or those of Profile alone, or those of the default chain. */
export function ownSource(
  settings: AccessSettings,
  connection = connectionOf(settings),
): CredentialSource {
  const { AccessKeyId, SecretAccessKey, Profile, Region } = settings
  if (AccessKeyId !== '')
    return keysSource({
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
    })
  const sts = askedSts()
  superviseCommands()
  const init = {
    clientConfig: connection,
    // A profile's role is assumed in this region, unless the profile names one;
    // a web identity finds its STS by this region alone.
    parentClientConfig: { ...connection, region: Region },
    clientPlugins: [sts.plugin],
    // Another process may have renewed them.
    ignoreCache: true,
    logger: quietSdk(),
  }
  const ambient = process.env['AWS_PROFILE'] ?? ''
  const named =
    Profile !== ''
      ? ` in profile ${Profile} of ${files()}`
      : ambient !== ''
        ? ` in profile ${ambient} (AWS_PROFILE) of ${files()}`
        : ''
  return {
    get doing() {
      return `looking for credentials${named}${sts.place()}`
    },
    async fetch() {
      sts.host = ''
      expectAwsFiles(process.env)
      try {
        // The chain would continue to other credentials than the profile's.
        return Profile === ''
          ? await fromNodeProviderChain(init)()
          : await fromIni({ ...init, profile: Profile })()
      } catch (cause) {
        if (!foundNone(cause)) throw credentialError(cause, this.doing, Profile)
        // The chain hides the fault of the profile that AWS_PROFILE names.
        if (ambient !== '' && Profile === '')
          await fromIni({ ...init, profile: ambient })().catch(fault => {
            if (!isUnresolved(fault))
              throw credentialError(fault, this.doing, ambient)
          })
        const tried = triedSources(process.env, files())
        throw credentialError(cause, `looking for credentials in ${tried}`)
      }
    },
    giveUp: endCommands,
  }
}

/** Gives the sessions of RoleArn, assumed at the STS of Region with the credentials of `own`. */
export function roleSource(
  settings: AccessSettings,
  own: CredentialSource,
  connection = connectionOf(settings),
): CredentialSource {
  const { RoleArn, ExternalId, Region, Profile, AccessKeyId } = settings
  const sts = askedSts()
  return {
    get doing() {
      return sts.host === '' ? own.doing : `assuming ${RoleArn}${sts.place()}`
    },
    async fetch(): Promise<Credentials> {
      sts.host = ''
      const assume = fromTemporaryCredentials({
        params: {
          RoleArn,
          RoleSessionName: 'lr-s3-input',
          ...(ExternalId !== '' && { ExternalId }),
        },
        masterCredentials: () => own.fetch(),
        clientConfig: {
          ...connection,
          region: Region,
          ...(Profile && AccessKeyId === '' && { profile: Profile }),
        },
        clientPlugins: [sts.plugin],
        logger: quietSdk(),
      })
      try {
        return await assume()
      } catch (cause) {
        throw credentialError(cause, this.doing)
      }
    },
    giveUp: () => own.giveUp?.(),
  }
}

// The connection to STS, SSO and the like, which all of them take from here.
function connectionOf(settings: AccessSettings): Connection {
  const requestHandler = proxyHandler(settings)
  return requestHandler ? { requestHandler } : {}
}

// Notes the host of STS once a request to it is ready.
function askedSts(): { host: string; place: () => string; plugin: Plugin } {
  const asked = {
    host: '',
    place: () => (asked.host === '' ? '' : ` at STS (${asked.host})`),
    plugin: {
      applyToStack(stack: Parameters<Plugin['applyToStack']>[0]): void {
        stack.add(
          next => args => {
            const { hostname, port } = args.request as Asked
            asked.host = port === undefined ? hostname : `${hostname}:${port}`
            return next(args)
          },
          { step: 'deserialize', priority: 'low' },
        )
      },
    },
  }
  return asked
}

// The chain itself says only this when it has tried every source.
const foundNone = (cause: unknown): boolean =>
  cause instanceof Error &&
  cause.message.startsWith('Could not load credentials from any')

// It says nothing of credentials, as one that holds a region alone.
const isUnresolved = (fault: unknown): boolean =>
  fault instanceof Error &&
  fault.message.startsWith('Could not resolve credentials using profile')

function credentialError(
  cause: unknown,
  doing: string,
  profile = '',
): SourceError {
  const error = sourceError(cause, doing, facts =>
    adviceOnCredentials(facts, profile),
  )
  return error.unsigned
    ? error
    : new SourceError(error.message, { ...error, unsigned: true })
}

const files = (): string => awsFiles(process.env).join(' and ')

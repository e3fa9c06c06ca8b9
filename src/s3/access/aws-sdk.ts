// The used parts of the AWS SDK. The build keeps them apart from the program,
// as a compressed text that is read, compiled and cached only on demand: it is
// as large as all the rest, and most cycles do not need it.

export { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
export {
  fromIni,
  fromNodeProviderChain,
  fromTemporaryCredentials,
} from '@aws-sdk/credential-providers'
export { externalDataInterceptor } from '@smithy/core/config'

// What is used of the AWS SDK. The build keeps it apart from the program, as a
// compressed text that is read, compiled and cached only where the SDK is asked:
// it is as large as all the rest, and most cycles need nothing of it.

export { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
export {
  fromIni,
  fromNodeProviderChain,
  fromTemporaryCredentials,
} from '@aws-sdk/credential-providers'
export { externalDataInterceptor } from '@smithy/core/config'

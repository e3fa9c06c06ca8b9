// The texts that the build makes first: the program, bundled from main.ts, and
// the part of the AWS SDK that it uses, in base64 of gzip.

declare module 'lr-s3-input/program' {
  const program: string
  export default program
}

declare module 'lr-s3-input/aws-sdk' {
  const awsSdk: string
  export default awsSdk
}

// The permissions that a collector needs, in the terms of an IAM policy.

/** A bucket, and the part of it to collect. */
export interface Where {
  Region: string
  BucketName: string
  FilePath: string
}

/** Gives the permission for listing the bucket. */
export function listPermission(place: Where): string {
  const { FilePath } = place
  const prefix = FilePath === '' ? '' : ` with s3:prefix ${FilePath}*`
  return `s3:ListBucket on ${bucketArn(place)}${prefix}`
}

/** Gives the permission for reading the objects. */
export function getPermission(place: Where): string {
  return `s3:GetObject on ${objectsArn(place)}/${place.FilePath}*`
}

/** Gives the start of each object's ARN, before a slash and its key. */
export function objectsArn(place: Where): string {
  const arn = bucketArn(place)
  // An access point's objects have a word before their keys.
  return arn.includes(':accesspoint/') ? `${arn}/object` : arn
}

/** Gives the ARN of the bucket. */
export function bucketArn({ Region, BucketName }: Where): string {
  if (BucketName.startsWith('arn:')) return BucketName
  const partition = /^(?:cn|us-gov)(?=-)/.exec(Region)?.[0]
  return `arn:aws${partition === undefined ? '' : `-${partition}`}:s3:::${BucketName}`
}

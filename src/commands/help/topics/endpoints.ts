// The topic endpoints: the settings for S3-compatible stores and special AWS
// addresses.

/** The text of the topic. */
export const endpoints = `  MinIO, Ceph and the like
      Endpoint=https://minio.example.com:9000 and ForcePathStyle=true; any Region it takes
  an interface VPC endpoint
      Endpoint=https://bucket.vpce-1a2b3c4d-5e6f.s3.us-east-1.vpce.amazonaws.com; a gateway
      endpoint needs nothing
  FIPS, dual stack
      AWS_USE_FIPS_ENDPOINT=true, AWS_USE_DUALSTACK_ENDPOINT=true in the environment; not with
      Endpoint
  GovCloud, China, other partitions
      Region alone
  an access point
      BucketName=arn:aws:s3:us-west-2:123456789012:accesspoint/logs; it may be in another region
      than Region. Records then say s3://arn:aws:...:accesspoint/logs/KEY, as the AWS CLI writes
      it, and the cursor belongs to that name: the bucket's own name is another bucket to it. Its
      alias is a bucket name like any other; multi-Region access points do not work
  a bucket whose readers pay
      RequestPayer=true
  a tenant of Ceph
      BucketName=TENANT:BUCKET, with Endpoint

  Endpoint goes before AWS_ENDPOINT_URL_S3, that before AWS_ENDPOINT_URL;
  AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true ends both of these. A bucket with dots in its name is
  put in the path by itself.
`

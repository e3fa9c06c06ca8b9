// Which hosts NO_PROXY leaves out, as curl's manual has it (names with all
// below them, networks since 7.86) and with the ports that Go and Node know.

import t from 'tap'
import { isExempt } from '../../../src/s3/proxy/no-proxy.ts'

const S3 = 'https://logs.s3.eu-west-1.amazonaws.com/'

for (const [list, url, exempt] of [
  ['', S3, false],
  [' , ,', S3, false],
  ['*', S3, true],
  ['other, *', S3, true],
  ['amazonaws.com', S3, true],
  ['.amazonaws.com', S3, true],
  ['*.amazonaws.com', S3, true],
  ['.AmazonAWS.com', S3, true],
  ['amazonaws.com.', S3, true],
  ['logs.s3.eu-west-1.amazonaws.com', S3, true],
  ['localhost,.corp amazonaws.com', S3, true],
  ['azonaws.com', S3, false],
  ['.', S3, false],
  ['s3.eu-west-1.amazonaws.com.evil', S3, false],
  ['amazonaws.com:443', S3, true],
  ['amazonaws.com:80', S3, false],
  ['*:443', S3, true],
  ['minio:9000', 'http://minio:9000/logs/', true],
  ['minio:9000', 'http://minio/logs/', false],
  ['minio:80', 'http://minio/logs/', true],
  ['127.0.0.1', 'http://127.0.0.1:9000/', true],
  ['127.0.0.1:9000', 'http://127.0.0.1:9000/', true],
  ['127.0.0.1:9001', 'http://127.0.0.1:9000/', false],
  ['0.0.1', 'http://127.0.0.1:9000/', false],
  ['127.0.0.0/8', 'http://127.0.0.1:9000/', true],
  ['10.0.0.0/8', 'http://127.0.0.1:9000/', false],
  ['10.0.0.0/33, 10.0.0.0/x', 'http://10.0.0.1/', false],
  ['::1', 'http://[::1]:9000/', true],
  ['[::1]', 'http://[::1]:9000/', true],
  ['[::1]:9000', 'http://[::1]:9000/', true],
  ['[::1]:9001', 'http://[::1]:9000/', false],
  ['fd00::/8', 'http://[fd00::7]/', true],
  ['fd00:0:0::7', 'http://[fd00::7]/', true],
  ['127.0.0.1', 'http://[fd00::7]/', false],
] as const)
  t.equal(isExempt(new URL(url), list), exempt, `${list} and ${url}`)

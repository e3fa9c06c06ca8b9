// What people get wrong in an ini: each is met with the line, what stands
// there, and what is to stand there instead.

import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { daysAgo } from '../lib/hosts/collector.ts'
import { set, tryMistakes, type Mistake } from '../lib/hosts/mistakes.ts'

const day = daysAgo(0).replaceAll('-', '/')
const trail = 'AWSLogs/111122223333/CloudTrail/us-east-1/'

const names: Mistake[] = [
  {
    what: 'Region as the ini came',
    make: set({ Region: 'CHANGE_THIS' }),
    code: 2,
    says: /Region \(line 2\) is still CHANGE_THIS: give a region code such as/,
  },
  {
    what: 'Region in quotes',
    make: set({ Region: '"us-east-1"' }),
    code: 2,
    says: /Region \(line 2\) is .*us-east-1.*: must be a region code.* in quotes.*remove them/,
  },
  {
    what: 'Region with a comment behind it',
    make: set({ Region: 'us-east-1 ; ours' }),
    code: 2,
    says: /Region \(line 2\) .* holds a comment.*: give the comment a line of its own/,
  },
  {
    what: 'Region in capitals',
    make: set({ Region: 'US-EAST-1' }),
    code: 2,
    says: /Region \(line 2\) is "US-EAST-1": .*did you mean us-east-1\?/,
  },
  {
    what: 'BucketName as a URL of S3, with a folder',
    make: set({ BucketName: 's3://logs/AWSLogs/' }),
    code: 2,
    says: /BucketName \(line 3\) is "s3:.*: BucketName=logs, and the folder as FilePath=AWSLogs\//,
  },
  {
    what: "BucketName as AWS's web address",
    make: set({ BucketName: 'https://logs.s3.amazonaws.com/' }),
    code: 2,
    says: /BucketName \(line 3\) is "https:.*: must be a bucket name.*BucketName=logs/,
  },
  {
    what: 'a name of a setting mistyped',
    make: ({ ini }) =>
      writeFileSync(
        ini,
        readFileSync(ini, 'utf8').replace('BucketName=', 'BuketName='),
      ),
    code: 2,
    says: /BuketName \(line 3\) is not a setting.*did you mean BucketName\?|BucketName is required: give a bucket name/,
  },
  {
    what: 'a colon instead of =',
    make: ({ ini }) => appendFileSync(ini, 'MaxResultCount: 100\n'),
    code: 2,
    says: /line 13 is neither Name=value, .*: write MaxResultCount=, then the value/,
  },
  {
    what: 'a setting twice',
    make: ({ ini }) =>
      appendFileSync(ini, 'NoOfBackDaysData=2\nNoOfBackDaysData=3\n'),
    code: 0,
    says: /NoOfBackDaysData is set in line 13 and in line 14; the latter applies/,
  },
]

const values: Mistake[] = [
  {
    what: 'LogType in the wrong case',
    make: set({ LogType: 'cloudtrail' }),
    code: 2,
    says: /LogType \(line 4\) is "cloudtrail": must be CloudTrail or VPCFlowLogs, here CloudTrail/,
  },
  {
    what: 'LogType cut short',
    make: set({ LogType: 'VPCFlow' }),
    code: 2,
    says: /LogType \(line 4\) is "VPCFlow": .*did you mean VPCFlowLogs\?/,
  },
  {
    what: 'LogType of the other logs',
    make: set({ LogType: 'VPCFlowLogs' }),
    code: 1,
    says: /LogType is VPCFlowLogs, but the folders hold CloudTrail .*: set LogType=CloudTrail, or FilePath/,
  },
  {
    what: 'a number out of its range',
    make: set({ NoOfBackDaysData: 30 }),
    code: 2,
    says: /NoOfBackDaysData \(line 13\) is "30": must be a whole number, 1-7/,
  },
  {
    what: 'a switch mistyped',
    make: set({ EmitHeartbeat: 'ture' }),
    code: 2,
    says: /EmitHeartbeat \(line 13\) is "ture": must be true or false; did you mean true\?/,
  },
  {
    what: 'a folder of CloudTrail in the wrong case',
    make: set({ CloudTrailFolders: 'Cloudtrail' }),
    code: 2,
    says: /CloudTrailFolders \(line 13\) is "Cloudtrail": .*; did you mean CloudTrail\?/,
  },
  {
    what: 'the old signature',
    make: set({ SignatureVersion: 2 }),
    code: 2,
    says: /SignatureVersion \(line 13\) is "2": must be 4/,
  },
  {
    what: 'a shard that there is not',
    make: set({ Shard: '3/2' }),
    code: 2,
    says: /Shard \(line 13\) is "3\/2": must be i\/n, 1\/1 to/,
  },
  {
    what: 'a shard in the environment that is the name of a pod',
    make: () => ({ LR_S3_INPUT_SHARD: 'siem-3' }),
    code: 2,
    says: /LR_S3_INPUT_SHARD \(environment\) is "siem-3": must be i\/n.*such as \+0\/4/,
  },
  {
    what: 'Endpoint without its scheme',
    make: set({ Endpoint: 'minio.corp:9000' }),
    code: 2,
    says: /Endpoint \(line 9\) is "minio.corp:9000": must be an http.*begin it with https:\/\/ or http:/,
  },
  {
    what: 'a proxy without its port',
    make: set({ ProxyServer: 'proxy.corp' }),
    code: 2,
    says: /ProxyPort is not set: give the proxy's, often 8080 or 3128/,
  },
  {
    what: 'a role by its name',
    make: set({ RoleArn: 'siem-reader' }),
    code: 2,
    says: /RoleArn \(line 13\) is "siem-reader": must be the ARN of a role/,
  },
]

const paths: Mistake[] = [
  {
    what: 'FilePath as a URL of S3',
    make: set({ FilePath: 's3://logs/AWSLogs/' }),
    code: 2,
    says: /FilePath \(line 5\) is "s3:.*: must be a folder .*: FilePath=AWSLogs\//,
  },
  {
    what: 'FilePath in quotes',
    make: set({ FilePath: '"AWSLogs/"' }),
    code: 1,
    says: /FilePath \(line 5\) is in quotes.*: remove them[^]*matches nothing/,
  },
  {
    what: 'FilePath in the wrong case',
    make: set({ FilePath: 'awslogs/' }),
    code: 1,
    says: /FilePath awslogs\/ matches nothing: s3:\/\/logs\/ has no folder awslogs\/; .*did you mean AWSLogs\/\?/,
  },
  {
    what: 'FilePath that begins with the bucket',
    make: set({ FilePath: 'logs/AWSLogs/' }),
    code: 1,
    says: /FilePath logs\/AWSLogs\/ matches nothing: .*it has AWSLogs\/; .*the name of the bucket: leave that out/,
  },
  {
    what: 'FilePath of one day',
    make: set({ FilePath: trail + day }),
    code: 0,
    says: /FilePath \(line 5\) ends in the folder of one day, .*: set it to AWSLogs\/.*us-east-1\//,
  },
  {
    what: 'FilePath of one month',
    make: set({ FilePath: trail + day.slice(0, 7) }),
    code: 0,
    says: /FilePath \(line 5\) ends in the folder of one month, so no other month .*: set it to/,
  },
  {
    what: 'FilePath of an object',
    make: set({ FilePath: `${trail}${day}/a.json.gz` }),
    code: 1,
    says: /FilePath .*a\.json\.gz\/ matches nothing: .*; FilePath names a folder, not an object/,
  },
  {
    what: 'FilePath with a pattern',
    make: set({ FilePath: 'AWSLogs/*/CloudTrail' }),
    code: 1,
    says: /FilePath AWSLogs\/\*\/CloudTrail\/ matches nothing: .*; FilePath takes no patterns/,
  },
  {
    what: 'DepthToRecurse that fits no folder',
    make: set({ DepthToRecurse: 1 }),
    code: 1,
    says: /DepthToRecurse is 1, but the folders with logs are 3 below FilePath .*: set it to that, or leave it out/,
  },
  {
    what: 'ExclusionDirectories that fits every folder',
    make: set({ ExclusionDirectories: 'us' }),
    code: 1,
    says: /ExclusionDirectories us leaves every folder out, such as AWSLogs.*whose name contains that entry/,
  },
  {
    what: 'RegionFolders mistyped',
    make: set({ RegionFolders: 'us-wst-1' }),
    code: 1,
    says: /RegionFolders names us-wst-1, .*no logs; .*did you mean us-east-1\?/,
  },
  {
    what: 'Inclusions that fits no name',
    make: set({ Inclusions: '*.txt' }),
    code: 1,
    says: /Inclusions \*\.txt leaves out all 1 object that were looked at, such as a\.json\.gz: change it to match the names that you want/,
  },
  {
    what: 'Exclusions that fits every name',
    make: set({ Exclusions: '*' }),
    code: 1,
    says: /Exclusions \* leaves out all 1 object .*: change it to match the names that you do not want/,
  },
]

t.test('names of settings, and what is written around values', async t =>
  tryMistakes(t, names),
)
t.test('values', async t => tryMistakes(t, values))
t.test('where the logs are', async t => tryMistakes(t, paths))

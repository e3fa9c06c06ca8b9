// A setting that leaves every folder out is named, with what there is instead.

import t, { type Test } from 'tap'
import { checkFolders } from '../../../src/commands/check/check-folders.ts'
import { checking, findings, LEAF, type Checking } from './checking.ts'
import { denied } from '../../lib/s3/refusals.ts'

const FLOWS = 'AWSLogs/111122223333/vpcflowlogs/us-east-1/'

async function check(context: Checking) {
  const first = await context.store.list({
    prefix: context.settings.FilePath,
    delimiter: true,
    startAfter: '',
  })
  return findings(checkFolders(first, context))
}

/** Checks a bucket in which there are these keys. */
function checkBucket(
  settings: Record<string, string | number>,
  keys: readonly string[] = [
    `${LEAF}2026/03/10/a.json.gz`,
    `${LEAF.replace('us-east-1', 'eu-west-1')}2026/03/10/a.json.gz`,
  ],
) {
  const context = checking(settings)
  for (const key of keys) context.store.put(key, 0)
  return check(context)
}

const oneLine = (t: Test, lines: string[], ...texts: (string | RegExp)[]) => {
  t.equal(lines.length, 1, lines.join('\n'))
  for (const text of texts) t.match(lines[0], text)
}

t.test('names the folders with logs', async t => {
  const { lines, result } = await checkBucket({})
  oneLine(t, lines, /^ok folders: 2 /, LEAF)
  t.strictSame(result.at(1), { prefix: LEAF, layout: 'date' })
})

t.test('FilePath that matches nothing', async t => {
  for (const [FilePath, ...texts] of [
    ['awslogs/', 's3://logs/ has no folder awslogs/', 'mean AWSLogs/?'],
    ['AWSLogs/111122223333/Cloudtrail', 'has CloudTrail/', 'CloudTrail/?'],
    ['AWSLogs/999/x/y/', 's3://logs/AWSLogs/ has no folder 999/; it has 11112'],
    [`${LEAF}2026/04/`, 'has no folder 04/; it has 03/'],
  ] as const) {
    const { lines, found, result } = await checkBucket({ FilePath })
    oneLine(t, lines, `fail folders: FilePath ${FilePath}`, ...texts)
    t.equal(found[0]?.outcome, 'partial')
    t.strictSame(result, [])
  }
  const { lines } = await checkBucket({}, [])
  oneLine(t, lines, 'the bucket logs is empty')
  const blank = await checkBucket({ FilePath: '' }, [])
  oneLine(t, blank.lines, /^fail folders: the bucket logs is empty/)
})

t.test('the parents of FilePath may be closed', async t => {
  const context = checking({ FilePath: 'a/b/' })
  context.store.onList = ({ prefix }) => {
    if (!prefix.startsWith('a/b/')) throw denied
  }
  oneLine(
    t,
    (await check(context)).lines,
    's3://logs/a/ cannot be listed',
    /Denied/,
  )
})

t.test('LogType that fits no folder, either way', async t => {
  for (const FilePath of ['AWSLogs/', 'AWSLogs/111122223333/CloudTrail/']) {
    const { lines } = await checkBucket({ LogType: 'VPCFlowLogs', FilePath })
    oneLine(t, lines, /^fail folders: LogType is VPCF/, 'LogType=CloudTrail')
  }
  for (const FilePath of ['AWSLogs/', FLOWS]) {
    const keys = [`${FLOWS}2026/03/10/a.log.gz`]
    const { lines } = await checkBucket({ FilePath }, keys)
    oneLine(t, lines, /^fail folders: LogType is Clou/, 'LogType=VPCFlowLogs')
  }
})

t.test('each setting that leaves every folder out', async t => {
  for (const [name, value, ...texts] of [
    ['RegionFolders', 'eu-wst-1', 'eu-west-1, us-east-1', 'mean eu-west-1?'],
    ['ExclusionDirectories', 'x,Trail', LEAF.replace('us-east', 'eu-west')],
    ['DepthToRecurse', '1', 'are 3 below FilePath', 'set it to that'],
  ] as const) {
    const { lines } = await checkBucket({ [name]: value })
    oneLine(t, lines, `fail folders: ${name} `, ...texts)
  }
  const two = await checkBucket({ RegionFolders: 'xx', DepthToRecurse: 1 })
  oneLine(
    t,
    two.lines,
    'RegionFolders=xx',
    'DepthToRecurse=1',
    'together',
    LEAF.slice(0, 30),
  )
})

t.test('one of the regions is not there', async t => {
  const { lines, result } = await checkBucket({
    RegionFolders: 'us-east-1,us-east-2',
  })
  t.equal(result.length, 1)
  t.match(lines, [
    /^ok folders: 1 /,
    /^warn folders: .*us-east-2, which have no/,
  ])
  t.match(lines[1], 'eu-west-1, us-east-1')
  const hive = LEAF.replace('us-east-1', 'aws-region=us-east-1')
  const keys = [`${hive}year=2026/month=03/day=10/a.gz`]
  const good = await checkBucket({ RegionFolders: 'us-east-1' }, keys)
  oneLine(t, good.lines, /^ok/)
})

t.test(
  'a shard: how many of all, and the folders that are its own',
  async t => {
    const keys = Array.from(
      { length: 14 },
      (_, account) =>
        `AWSLogs/${111122223333 + account}/CloudTrail/us-east-1/2026/03/10/a.gz`,
    )
    let own = 0
    for (const Shard of ['1/2', '2/2']) {
      const { lines, result } = await checkBucket({ Shard }, keys)
      own += result.length
      oneLine(
        t,
        lines,
        `ok folders: shard ${Shard}: ${result.length} of 14 with`,
      )
    }
    t.equal(own, 14)
    const idle = await checkBucket({ Shard: '2/1000' }, keys)
    t.strictSame(idle.result, [])
    oneLine(
      t,
      idle.lines,
      /^warn folders: shard 2\/1000: it gets no folder, of 14 with logs/,
    )
    // A setting that leaves all out is no less to blame.
    const none = await checkBucket({ Shard: '1/2', DepthToRecurse: 1 }, keys)
    oneLine(t, none.lines, 'fail folders: DepthToRecurse ')
  },
)

const KIND = (kind: string, account = '111122223333') =>
  `AWSLogs/${account}/${kind}/us-east-1/2026/03/10/a.json.gz`

t.test('kinds of folders that are there and not collected', async t => {
  const there = [
    KIND('CloudTrail'),
    KIND('CloudTrail-Digest'),
    KIND('CloudTrail-Insight'),
    KIND('CloudTrail-Aggregated', '444455556666'),
    KIND('Config'),
  ]
  const { lines, found, result } = await checkBucket({}, there)
  t.equal(result.length, 1)
  t.match(lines, [/^ok folders: 1 with/, /^warn kinds: /])
  t.match(
    lines[1],
    'CloudTrail-Insight, CloudTrail-Aggregated are there too, but not collected',
  )
  t.match(lines[1], 'AWSLogs/111122223333/CloudTrail-Insight/us-east-1/')
  t.ok(
    lines[1]?.endsWith(
      'CloudTrailFolders=CloudTrail,CloudTrail-Insight,CloudTrail-Aggregated',
    ),
  )
  t.equal(found[1]?.outcome, 'done', 'a hint')
  const CloudTrailFolders = 'CloudTrail-Aggregated,CloudTrail'
  const more = await checkBucket({ CloudTrailFolders }, there)
  t.equal(more.result.length, 2)
  t.match(more.lines, [/^ok folders: 2 /, 'CloudTrail-Insight is there too'])
  const all = `${CloudTrailFolders},CloudTrail-Insight`
  oneLine(
    t,
    (await checkBucket({ CloudTrailFolders: all }, there)).lines,
    /^ok folders: 3 /,
  )
  const early = await checkBucket(
    { CloudTrailFolders: 'CloudTrail-NetworkActivity,CloudTrail' },
    there.slice(0, 2),
  )
  t.match(early.lines, [
    /^ok folders: 1 /,
    /^warn kinds: CloudTrailFolders names CloudTrail-NetworkActivity, which/,
  ])
  // What the other settings leave out would not be collected then.
  for (const settings of [
    { RegionFolders: 'us-east-1', ExclusionDirectories: '-Insight,4444' },
    { FilePath: 'AWSLogs/111122223333/CloudTrail/' },
  ])
    oneLine(t, (await checkBucket(settings, there)).lines, /^ok folders: 1 /)
})

t.test('only kinds of folders that are not collected', async t => {
  const there = ['CloudTrail-Insight', 'CloudTrail-NetworkActivity'].map(kind =>
    KIND(kind),
  )
  for (const FilePath of ['', 'AWSLogs/', 'AWSLogs/111122223333/']) {
    const { lines } = await checkBucket({ FilePath }, there)
    oneLine(
      t,
      lines,
      /^fail folders: CloudTrailFolders is CloudTrail, but /,
      'are CloudTrail-Insight, CloudTrail-NetworkActivity (AWSLogs/1',
      /CloudTrailFolders=CloudTrail,CloudTrail-Insight,CloudTrail-NetworkActivity$/,
    )
  }
  const two = await checkBucket({ RegionFolders: 'eu-west-1' }, there)
  oneLine(t, two.lines, 'CloudTrailFolders=CloudTrail', 'RegionFolders=eu-west')
  const other = await checkBucket({ LogType: 'VPCFlowLogs' }, there)
  oneLine(t, other.lines, 'set LogType=CloudTrail')
  const digests = await checkBucket({}, [KIND('CloudTrail-Digest')])
  oneLine(t, digests.lines, /^fail folders: .*no dated folder/)
})

t.test('a FilePath into a kind that is not named', async t => {
  const into = 'AWSLogs/111122223333/CloudTrail-Insight/'
  for (const FilePath of [into, `${into}us-east-1/2026/03/10/`]) {
    const { lines } = await checkBucket({ FilePath }, [
      KIND('CloudTrail-Insight'),
      KIND('CloudTrail'),
    ])
    t.match(lines, [/^ok folders: 1 /, /^warn kinds: /])
    t.match(
      lines[1],
      'into CloudTrail-Insight, which CloudTrailFolders does not name; this folder alone is collected',
    )
    const CloudTrailFolders = 'CloudTrail-Insight'
    const named = await checkBucket({ FilePath, CloudTrailFolders }, [
      KIND('CloudTrail-Insight'),
    ])
    oneLine(t, named.lines, /^ok folders: 1 /)
  }
})

t.test('nothing that could be logs', async t => {
  const { lines } = await checkBucket({}, ['AWSLogs/1/Config/x/y/z'])
  oneLine(t, lines, /^fail folders: /, 'CloudTrail logs', 'it holds 1/')
  const keys = ['backup/2026/03/10/a.gz']
  const blank = await checkBucket({ FilePath: '' }, keys)
  oneLine(t, blank.lines, 'it holds backup/', 'blank FilePath', 'AWSLogs')
})

t.test('a folder that is refused is named, the others are found', async t => {
  const context = checking()
  const closed = LEAF.replace('us-east-1', 'eu-west-1')
  for (const leaf of [LEAF, closed])
    context.store.put(`${leaf}2026/03/10/a.json.gz`, 0)
  context.store.onList = ({ prefix }) => {
    if (prefix === closed) throw denied
  }
  const { lines, found, result } = await check(context)
  t.match(lines, [/^fail list: .*AccessDenied/, /^ok folders: at least 1/])
  t.equal(found[0]?.outcome, 'access')
  t.equal(result.length, 1)
})

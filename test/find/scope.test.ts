// Which folders the settings let in, and which are not even looked into. The
// layouts are tested with the leaves.

import t from 'tap'
import {
  isDatedByAws,
  makeScope,
  mayHoldLogs,
  otherShard,
  shapeOf,
} from '../../src/find/scope.ts'
import { findLogType, serviceOf } from '../../src/normalize/log-types.ts'
import { cloudTrailFolders } from '../../src/settings/cloudtrail-folders.ts'
import { WHOLE } from '../../src/find/shard.ts'
import {
  bucketOf,
  scopeOf,
  walkLeaves,
  type Walked,
} from '../lib/cycle/walk-leaves.ts'

const ACCOUNT = 'AWSLogs/111122223333/'
const LEAF = `${ACCOUNT}CloudTrail/us-east-1/`
const DAY = '2026/03/10/'

const KINDS: readonly string[] = cloudTrailFolders
const ALL = serviceOf(KINDS)
const KEYS_OF_KINDS = [
  ...KINDS,
  'CloudTrail-Digest',
  'CloudTrail-Lake',
].flatMap(kind => [
  `${ACCOUNT}${kind}/us-east-1/${DAY}a.gz`,
  `my/trail/AWSLogs/o-abc/444455556666/${kind}/eu-west-1/${DAY}a.gz`,
])

const cases: [
  name: string,
  asked: Walked & { keys: string[] },
  leaves: string[],
][] = [
  [
    'a FilePath into one service is taken at its word',
    {
      settings: { FilePath: `${ACCOUNT}CloudTrail-Digest/` },
      keys: [
        `${ACCOUNT}CloudTrail-Digest/us-east-1/${DAY}a.gz`,
        `${LEAF}${DAY}a.gz`,
      ],
    },
    [`date ${ACCOUNT}CloudTrail-Digest/us-east-1/`],
  ],
  [
    'folders of CloudTrail by their kinds, in accounts, organizations and below prefixes',
    {
      service: ALL,
      keys: KEYS_OF_KINDS,
    },
    KINDS.flatMap(kind => [
      `date ${ACCOUNT}${kind}/us-east-1/`,
      `date my/trail/AWSLogs/o-abc/444455556666/${kind}/eu-west-1/`,
    ]),
  ],
  [
    'one kind alone, by its whole name',
    { service: serviceOf(['CloudTrail-Insight']), keys: KEYS_OF_KINDS },
    [
      `date ${ACCOUNT}CloudTrail-Insight/us-east-1/`,
      'date my/trail/AWSLogs/o-abc/444455556666/CloudTrail-Insight/eu-west-1/',
    ],
  ],
  [
    'kinds under RegionFolders, ExclusionDirectories and DepthToRecurse',
    {
      service: ALL,
      settings: {
        FilePath: 'AWSLogs/',
        RegionFolders: ['us-east-1'],
        ExclusionDirectories: ['-Insight', 'Aggregated'],
        DepthToRecurse: 3,
      },
      keys: KEYS_OF_KINDS,
    },
    [`date ${LEAF}`, `date ${ACCOUNT}CloudTrail-NetworkActivity/us-east-1/`],
  ],
  [
    'a FilePath into another kind, and into a day of it',
    {
      settings: { FilePath: `${ACCOUNT}CloudTrail-Insight/` },
      keys: KEYS_OF_KINDS,
    },
    [`date ${ACCOUNT}CloudTrail-Insight/us-east-1/`],
  ],
  [
    'a FilePath into a day of a kind that is wanted',
    {
      service: ALL,
      settings: { FilePath: `${ACCOUNT}CloudTrail-Insight/us-east-1/${DAY}` },
      keys: KEYS_OF_KINDS,
    },
    [`flat ${ACCOUNT}CloudTrail-Insight/us-east-1/${DAY}`],
  ],
  [
    'a FilePath that is a leaf, and one that is a day',
    { settings: { FilePath: LEAF }, keys: [`${LEAF}${DAY}a.gz`] },
    [`date ${LEAF}`],
  ],
  [
    'a FilePath that is a day',
    {
      settings: { FilePath: `${LEAF}${DAY}` },
      keys: [`${LEAF}${DAY}a.gz`, `${LEAF}2026/03/09/a.gz`],
    },
    [`flat ${LEAF}${DAY}`],
  ],
  [
    'RegionFolders by whole segment',
    {
      settings: { RegionFolders: ['us-east-1', 'aws-region=eu-west-1'] },
      keys: [
        `${LEAF}${DAY}a.gz`,
        `${ACCOUNT}CloudTrail/us-east-10/${DAY}a.gz`,
        `${ACCOUNT}CloudTrail/a.gz`,
        `AWSLogs/aws-account-id=1/CloudTrail/aws-region=us-east-1/year=2026/month=03/day=10/a.gz`,
        `AWSLogs/aws-account-id=1/CloudTrail/aws-region=eu-west-1/year=2026/month=03/day=10/a.gz`,
        `AWSLogs/aws-account-id=1/CloudTrail/aws-region=eu-west-2/year=2026/month=03/day=10/a.gz`,
      ],
    },
    [
      `date ${LEAF}`,
      'hive AWSLogs/aws-account-id=1/CloudTrail/aws-region=us-east-1/',
      'hive AWSLogs/aws-account-id=1/CloudTrail/aws-region=eu-west-1/',
    ],
  ],
  [
    'RegionFolders without AWSLogs',
    {
      settings: { FilePath: 'logs/', RegionFolders: ['us-east-1'] },
      keys: [
        `logs/us-east-1/x/${DAY}a.gz`,
        `logs/eu-west-1/${DAY}a.gz`,
        'logs/a',
      ],
    },
    ['date logs/us-east-1/x/'],
  ],
  [
    'ExclusionDirectories by part of a segment, case and all',
    {
      settings: { ExclusionDirectories: ['east', '9999'] },
      keys: [
        `${LEAF}${DAY}a.gz`,
        `${ACCOUNT}CloudTrail/US-EAST-1/${DAY}a.gz`,
        `AWSLogs/999988887777/CloudTrail/eu-west-1/${DAY}a.gz`,
      ],
    },
    [`date ${ACCOUNT}CloudTrail/US-EAST-1/`],
  ],
  [
    'DepthToRecurse down to the leaf',
    {
      settings: { FilePath: 'AWSLogs/', DepthToRecurse: 3 },
      keys: [
        `${LEAF}${DAY}a.gz`,
        `AWSLogs/o-abc/111122223333/CloudTrail/r/${DAY}a.gz`,
        `${ACCOUNT}CloudTrail/a.gz`,
      ],
    },
    [`date ${LEAF}`],
  ],
  [
    'DepthToRecurse down to the day, and to the hour',
    {
      settings: { FilePath: 'logs/', DepthToRecurse: 4 },
      keys: [
        `logs/x/${DAY}a.gz`,
        `logs/${DAY}13/a.gz`,
        'logs/loose.gz',
        'logs/a/b/c/d/a.gz',
        'logs/a/b/c/d/e/a.gz',
        `logs/x/y/${DAY}a.gz`,
      ],
    },
    ['date logs/', 'date logs/x/', 'flat logs/a/b/c/d/'],
  ],
]

for (const [name, asked, leaves] of cases)
  t.test(name, async t => {
    const expected = leaves.toSorted()
    for (const pageSize of [1000, 1]) {
      const { found } = await walkLeaves(bucketOf(asked.keys, pageSize), asked)
      t.strictSame([...found].toSorted(), expected, `${pageSize} to a page`)
    }
  })

t.test('folders that cannot hold logs cost no LIST', t => {
  const scope = scopeOf({
    RegionFolders: ['us-east-1'],
    ExclusionDirectories: ['skip'],
  })
  for (const prefix of [
    'x/',
    'AWSLogs/',
    ACCOUNT,
    `${ACCOUNT}CloudTrail/`,
    `${ACCOUNT}CloudTrail/us-east-1/`,
    'AWSLogs/o-abc/',
    '2024/',
    'AWSLogs/o-abc/111122223333/',
    `x/y/${ACCOUNT}`,
  ])
    t.ok(mayHoldLogs(prefix, scope), prefix)
  for (const prefix of [
    `${ACCOUNT}CloudTrail-Digest/`,
    `${ACCOUNT}elasticloadbalancing/`,
    `${ACCOUNT}CloudTrail/us-east-10/`,
    'a-skip-b/',
    `${ACCOUNT}cloudtrail/`,
    'AWSLogs/o-abc/111122223333/CloudTrail-Insight/',
  ])
    t.notOk(mayHoldLogs(prefix, scope), prefix)
  t.ok(mayHoldLogs(`${ACCOUNT}`, scopeOf({ DepthToRecurse: 2 })))
  t.notOk(mayHoldLogs(`${ACCOUNT}CloudTrail/`, scopeOf({ DepthToRecurse: 2 })))
  t.end()
})

t.test('FilePath counts for nothing in depth and exclusions', t => {
  const FilePath = `old/${ACCOUNT}`
  const scope = scopeOf({
    FilePath,
    DepthToRecurse: 1,
    ExclusionDirectories: ['old'],
  })
  t.ok(mayHoldLogs(`${FilePath}CloudTrail/`, scope))
  t.notOk(mayHoldLogs(`${FilePath}CloudTrail/us-east-1/`, scope))
  t.end()
})

t.test("AWS's own dates lie below a region, Hive's below a Hive region", t => {
  const scope = scopeOf()
  const hive = `${ACCOUNT}CloudTrail/aws-region=r/`
  t.ok(isDatedByAws(`${ACCOUNT}CloudTrail/anything/`, 'date', scope))
  t.ok(
    isDatedByAws(`x/AWSLogs/o-1/111122223333/CloudTrail/r/s/`, 'date', scope),
  )
  t.ok(isDatedByAws(hive, 'hive', scope))
  t.notOk(isDatedByAws(hive, 'date', scope))
  t.notOk(isDatedByAws(`${ACCOUNT}CloudTrail/r/`, 'hive', scope))
  for (const prefix of ['2024/', ACCOUNT, `${ACCOUNT}CloudTrail/`])
    t.notOk(isDatedByAws(prefix, 'date', scope), prefix)
  t.end()
})

t.test('each setting that shapes the leaves changes the shape', t => {
  const shapes = [
    scopeOf(),
    scopeOf({ FilePath: 'x/' }),
    scopeOf({ RegionFolders: ['x'] }),
    scopeOf({ ExclusionDirectories: ['x'] }),
    scopeOf({ DepthToRecurse: 1 }),
    scopeOf({ Shard: { index: 1, of: 2 } }),
    scopeOf({ Shard: { index: 2, of: 2 } }),
    makeScope(scopeOf(), /^vpcflowlogs$/),
  ].map(shapeOf)
  t.equal(new Set(shapes).size, shapes.length)
  t.equal(shapeOf(scopeOf()), shapes[0])
  t.end()
})

const shape = (CloudTrailFolders?: string[]): string =>
  shapeOf(
    makeScope(
      scopeOf(),
      findLogType('CloudTrail', CloudTrailFolders && { CloudTrailFolders })
        .service,
    ),
  )

t.test('the folders of CloudTrail shape the leaves, however written', t => {
  // As cursors of programs have it that knew one kind only.
  t.equal(JSON.parse(shape())[1], '^CloudTrail$')
  t.equal(shape(['CloudTrail']), shape())
  t.equal(
    new Set([
      shape(),
      shape(['CloudTrail-Insight']),
      shape(['CloudTrail', 'CloudTrail-Insight']),
      shape([...KINDS]),
    ]).size,
    4,
  )
  t.end()
})

t.test('a shape tells whether it is of another shard', t => {
  const second = { index: 2, of: 3 }
  const shapes = [shapeOf(scopeOf()), shapeOf(scopeOf({ Shard: second }))]
  t.strictSame(
    ['', ...shapes].map(shape => otherShard(shape, second) !== ''),
    [false, true, false],
  )
  t.match(otherShard(shapes[1] ?? '', WHOLE), /=2\/3, and is now with 1\/1:/)
  t.end()
})

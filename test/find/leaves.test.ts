// Which folders are leaves, in every layout that AWS and its users make, and
// what becomes of a walk that is cut or fails. Settings are tested with scope.

import fc from 'fast-check'
import t from 'tap'
import type { WalkPosition } from '../../src/cursor/cursor-state.ts'
import { bucketOf, walkLeaves, type Walked } from '../lib/cycle/walk-leaves.ts'

const ACCOUNT = 'AWSLogs/111122223333/'
const FLOW_LOGS = /^(?:aws-service=)?vpcflowlogs$/i
const LEAF = `${ACCOUNT}CloudTrail/us-east-1/`
const DAY = '2026/03/10/'
const HIVE =
  'AWSLogs/aws-account-id=111122223333/aws-service=vpcflowlogs/aws-region=us-east-1/'

const cases: [
  name: string,
  asked: Walked & { keys: string[] },
  leaves: string[],
][] = [
  [
    'the whole bucket, accounts and regions of all partitions',
    {
      keys: [
        `${LEAF}${DAY}a.gz`,
        `${ACCOUNT}CloudTrail/us-gov-west-1/${DAY}a.gz`,
        `AWSLogs/444455556666/CloudTrail/cn-north-1/${DAY}a.gz`,
        `other/${DAY}a.gz`,
        'loose.gz',
      ],
    },
    [
      `date ${LEAF}`,
      `date ${ACCOUNT}CloudTrail/us-gov-west-1/`,
      'date AWSLogs/444455556666/CloudTrail/cn-north-1/',
    ],
  ],
  [
    'not what CloudTrail files beside its logs, nor other services',
    {
      keys: [
        '-Digest',
        '-Insight',
        '-NetworkActivity',
        '-Aggregated',
        '-Lake',
        '',
      ]
        .map(kind => `${ACCOUNT}CloudTrail${kind}/us-east-1/${DAY}a.gz`)
        .concat(`${ACCOUNT}vpcflowlogs/us-east-1/${DAY}a.gz`),
    },
    [`date ${LEAF}`],
  ],
  [
    'an organization trail, below a trail prefix of several levels',
    {
      keys: [
        `my/trail ü/x/AWSLogs/o-abc123/111122223333/CloudTrail/eu-west-1/${DAY}a`,
        `my/trail ü/x/AWSLogs/o-abc123/111122223333/CloudTrail-Digest/eu-west-1/${DAY}a`,
      ],
    },
    ['date my/trail ü/x/AWSLogs/o-abc123/111122223333/CloudTrail/eu-west-1/'],
  ],
  [
    'copies that are filed by date above the account or the service',
    {
      keys: [
        `AWSLogs/${DAY}111122223333/CloudTrail/us-east-1/a.gz`,
        `AWSLogs/${DAY}111122223333/CloudTrail-Digest/us-east-1/a.gz`,
        `${ACCOUNT}${DAY}CloudTrail/us-east-1/a.gz`,
        `${ACCOUNT}year=2026/month=3/day=9/CloudTrail/us-east-1/a.gz`,
        `AWSLogs/o-abc123/2026/3/9/444455556666/CloudTrail/a.gz`,
        `${ACCOUNT}${DAY}vpcflowlogs/us-east-1/a.gz`,
      ],
    },
    [
      `flat ${ACCOUNT}${DAY}CloudTrail/us-east-1/`,
      `flat ${ACCOUNT}year=2026/month=3/day=9/CloudTrail/us-east-1/`,
      `flat AWSLogs/${DAY}111122223333/CloudTrail/us-east-1/`,
      'flat AWSLogs/o-abc123/2026/3/9/444455556666/CloudTrail/',
    ],
  ],
  [
    'a trail prefix of fifteen levels',
    { keys: [`${'x/'.repeat(15)}${LEAF}${DAY}a.gz`] },
    [`date ${'x/'.repeat(15)}${LEAF}`],
  ],
  [
    'a trail prefix that looks like a year, or a date',
    {
      keys: [
        `2024/${LEAF}${DAY}a.gz`,
        `2025/${LEAF}${DAY}a.gz`,
        `x/2025/06/${LEAF}${DAY}a.gz`,
      ],
    },
    [`date 2024/${LEAF}`, `date 2025/${LEAF}`, `date x/2025/06/${LEAF}`],
  ],
  [
    'flow logs, hourly, Hive-style and both',
    {
      service: FLOW_LOGS,
      keys: [
        `${ACCOUNT}vpcflowlogs/us-east-1/${DAY}13/a.gz`,
        `${ACCOUNT}VPCFlowLogs/us-east-2/${DAY}a.gz`,
        `AWSLogs/aws-account-id=111122223333/aws-service=vpcflowlogs/aws-region=us-east-1/year=2026/month=03/day=10/hour=13/a.gz`,
        `${LEAF}${DAY}a.gz`,
      ],
    },
    [
      `date ${ACCOUNT}vpcflowlogs/us-east-1/`,
      `date ${ACCOUNT}VPCFlowLogs/us-east-2/`,
      'hive AWSLogs/aws-account-id=111122223333/aws-service=vpcflowlogs/aws-region=us-east-1/',
    ],
  ],
  [
    'objects without dates, beside dates and below no region',
    {
      keys: [
        `${ACCOUNT}CloudTrail/a.gz`,
        `${LEAF}a.gz`,
        `${LEAF}${DAY}a.gz`,
        `${LEAF}sub/a.gz`,
        `${ACCOUNT}CloudTrail/eu-west-1/`,
        `${ACCOUNT}readme.gz`,
      ],
    },
    [
      `flat ${ACCOUNT}CloudTrail/`,
      `flat ${LEAF}`,
      `date ${LEAF}`,
      `flat ${LEAF}sub/`,
    ],
  ],
  [
    'a FilePath without AWSLogs: all below it',
    {
      settings: { FilePath: 'logs/' },
      keys: [
        'logs/a.gz',
        `logs/x/${DAY}a.gz`,
        'logs/x/y/2026/a.gz',
        `logs/${LEAF}${DAY}a.gz`,
        `logs/${ACCOUNT}CloudTrail-Digest/us-east-1/${DAY}a.gz`,
        `logs2/${DAY}a.gz`,
      ],
    },
    ['flat logs/', 'date logs/x/', 'flat logs/x/y/2026/', `date logs/${LEAF}`],
  ],
  [
    'old dates and Hive dates side by side',
    {
      settings: { FilePath: 'logs/' },
      keys: ['logs/2025/12/31/a.gz', 'logs/year=2026/month=01/day=01/a.gz'],
    },
    ['date logs/', 'hive logs/'],
  ],
  [
    'a trail whose prefix has a folder AWSLogs',
    {
      settings: { FilePath: '' },
      keys: [
        `AWSLogs/prod/${LEAF}${DAY}a.gz`,
        `AWSLogs/111122223333/${LEAF}${DAY}a.gz`,
        `my/AWSLogs/logs/${LEAF}${DAY}a.gz`,
        `${LEAF}${DAY}a.gz`,
      ],
    },
    [
      `date ${LEAF}`,
      `date AWSLogs/111122223333/${LEAF}`,
      `date AWSLogs/prod/${LEAF}`,
      `date my/AWSLogs/logs/${LEAF}`,
    ],
  ],
  [
    'days that are in no calendar are folders',
    {
      settings: { FilePath: 'logs/' },
      keys: [
        'logs/x/2026/02/30/a.gz',
        'logs/x/2026/03/10/a.gz',
        'logs/h/year=2026/month=11/day=31/a.gz',
      ],
    },
    [
      'date logs/x/',
      'flat logs/h/year=2026/month=11/day=31/',
      'flat logs/x/2026/02/30/',
    ],
  ],
  [
    'dates without leading zeros: each day is a folder',
    {
      settings: { FilePath: 'logs/' },
      keys: [
        'logs/2026/12/5/a.gz',
        'logs/2026/12/10/a.gz',
        'logs/2027/1/1/07/a.gz',
        'logs/2027/x.gz',
        'logs/2027/02/x.gz',
        'logs/h/year=2026/month=12/day=7/a.gz',
        'logs/h/year=2026/month=12/day=17/a.gz',
        'logs/h/year=2027/month=1/day=1/a.gz',
        'logs/d/year=2026/month=12/dt=2026-12-10/a.gz',
      ],
    },
    [
      'flat logs/2026/12/5/',
      'date logs/',
      'flat logs/2027/1/1/07/',
      'flat logs/2027/',
      'flat logs/2027/02/',
      'flat logs/h/year=2026/month=12/day=7/',
      'hive logs/h/',
      'flat logs/h/year=2027/month=1/day=1/',
      'flat logs/d/year=2026/month=12/dt=2026-12-10/',
    ],
  ],
  [
    "folders in AWS's own that are no dates as AWS writes them",
    {
      firstDay: '2026-11-28',
      keys: [
        `${LEAF}2026/12/1/a.gz`,
        `${LEAF}2026/12/01/a.gz`,
        `${LEAF}2026/Nov/29/a.gz`,
        `${LEAF}2026/11/9/a.gz`,
        `${LEAF}2026/9/9/a.gz`,
        `${LEAF}2026/12/x.gz`,
        `${LEAF}2027/x.gz`,
        `${LEAF}2027/1/1/07/a.gz`,
        `${LEAF}2027/notes/a.gz`,
        `${LEAF}2025/notes/a.gz`,
        `${LEAF}2025/12/7/a.gz`,
      ],
    },
    [
      `date ${LEAF}`,
      `flat ${LEAF}2026/12/1/`,
      `flat ${LEAF}2026/Nov/29/`,
      `flat ${LEAF}2026/12/`,
      `flat ${LEAF}2027/`,
      `flat ${LEAF}2027/1/1/07/`,
      `flat ${LEAF}2027/notes/`,
    ],
  ],
  [
    "Hive folders in AWS's own that are no dates as AWS writes them",
    {
      firstDay: '2026-12-01',
      service: FLOW_LOGS,
      keys: [
        `${HIVE}year=2026/month=12/day=07/a.gz`,
        `${HIVE}year=2026/month=12/day=7/a.gz`,
        `${HIVE}year=2027/month=1/day=1/hour=7/a.gz`,
        `${HIVE}year=2027/month=01/a.gz`,
        `${HIVE}year=2026/month=9/day=30/a.gz`,
      ],
    },
    [
      `hive ${HIVE}`,
      `flat ${HIVE}year=2026/month=12/day=7/`,
      `flat ${HIVE}year=2027/month=1/day=1/hour=7/`,
      `flat ${HIVE}year=2027/month=01/`,
    ],
  ],
  [
    'dates without leading zeros below a depth',
    {
      settings: { FilePath: 'logs/', DepthToRecurse: 1 },
      keys: [
        'logs/x/2026/12/10/a.gz',
        'logs/x/2026/12/5/a.gz',
        'logs/x/2026/12/5/07/a.gz',
        'logs/x/2026/12/5/07/x/a.gz',
        'logs/x/2026/a.gz',
        'logs/x/2026/notes/a.gz',
        'logs/2026/12/5/a.gz',
        'logs/x/y/2026/12/5/a.gz',
      ],
    },
    [
      'date logs/x/',
      'flat logs/x/2026/12/5/',
      'flat logs/x/2026/12/5/07/',
      'flat logs/x/2026/',
    ],
  ],
  [
    'dates below a depth and below excluded names',
    {
      settings: {
        FilePath: 'logs/',
        DepthToRecurse: 1,
        ExclusionDirectories: ['12'],
      },
      keys: [
        'logs/x/2026/12/10/a.gz',
        'logs/y/2026/12/5/a.gz',
        'logs/2026/12/10/a.gz',
      ],
    },
    ['date logs/x/'],
  ],
  [
    'a FilePath that leads into a month',
    {
      settings: { FilePath: 'logs/2026/12/' },
      keys: ['logs/2026/12/10/a.gz', 'logs/2026/12/5/a.gz'],
    },
    ['flat logs/2026/12/10/', 'flat logs/2026/12/5/'],
  ],
  [
    'odd names, empty names, and markers alone',
    {
      keys: [
        `/${LEAF}${DAY}a.gz`,
        `a b+%2F&"é😀/${LEAF}${DAY}a.gz`,
        `x//${LEAF}${DAY}a.gz`,
        `${ACCOUNT}CloudTrail/eu-west-1/`,
      ],
    },
    [`date /${LEAF}`, `date a b+%2F&"é😀/${LEAF}`, `date x//${LEAF}`],
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

const ACCOUNTS = Array.from({ length: 23 }, (_, n) => 100000000000 + n * 7)
const KEYS = ACCOUNTS.flatMap(account =>
  ['us-east-1', 'eu-west-1'].map(
    region => `AWSLogs/${account}/CloudTrail/${region}/${DAY}a.gz`,
  ),
).concat(
  'AWSLogs/111122223333/x.gz',
  `2024/AWSLogs/111122223333/CloudTrail/r/${DAY}a.gz`,
)

t.test('a walk that is cut and fails finds the same leaves', async t => {
  const expected = (await walkLeaves(bucketOf(KEYS))).found
  t.equal(expected.size, 47)
  const property = fc.asyncProperty(
    fc.constantFrom(1, 2, 7, 1000),
    fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 4 }),
    fc.array(fc.nat({ max: 100 }), { maxLength: 9 }),
    async (pageSize, cuts, fails) => {
      const uncut = bucketOf(KEYS, pageSize)
      await walkLeaves(uncut)
      const store = bucketOf(KEYS, pageSize)
      store.onList = () => {
        if (fails.includes(store.lists.length)) throw new Error('on demand')
      }
      const found = new Set<string>()
      let visits: readonly WalkPosition[] = [{ prefix: '', after: '' }]
      for (let cycle = 0; visits.length > 0 && cycle < 1000; cycle++) {
        const end = store.lists.length + (cuts[cycle % cuts.length] ?? 0) + 1
        const hasTime = () => store.lists.length < end
        visits = (await walkLeaves(store, { hasTime, found, visits })).rest
      }
      const repeated = store.lists.length - uncut.lists.length
      return (
        [...found].toSorted().join() === [...expected].toSorted().join() &&
        repeated <= 3 * fails.length
      )
    },
  )
  await fc.assert(property, { numRuns: 100 })
})

t.test('many accounts do not make a long list of what is left', async t => {
  const keys = Array.from(
    { length: 17_000 },
    (_, n) => `AWSLogs/${100000000000 + n}/CloudTrail/us-east-1/${DAY}a.gz`,
  )
  const store = bucketOf(keys, 100)
  const found = new Set<string>()
  let visits: readonly WalkPosition[] = [{ prefix: '', after: '' }]
  let longest = 0
  while (visits.length > 0) {
    const end = store.lists.length + 3000
    const hasTime = () => store.lists.length < end
    visits = (await walkLeaves(store, { hasTime, found, visits })).rest
    longest = Math.max(longest, visits.length)
  }
  t.equal(found.size, 17_000)
  t.ok(longest <= 800, `${longest} folders left`)
})

t.test('a page that fails is kept, and hides nothing else', async t => {
  const store = bucketOf(KEYS)
  store.onList = ({ prefix }) => {
    if (prefix === 'AWSLogs/100000000007/') throw new Error('on demand')
  }
  const { found, errors, rest } = await walkLeaves(store)
  t.equal(found.size, 45)
  t.match(errors, [{ message: 'on demand' }])
  t.strictSame(rest, [
    { prefix: 'AWSLogs/100000000007/', after: '', failed: true },
  ])
})

t.test(
  'of dates above the service only days that are not over are walked',
  async t => {
    const region = '111122223333/CloudTrail/us-east-1/'
    const store = bucketOf([
      `${LEAF}${DAY}a.gz`,
      ...['2025/12/31/', '2026/02/28/', '2026/03/09/', DAY].map(
        day => `AWSLogs/${day}${region}a.gz`,
      ),
    ])
    const { found } = await walkLeaves(store, { firstDay: '2026-03-10' })
    const own = bucketOf([`${LEAF}${DAY}a.gz`])
    await walkLeaves(own, { firstDay: '2026-03-10' })
    t.strictSame([...found].toSorted(), [
      `date ${LEAF}`,
      `flat AWSLogs/${DAY}${region}`,
    ])
    t.equal(own.lists.length, 7, 'as many as there are folders')
    t.equal(store.lists.length - own.lists.length, 6)
  },
)

t.test('years and months that may be anything are looked into', async t => {
  const store = bucketOf([`x/${DAY}a.gz`, 'x/2025/01/01/a.gz'])
  await walkLeaves(store, { settings: { FilePath: 'x/' } })
  t.equal(store.lists.length, 5, 'the leaf, its years and their months')
  const own = bucketOf([`${LEAF}${DAY}a.gz`])
  await walkLeaves(own, { settings: { FilePath: LEAF } })
  t.equal(own.lists.length, 3, 'and those that AWS makes')
  const over = bucketOf([`${LEAF}${DAY}a.gz`, `${LEAF}2025/12/31/a.gz`])
  const settings = { FilePath: LEAF }
  await walkLeaves(over, { settings, firstDay: '2026-03-31' })
  t.equal(over.lists.length, 3, 'unless they are over')
  const later = bucketOf([`${LEAF}${DAY}a.gz`])
  const { found } = await walkLeaves(later, {
    settings,
    firstDay: '2027-01-01',
  })
  t.equal(later.lists.length, 1)
  t.strictSame([...found], [`date ${LEAF}`])
})

t.test('a failed folder is walked after all others', async t => {
  const store = bucketOf(KEYS)
  const failed = { prefix: 'AWSLogs/100000000007/', after: '', failed: true }
  const { found } = await walkLeaves(store, {
    visits: [failed, { prefix: '', after: '' }],
  })
  t.equal(found.size, 47)
  const order = store.lists.map(({ prefix }) => prefix)
  const at = order.indexOf(failed.prefix)
  const last = order.slice(at)
  t.strictSame(
    last.filter(prefix => !prefix.startsWith(failed.prefix)),
    [],
  )
  t.equal(order.lastIndexOf(failed.prefix), at, 'once')
})

t.test('eight folders are listed at once', async t => {
  const store = bucketOf(KEYS)
  let running = 0
  let most = 0
  store.onList = async () => {
    most = Math.max(most, ++running)
    await new Promise(setImmediate)
    running--
  }
  await walkLeaves(store)
  t.equal(most, 8)
})

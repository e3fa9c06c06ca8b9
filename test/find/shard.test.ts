// Which shard a folder falls to: one, always the same, and each its share.
import t from 'tap'
import { isOwnLeaf, shardText, WHOLE } from '../../src/find/shard.ts'

/** Names the shards, of so many, that take a folder. */
const takers = (prefix: string, of: number): number[] =>
  Array.from({ length: of }, (_, i) => i + 1).filter(index =>
    isOwnLeaf(prefix, { index, of }),
  )

t.test('by the SHA-256 of the prefix, as sha256sum has it, for good', t => {
  const sizes = [2, 3, 4, 16, 1000]
  for (const [prefix, ...shards] of [
    ['AWSLogs/111122223333/CloudTrail/us-east-1/', 1, 1, 1, 13, 13],
    [
      'AWSLogs/o-ab12cd34ef/111122223333/CloudTrail/eu-west-1/',
      2,
      3,
      2,
      6,
      782,
    ],
    ['logs/', 2, 3, 2, 2, 642],
    ['', 1, 2, 1, 13, 125],
    ['logs/ärger 😀/', 2, 3, 2, 6, 734],
  ] as const)
    t.strictSame(
      sizes.map(of => takers(prefix, of)),
      shards.map(shard => [shard]),
      prefix,
    )
  t.end()
})

t.test('folders of a whole date go where their leaf goes', t => {
  for (const leaf of ['', 'logs/', 'a/AWSLogs/111122223333/CloudTrail/r/'])
    for (const inside of [
      '2026/11/22/',
      '2026/11/22/07/',
      '1999/01/31/2026/11/22/',
      'year=2026/month=11/day=22/',
      'year=2026/month=11/day=22/hour=07/x/',
    ])
      t.strictSame(takers(leaf + inside, 97), takers(leaf, 97), leaf + inside)
  // What is no whole date is a folder like any other.
  const others = ['logs/2026/', 'logs/2026/11/', 'logs/2026/13/01/', 'logs/x/']
  const names = [...others, 'logs/2024/a/', 'logs/12026/11/22/', 'logs/']
  t.equal(new Set(names.map(name => takers(name, 997)[0])).size, names.length)
  t.end()
})

t.test('850 folders are spread within reason', t => {
  const prefixes = Array.from({ length: 50 }, (_, account) =>
    Array.from(
      { length: 17 },
      (_, region) =>
        `AWSLogs/${String(100_000_000_000 + account * 7)}/CloudTrail/region-${region}/`,
    ),
  ).flat()
  for (let of = 2; of <= 16; of++) {
    const counts = Array.from(
      { length: of },
      (_, i) =>
        prefixes.filter(one => isOwnLeaf(one, { index: i + 1, of })).length,
    )
    const sum = counts.reduce((a, b) => a + b)
    t.equal(sum, 850, 'each has one taker')
    // Four standard deviations of a fair throw.
    const mean = 850 / of
    const most = 4 * Math.sqrt(mean * (1 - 1 / of))
    for (const count of counts)
      t.ok(Math.abs(count - mean) < most, `${count} of ${mean}`)
  }
  t.end()
})

t.test('of one shard all is its own, and it has no name', t => {
  t.ok(isOwnLeaf('anything/', WHOLE))
  t.equal(shardText(WHOLE), '')
  t.equal(shardText({ index: 2, of: 3 }), '2/3')
  t.end()
})

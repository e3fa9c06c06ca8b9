// The commit rule: 1 MiB, and 1,100 records or 8 MiB, whichever comes first,
// were accepted after the lines that a commit stands for.
import t from 'tap'
import { Commits } from '../../src/cycle/commits.ts'

const MIB = 1_048_576

t.test('commits at the borders of the rule, not before', async t => {
  for (const [bytes, records, isRead] of [
    [0, 0, false],
    [MIB - 1, 1100, false],
    [MIB, 1099, false],
    [MIB, 1100, true],
    [MIB - 1, 1_000_000, false],
    [8 * MIB - 1, 1099, false],
    [8 * MIB, 1099, true],
    [8 * MIB, 0, true],
    [9 * MIB, 5000, true],
  ] as const)
    for (const at of [
      { bytes: 0, records: 0 },
      { bytes: 123_456, records: 789 },
    ]) {
      let made = 0
      const commits = new Commits()
      commits.add(at, () => made++)
      commits.release({
        bytes: at.bytes + bytes,
        records: at.records + records,
      })
      t.equal(made, Number(isRead), `${bytes} bytes, ${records} records`)
    }
})

t.test('commits in order, each once, and only those far behind', async t => {
  const committed: number[] = []
  const commits = new Commits()
  for (let index = 0; index < 10; index++)
    commits.add({ bytes: index * MIB, records: index * 1100 }, () =>
      committed.push(index),
    )
  commits.release({ bytes: 4 * MIB, records: 4 * 1100 })
  t.strictSame(committed, [0, 1, 2, 3])
  commits.release({ bytes: 4 * MIB, records: 4 * 1100 })
  commits.release({ bytes: 5 * MIB, records: 5 * 1100 - 1 })
  t.strictSame(committed, [0, 1, 2, 3])
  commits.releaseAll()
  commits.releaseAll()
  t.strictSame(committed, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
})

t.test('holds a commit back behind one that waits', async t => {
  const committed: string[] = []
  const commits = new Commits()
  commits.add({ bytes: 2 * MIB, records: 1 }, () => committed.push('first'))
  commits.add({ bytes: 2 * MIB, records: 1 }, () => committed.push('second'))
  commits.release({ bytes: 3 * MIB, records: 1100 })
  t.strictSame(committed, [])
  commits.release({ bytes: 3 * MIB, records: 1101 })
  t.strictSame(committed, ['first', 'second'])
})

t.test('keeps the place noted, though the counts go on', async t => {
  let committed = false
  const added = { bytes: 0, records: 0 }
  const commits = new Commits()
  commits.add(added, () => (committed = true))
  added.bytes = 50 * MIB
  commits.release({ bytes: MIB, records: 1100 })
  t.ok(committed)
})

/** A commits of a host that holds so many records, and what became of what it was told of. */
function ledgerOf(hostRecords: number) {
  const commits = new Commits(undefined, hostRecords)
  const seen: string[] = []
  return {
    commits,
    seen,
    note: (records: number, name: string): void =>
      commits.add(
        { bytes: records, records },
        () => seen.push(`commit ${name}`),
        () => seen.push(`keep ${name}`),
      ),
    carry: (records: number, name: string): void =>
      commits.carry(records, () => seen.push(`commit ${name}`)),
  }
}

t.test('where a host holds records bytes do not count', async t => {
  const { commits, seen, note } = ledgerOf(5000)
  note(10, 'a')
  commits.release({ bytes: 100 * MIB, records: 5009 })
  commits.release({ bytes: 102 * MIB, records: 5009 })
  t.strictSame(seen, [])
  commits.release({ bytes: 103 * MIB, records: 5010 })
  t.strictSame(seen, [], 'the last of these may still be in the pipe')
  commits.release({ bytes: 104 * MIB - 1, records: 5500 })
  t.strictSame(seen, [])
  commits.release({ bytes: 104 * MIB, records: 5500 })
  t.strictSame(seen, ['commit a'])
})

t.test('at the end what the host may hold is kept, not committed', async t => {
  const { commits, seen, note } = ledgerOf(5000)
  for (const records of [100, 200, 300]) note(records, String(records))
  commits.end({ bytes: 10, records: 5200 })
  t.strictSame(seen, ['commit 100', 'commit 200', 'keep 300'])
  commits.end({ bytes: 10, records: 9999 })
  t.equal(seen.length, 3, 'once')
})

t.test('records taken in earlier cycles come first, by age', async t => {
  const { commits, seen, note, carry } = ledgerOf(5000)
  carry(4900, 'old')
  carry(100, 'young')
  note(50, 'new')
  commits.release({ bytes: 1, records: 99 })
  commits.release({ bytes: 2 * MIB, records: 99 })
  t.strictSame(seen, [], 'one record too few')
  commits.release({ bytes: 3 * MIB, records: 100 })
  commits.release({ bytes: 4 * MIB, records: 100 })
  t.strictSame(seen, ['commit old'])
  commits.end({ bytes: 5 * MIB, records: 4899 })
  t.strictSame(seen, ['commit old', 'keep new'], 'the young one stays as it is')
})

t.test('a cycle that prints nothing leaves what was taken', async t => {
  const { commits, seen, carry } = ledgerOf(5000)
  carry(4999, 'just held')
  commits.end({ bytes: 0, records: 0 })
  t.strictSame(seen, [])
  const other = ledgerOf(4999)
  other.carry(4999, 'held no more')
  other.commits.end({ bytes: 0, records: 0 })
  t.strictSame(other.seen, ['commit held no more'])
})

t.test('where no host holds any over cycles, an end commits all', async t => {
  const { commits, seen, note, carry } = ledgerOf(0)
  carry(3, 'earlier')
  note(5, 'now')
  commits.end({ bytes: 5, records: 5 })
  t.strictSame(seen, ['commit earlier', 'commit now'])
})

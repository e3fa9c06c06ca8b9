// The commit rule: 1 MiB, and 1,100 records or 8 MiB, whichever comes first,
// were accepted after the lines that a commit stands for.
import t from 'tap'
import { CommitLedger } from '../../src/cycle/commit-ledger.ts'

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
      let commits = 0
      const ledger = new CommitLedger()
      ledger.note(at, () => commits++)
      ledger.release({
        bytes: at.bytes + bytes,
        records: at.records + records,
      })
      t.equal(commits, Number(isRead), `${bytes} bytes, ${records} records`)
    }
})

t.test('commits in order, each once, and only those far behind', async t => {
  const committed: number[] = []
  const ledger = new CommitLedger()
  for (let index = 0; index < 10; index++)
    ledger.note({ bytes: index * MIB, records: index * 1100 }, () =>
      committed.push(index),
    )
  ledger.release({ bytes: 4 * MIB, records: 4 * 1100 })
  t.strictSame(committed, [0, 1, 2, 3])
  ledger.release({ bytes: 4 * MIB, records: 4 * 1100 })
  ledger.release({ bytes: 5 * MIB, records: 5 * 1100 - 1 })
  t.strictSame(committed, [0, 1, 2, 3])
  ledger.releaseAll()
  ledger.releaseAll()
  t.strictSame(committed, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
})

t.test('holds a commit back behind one that waits', async t => {
  const committed: string[] = []
  const ledger = new CommitLedger()
  ledger.note({ bytes: 2 * MIB, records: 1 }, () => committed.push('first'))
  ledger.note({ bytes: 2 * MIB, records: 1 }, () => committed.push('second'))
  ledger.release({ bytes: 3 * MIB, records: 1100 })
  t.strictSame(committed, [])
  ledger.release({ bytes: 3 * MIB, records: 1101 })
  t.strictSame(committed, ['first', 'second'])
})

t.test('keeps the place noted, though the counts go on', async t => {
  let committed = false
  const added = { bytes: 0, records: 0 }
  const ledger = new CommitLedger()
  ledger.note(added, () => (committed = true))
  added.bytes = 50 * MIB
  ledger.release({ bytes: MIB, records: 1100 })
  t.ok(committed)
})

// A round goes from folder to folder, stops when its time is over, and continues
// there. It proves each folder once.

import fc from 'fast-check'
import t from 'tap'
import { neverVerified, type VerifyNote } from '../../src/cursor/verify-note.ts'
import { emptyResult } from '../../src/verify/logs/leaf-result.ts'
import { proveRound } from '../../src/verify/prove-round.ts'
import type { ProofUnit } from '../../src/verify/prove.ts'

const BEGUN: VerifyNote = { ...neverVerified(), from: 1, to: 2, began: 1 }

/** Makes units that note when they were proved; `onProve` is called before. */
function unitsOf(
  folders: readonly string[],
  proved: string[],
  onProve: (folder: string) => unknown = () => {},
): ProofUnit[] {
  return folders.map(folder => ({
    folder,
    leaves: [folder],
    prove: async () => {
      await onProve(folder)
      proved.push(folder)
      const result = emptyResult({ folder, account: '', region: '' })
      result.digests = 1
      return result
    },
  }))
}

/** Goes on with a round until it ends, or `aborts` ends a cycle at the n-th proof. */
async function cycle(
  note: VerifyNote,
  units: (stop: AbortController) => ProofUnit[],
  isLarge = true,
): Promise<{ note: VerifyNote; ended: VerifyNote | undefined }> {
  const stop = new AbortController()
  let last = note
  const ended = await proveRound(note, units(stop), {
    byDigests: true,
    isLarge: () => isLarge,
    signal: stop.signal,
    onStep: next => (last = next),
  })
  return { note: last, ended }
}

t.test('a round cut anywhere proves each folder once', async () => {
  const folders = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 2 }), {
    minLength: 1,
    maxLength: 12,
  })
  const cuts = fc.array(fc.nat({ max: 12 }), { maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(folders, cuts, async (names, at) => {
      let note = BEGUN
      const all: string[] = []
      let ended: VerifyNote | undefined
      for (const cut of [...at, Infinity]) {
        let count = 0
        const proved: string[] = []
        const run = await cycle(
          note,
          stop =>
            unitsOf(names, proved, () => {
              if (count++ === cut) stop.abort()
            }),
          false,
        )
        all.push(...proved)
        ;({ note, ended } = run)
        if (ended) break
      }
      return (
        ended !== undefined &&
        ended.digests === names.length &&
        names.every(name => all.includes(name))
      )
    }),
  )
})

t.test('a folder that is cut again and again is skipped', async t => {
  const proved: string[] = []
  const units = (stop: AbortController): ProofUnit[] =>
    unitsOf(['a', 'b', 'c'], proved, async folder => {
      if (folder !== 'b') return
      // The ones beside it are proved before the time is over.
      await new Promise(resolve => setImmediate(resolve))
      stop.abort()
      throw stop.signal.reason
    })
  let { note } = await cycle(BEGUN, units)
  t.match(note, { after: 'a', cut: 0 })
  for (const cut of [1, 2]) {
    ;({ note } = await cycle(note, units))
    t.match(note, { after: 'a', cut })
  }
  ;({ note } = await cycle(note, units, false))
  t.match(note, { after: 'a', cut: 2 }, 'a cycle with little time says nothing')
  ;({ note } = await cycle(note, units))
  t.match(note, {
    after: 'b',
    cut: 0,
    faults: 1,
    named: [/^b: its proof takes/],
  })
  const { ended } = await cycle(note, units)
  t.match(ended, { after: 'c', digests: 2, faults: 1 })
})

t.test('a folder without owed logs is not read', async t => {
  const proved: string[] = []
  const units = unitsOf(['a', 'b'], proved)
  const free = units.map(unit => ({ ...unit, leaves: [] }))
  await cycle(BEGUN, () => free)
  t.strictSame(proved, [])
})

t.test(
  'a folder with two kinds of leaves is done once both are proved',
  async t => {
    const proved: string[] = []
    let count = 0
    const { note } = await cycle(BEGUN, stop =>
      unitsOf(['a', 'a', 'b'], proved, async () => {
        if (count++ === 0) return
        await new Promise(resolve => setImmediate(resolve))
        stop.abort()
      }),
    )
    t.match(note, { after: '', digests: 1 })
  },
)

t.test('an error of all requests is thrown; proved folders stay', async t => {
  const broken = new Error('broken')
  let last = BEGUN
  const units = unitsOf(['a', 'b'], [], folder => {
    if (folder === 'b') throw broken
  })
  await t.rejects(
    proveRound(BEGUN, units, {
      byDigests: true,
      isLarge: () => true,
      signal: new AbortController().signal,
      onStep: next => (last = next),
    }),
    broken,
  )
  t.equal(last.after, 'a')
})

// The last sentence of a proof claims only what was checked.

import t from 'tap'
import {
  emptyResult,
  type LeafResult,
} from '../../src/verify/logs/leaf-result.ts'
import {
  countLog,
  recordFinding,
  recordState,
} from '../../src/verify/logs/record-result.ts'
import type { LogState } from '../../src/verify/logs/log-state.ts'
import {
  addLeaf,
  emptyProof,
  isWhole,
  sentence,
  type ProofTerms,
} from '../../src/verify/proof.ts'

const RANGE = {
  from: Date.parse('2026-03-10T00:00:00Z'),
  to: Date.parse('2026-03-11T04:00:00Z'),
  isEmptyShard: false,
}
const TERMS = { hashes: false, records: false, byDigests: true }
const TIME = 'from 2026-03-10T00:00Z to 2026-03-11T04:00Z'

function leafWith(...states: LogState[]): LeafResult {
  const result = emptyResult({ folder: 'f/', account: '1', region: 'r' })
  states.forEach((state, index) => {
    const day = '2026-03-10'
    countLog(result, day)
    recordState(result, { key: `k${index}`, day }, state)
  })
  return result
}

function said(terms: Partial<ProofTerms>, leaf: LeafResult): string {
  const proof = emptyProof({ ...TERMS, ...terms }, RANGE)
  addLeaf(proof, leaf)
  return sentence(proof)
}

t.test('the sentence counts what was checked', async t => {
  const all = leafWith('collected', 'collected')
  t.equal(
    said({}, all),
    `Every log file that CloudTrail delivered ${TIME} was collected.`,
  )
  t.equal(
    said({ hashes: true, records: true }, all),
    `Every log file that CloudTrail delivered ${TIME} was collected, and is unaltered in the bucket now, and is stored, record by record.`,
  )
  t.match(said({ byDigests: false }, all), /^Every flow log file that lies in/)
  const unsigned = leafWith('collected')
  unsigned.findings.push({
    level: 'warning',
    code: 'signatures-not-checked',
    message: 'refused',
  })
  t.match(
    said({}, unsigned),
    /, by digests whose signatures were not checked, was collected\.$/,
  )
})

t.test('the sentence counts what is skipped, pending or unwanted', async t => {
  t.match(
    said({}, leafWith('collected', 'skipped', 'skipped')),
    /was collected, or was skipped by you \(2\)\.$/,
  )
  t.match(
    said({}, leafWith('collected', 'pending')),
    /was collected, but for 1 that are pending\.$/,
  )
  t.match(
    said({}, leafWith('out_of_scope', 'left_out')),
    /delivered .* and the settings want was collected\.$/,
  )
})

t.test('the sentence counts the faults', async t => {
  const leaf = leafWith('not_collected', 'failed', 'quarantined', 'skipped')
  recordFinding(
    leaf,
    { level: 'fault', code: 'missing', message: '', key: 'd', hour: 'h' },
    true,
  )
  recordFinding(
    leaf,
    { level: 'fault', code: 'gap', message: '', hour: 'i' },
    true,
  )
  recordFinding(leaf, { level: 'fault', code: 'altered', message: '' }, true)
  t.equal(
    said({ hashes: true }, leaf),
    `Not proved ${TIME}: 1 log not collected, 1 log failed, 1 log quarantined, 1 digest missing, 1 hour without a digest, 1 other fault.`,
  )
  t.strictSame(leaf.missingDigests, ['d'])
  t.strictSame(leaf.gaps, ['i'])
})

t.test('a fault of a digest without wanted logs is a warning', async t => {
  const leaf = leafWith('out_of_scope')
  recordFinding(
    leaf,
    { level: 'fault', code: 'gap', message: '', hour: 'i' },
    false,
  )
  const proof = emptyProof(TERMS, RANGE)
  addLeaf(proof, leaf)
  t.ok(isWhole(proof))
  t.match(leaf.findings, [{ level: 'warning', code: 'gap' }])
})

t.test('the sentence claims only the time that digests cover', async t => {
  const leaf = leafWith('collected')
  leaf.coveredTo = RANGE.to - 1_740_000
  t.match(said({}, leaf), /to 2026-03-11T03:31Z was collected\.$/)
  recordFinding(
    leaf,
    { level: 'fault', code: 'uncovered', message: '', hour: 'h/i' },
    true,
  )
  t.match(said({}, leaf), /: 1 folder that no digest covers\.$/)
  t.strictSame(leaf.gaps, ['h/i'])
})

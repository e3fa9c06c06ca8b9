// Sums up the results of a run of `verify` over all leaves, and makes the
// sentence that they justify: it claims the facts that were checked and no
// others.

import { counted } from '../report/words.ts'
import type { Said } from './digests/digest-finding.ts'
import {
  faultStates,
  noCounts,
  sumOf,
  type DayCounts,
  type FaultState,
  type LeafResult,
} from './logs/leaf-result.ts'
import { minuteText } from './range.ts'

/** The kinds of checks that a proof includes. */
export interface ProofTerms {
  hashes: boolean
  records: boolean
  /** Logs are named by digests; AWS writes none for flow logs. */
  byDigests: boolean
}

interface ProofRange {
  /** Times in ms since 1970. */
  from: number
  to: number
  /** All leaves belong to other shards. */
  isEmptyShard: boolean
}

/** The numbers of all findings. */
export interface Proof extends ProofTerms, ProofRange {
  leaves: number
  digests: number
  sum: DayCounts
  faults: Record<FaultState, number>
  missingDigests: number
  gaps: number
  /** The number of leaves without a digest for any of the time. */
  uncovered: number
  undigested: number
  /** The number of faults of digests and folders that are not counted above. */
  others: number
  /** The reason why signatures were not checked, at least in part; '' if they were. */
  unsigned: string
}

/** Makes an empty proof. */
export function emptyProof(
  terms: ProofTerms,
  { from, to, isEmptyShard }: ProofRange,
): Proof {
  return {
    ...terms,
    from,
    to,
    isEmptyShard,
    leaves: 0,
    digests: 0,
    sum: noCounts(),
    faults: Object.fromEntries(
      faultStates.map(state => [state, 0]),
    ) as Proof['faults'],
    missingDigests: 0,
    gaps: 0,
    uncovered: 0,
    undigested: 0,
    others: 0,
    unsigned: '',
  }
}

/** Adds the result of a leaf; the claim ends where the coverage of its digests ends. */
export function addLeaf(proof: Proof, result: LeafResult): void {
  proof.leaves++
  proof.digests += result.digests
  const { more, missingDigests } = result
  const sum = sumOf(result)
  for (const name of Object.keys(sum) as (keyof DayCounts)[])
    proof.sum[name] += sum[name]
  for (const { state } of result.faulty) proof.faults[state]++
  for (const state of faultStates) proof.faults[state] += more[state]
  proof.missingDigests += missingDigests.length + more.missing_digests
  proof.gaps += more.gaps
  proof.others += more.other_faults
  if (result.coveredTo > proof.from)
    proof.to = Math.min(proof.to, result.coveredTo)
  proof.undigested += result.undigested.length + more.undigested
  for (const finding of result.findings) recordIn(proof, finding)
}

/** Adds a finding; missing digests are counted with their leaf. */
export function recordIn(proof: Proof, { level, code, message }: Said): void {
  if (code === 'signatures-not-checked') proof.unsigned ||= message
  if (level !== 'fault' || code === 'missing') return
  if (code === 'gap') proof.gaps++
  else if (code === 'uncovered') proof.uncovered++
  else proof.others++
}

/** Tells whether the whole requested range is proved. */
export function isWhole(proof: Proof): boolean {
  const { faults, missingDigests, gaps, uncovered, others } = proof
  const broken = Object.values(faults).reduce((sum, count) => sum + count, 0)
  return broken + missingDigests + gaps + uncovered + others === 0
}

/** The wording of the log states that break the proof. */
export const FAULT_WORDS: Readonly<Record<FaultState, string>> = {
  missing: 'missing from the bucket',
  altered: 'altered',
  not_collected: 'not collected',
  failed: 'failed',
  quarantined: 'quarantined',
  no_longer_known: 'no longer known',
  not_stored: 'not stored whole',
  unread: 'not read',
}

/** Makes the last line: the auditor's sentence, or the list of faults. */
export function sentence(proof: Proof): string {
  const { from, to, sum, hashes, records, byDigests, unsigned } = proof
  const time = `from ${minuteText(from)} to ${minuteText(to)}`
  if (!isWhole(proof)) return `Not proved ${time}: ${faultList(proof)}.`
  if (proof.isEmptyShard) return EMPTY_SHARD
  const what = byDigests
    ? `Every log file that CloudTrail delivered ${time}`
    : `Every flow log file that lies in the bucket for the days ${time}`
  const by =
    unsigned === '' ? '' : ', by digests whose signatures were not checked,'
  const scope =
    sum.out_of_scope + sum.left_out > 0 ? ' and the settings want' : ''
  const skipped =
    sum.skipped > 0 ? `, or was skipped by you (${sum.skipped})` : ''
  const more = [
    ...(hashes ? ['is unaltered in the bucket now'] : []),
    ...(records ? ['is stored, record by record'] : []),
  ].map(text => `, and ${text}`)
  const but = sum.pending > 0 ? `, but for ${sum.pending} that are pending` : ''
  return `${what}${scope}${by} was collected${skipped}${more.join('')}${but}.`
}

// The name of a leaf alone decides which of several collectors takes it.
const EMPTY_SHARD =
  'Nothing to prove: every leaf under FilePath is of another Shard than this.'

function faultList(proof: Proof): string {
  const { faults, missingDigests, gaps, uncovered, others } = proof
  const parts = faultStates
    .filter(state => faults[state] > 0)
    .map(state => `${counted(faults[state], 'log')} ${FAULT_WORDS[state]}`)
  if (missingDigests > 0)
    parts.push(`${counted(missingDigests, 'digest')} missing`)
  if (gaps > 0) parts.push(`${counted(gaps, 'hour')} without a digest`)
  if (uncovered > 0)
    parts.push(`${counted(uncovered, 'folder')} that no digest covers`)
  if (others > 0) parts.push(counted(others, 'other fault'))
  return parts.join(', ')
}

// Completes a proof that was begun, and writes its answer leaf by leaf.
// Findings that belong to no leaf come last, before the sentence.

import { span } from '../report/words.ts'
import { FRESH_MS } from '../find/window.ts'
import { ENABLE_DIGESTS } from './digests/digest-folders.ts'
import type { Said } from './digests/digest-finding.ts'
import type { DayCounts } from './logs/leaf-result.ts'
import {
  addLeaf,
  emptyProof,
  recordIn,
  type Proof,
  type ProofTerms,
} from './proof.ts'
import type { StartedProof } from './prove.ts'
import { minuteText } from './range.ts'
import type { StoredLines } from './stored/read-stored.ts'
import type { Writer } from './verify-text.ts'

/** The inputs of the findings about the whole proof. */
export interface ProofEnd {
  /** S3's time at which the last cycle ended, in ms since 1970; 0 = none ever did. */
  lastCycle: number
  /** S3's time in ms since 1970. */
  now(): number
  /** The summary of the host's stored lines. */
  lines: StoredLines | undefined
}

/** Writes the answer with `print`, which ignores an empty text, and gives the proof; throws the errors of reading digests. */
export async function runProof(
  started: StartedProof,
  terms: ProofTerms,
  writer: Writer,
  end: ProofEnd,
  print: (text: string) => Promise<void>,
): Promise<Proof> {
  const proof = emptyProof(terms, started)
  await print(writer.begin(started.from))
  for await (const leaf of started.results) {
    addLeaf(proof, leaf)
    await print(writer.leaf(leaf))
  }
  for (const said of saidOf(proof, started, end)) {
    recordIn(proof, said)
    await print(writer.finding(said))
  }
  await print(writer.end(proof))
  return proof
}

function* saidOf(
  { byDigests, digests, sum, to: coveredTo }: Proof,
  started: StartedProof,
  { lastCycle: at, now, lines }: ProofEnd,
): Generator<Said> {
  const { said, isCut, isCutBefore, from, to, leaves, isEmptyShard } = started
  yield* said
  if (isEmptyShard) return
  if (byDigests && digests === 0) yield fault('no-digests', NO_DIGESTS)
  else if (isNothing(sum, leaves, byDigests))
    yield fault('nothing', byDigests ? NOTHING_WANTED : NO_FLOW_LOGS)
  if (isCutBefore)
    yield warning(
      'cut',
      `the requested beginning is earlier than all that the cursor knows; the proof begins at ${minuteText(from)}`,
    )
  if (isCut)
    yield warning(
      'cut',
      `the requested end is later than the time that can be proved yet; the proof ends at ${minuteText(to)}`,
    )
  if (coveredTo < to)
    yield warning(
      'cut',
      `the last digests of a folder are not owed yet, or not provable yet, so the proof ends at ${minuteText(coveredTo)}`,
    )
  if (sum.pending > 0 && now() - at > FRESH_MS)
    yield fault(
      'not-running',
      at === 0
        ? 'no cycle has ever run with this cursor: the pending logs are not being collected'
        : `the collector does not run: its last cycle ended ${span((now() - at) / 1000)} ago, and newer logs are not being collected`,
    )
  if (lines === undefined) return
  for (const { file, line, reason } of lines.named)
    yield warning('broken-line', `${file}, line ${line}: ${reason}`)
  const more = lines.broken - lines.named.length
  if (more > 0) yield warning('broken-line', `${more} more lines are broken`)
}

// A quiet hour has no CloudTrail logs, but flow logs have no other evidence
// than themselves.
const isNothing = (
  { logs, out_of_scope, left_out }: DayCounts,
  leaves: number,
  byDigests: boolean,
): boolean =>
  leaves === 0 ||
  (byDigests
    ? left_out > 0 && left_out + out_of_scope === logs
    : left_out + out_of_scope === logs)

const NOTHING_WANTED =
  'nothing to prove: the settings leave out all logs that the digests name (FilePath, Shard, CloudTrailFolders, RegionFolders, ExclusionDirectories, DepthToRecurse, Inclusions and Exclusions)'
const NO_FLOW_LOGS =
  'nothing to prove: no flow log of this time lies under FilePath, or the settings leave all of them out'

const said =
  (level: Said['level']) =>
  (code: string, message: string): Said => ({ level, code, message })
const fault = said('fault')
const warning = said('warning')

/** The fault that nothing can be proved, and its remedy. */
export const NO_DIGESTS = `no digest covers any of this time, so nothing can be proved; have CloudTrail write digests from now on: ${ENABLE_DIGESTS}`

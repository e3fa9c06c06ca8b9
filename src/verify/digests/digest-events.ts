// Reads the digests of one folder and a range, day by day and chain by chain,
// and gives their contents, the logs they name, and all faults in one stream.
// It holds at most one day's names, a few small digests as they came, the bytes
// of one, and two digests of each chain.

import { fingerprint, FingerprintSet } from '../../cursor/fingerprint-set.ts'
import { counted, messageOf } from '../../report/words.ts'
import type { ChainRange } from './chain-cover.ts'
import { DigestChain } from './digest-chain.ts'
import { unproved } from './chain-findings.ts'
import { movedFault } from './digest-content.ts'
import { isListed, listDigestDay, type DigestDay } from './digest-day.ts'
import { isFinal } from './ended-trail.ts'
import { daysOf, GRACE_MS, HOUR_MS, type Span } from './digest-hours.ts'
import { chainOf, type DigestName } from './digest-name.ts'
import { digestLogs, type DigestLog } from './digest.ts'
import type { SeenDigest } from './digest-trust.ts'
import { fault, warning, type Finding } from './digest-finding.ts'
import type { KeySource } from './signature.ts'
import {
  isOwnFault,
  readAhead,
  type DigestReading,
  type ListedDigest,
} from './read-digest.ts'

/** One event from the digests of a folder; `chain` is the name of any digest of its chain. */
export type DigestEvent =
  | {
      kind: 'digest'
      key: string
      chain: DigestName
      /** In ms. */
      start: number
      end: number
      logs: number
    }
  | {
      kind: 'log'
      /** The key of the digest that names it. */
      digest: string
      log: DigestLog
      /** Whether to look for it in this bucket: it is named in the bucket of its digest, and this bucket may be a copy of that one. */
      isHere: boolean
      /** Whether its digest is proved by itself, or no signatures are checked: a log that another digest names may still be named by a sure one. */
      isSure: boolean
    }
  /** A chain was read to its end: its digests reach that time, in ms, and cover some of the range. */
  | { kind: 'end'; chain: DigestName; to: number; coversAny: boolean }
  | ({ kind: 'finding'; chain?: DigestName; error?: unknown } & Finding)

/** The source of a bucket's digests. */
export interface DigestSource extends DigestReading {
  bucket: string
}

// An account has five trails in a region, and those of its organization.
const MAX_CHAINS = 1000
const TOO_MANY = `it holds digests of more than ${MAX_CHAINS} trails, more than CloudTrail can have written: digests of further trails are not provable and were not followed`

interface OpenChain {
  name: DigestName
  chain: DigestChain
}

/** Yields the events of a region's folder of digests for a range, in ms, at S3's time `now`; throws SourceError for an error of all requests, and the signal's reason. */
export async function* digestEvents(
  folder: string,
  range: Span,
  now: number,
  keys: KeySource,
  source: DigestSource,
): AsyncGenerator<DigestEvent> {
  const { bucket } = source
  const held: ChainRange = { ...range, owed: now - GRACE_MS }
  const signed = { from: range.from - HOUR_MS, to: Math.max(now, range.to) }
  const chains = new Map<string, OpenChain>()
  const seeds = new Map<string, ListedDigest>()
  const chainFor = (name: DigestName): DigestChain | undefined =>
    chains.get(chainOf(name))?.chain
  let isFull = false
  async function* open(name: DigestName): AsyncGenerator<DigestEvent> {
    const label = chainOf(name)
    if (chains.has(label) || isFull) return
    if (chains.size === MAX_CHAINS) {
      isFull = true
      return yield event(fault('listing', folder, TOO_MANY))
    }
    const { check, findings } = await keys(name.region, signed)
    for (const finding of findings) yield event(finding)
    const chain = new DigestChain(bucket, held, check, seeds.get(label))
    chains.set(label, { name, chain })
  }

  const taken = new FingerprintSet()
  const noteTaken = ({ key }: SeenDigest) => taken.add(fingerprint(key, 0))
  let isWhole = true
  for (const day of daysOf(range, now)) {
    const listed = await listOrFinding(folder, day, source)
    if ('kind' in listed) {
      yield listed
      isWhole = false
      break
    }
    yield* oddities(listed)
    const wanted: ListedDigest[] = []
    for (const digest of listed.digests)
      if (digest.name.end > range.from) wanted.push(digest)
      else seeds.set(chainOf(digest.name), digest)
    const isOpen = ({ name }: ListedDigest): boolean => {
      const chain = chainFor(name)
      return chain ? !chain.isPast : !isFull
    }
    for await (const inspected of readAhead(wanted, isOpen, source)) {
      const { seen, plain, finding, error } = inspected
      const { name } = seen
      noteTaken(seen)
      yield* open(name)
      const chain = chainFor(name)
      if (chain === undefined || chain.isPast) continue
      if (finding) yield event(finding, { name, error })
      yield* confirmed(chain.add(seen), name, taken, source)
      if (!chain.isPast && begins(seen) < range.to)
        yield* contents(seen, plain, bucket, chain.isLastSure)
    }
    const odd = readAhead(listed.misplaced, () => true, source)
    for await (const { seen, finding, error } of odd)
      yield event(finding ?? movedFault(seen), { name: seen.name, error })
  }
  // A stopped trail owes no hours.
  for (const seed of seeds.values())
    if (!isFull && !chainFor(seed.name) && !(await isFinal(seed, keys, source)))
      yield* open(seed.name)
  for (const { name, chain } of chains.values()) {
    yield* confirmed(chain.finish(isWhole), name, taken, source)
    const { coveredTo: to, coversAny } = chain
    yield { kind: 'end', chain: name, to, coversAny }
  }
  if (chains.size + seeds.size === 0 && isWhole)
    yield event(
      warning(
        'no-digests',
        `${folder} holds no digest file of this range, nor of the day before it`,
      ),
    )
}

const begins = ({ digest, name }: SeenDigest): number =>
  digest?.start ?? name.end

const event = (
  finding: Finding,
  of: { name?: DigestName; error?: unknown } = {},
): DigestEvent => ({
  kind: 'finding',
  ...finding,
  ...(of.name && { chain: of.name }),
  ...(of.error !== undefined && { error: of.error }),
})

async function listOrFinding(
  folder: string,
  day: string,
  { store, signal }: DigestReading,
): Promise<DigestDay | DigestEvent> {
  try {
    return await listDigestDay(folder, day, store, signal)
  } catch (error) {
    signal.throwIfAborted()
    if (!isOwnFault(error)) throw error
    const message = `its digests of ${day} and later are unknown: ${messageOf(error)}`
    return event(fault('listing', folder, message), { error })
  }
}

function* oddities(listed: DigestDay): Generator<DigestEvent> {
  const { others, firstOther, isCut } = listed
  if (others > 0)
    yield event(
      warning(
        'not-a-digest',
        `its name is not that of a digest (${counted(others, 'object')} of that day in all)`,
        firstOther,
      ),
    )
  if (isCut)
    yield event(
      fault(
        'listing',
        firstOther,
        'its folder holds more digests than CloudTrail can have written; the rest was not read',
      ),
    )
}

// A digest that is named but was not listed may have come in the meantime;
// backfill digests may name any digest.
async function* confirmed(
  findings: Iterable<Finding>,
  name: DigestName,
  taken: FingerprintSet,
  { store, signal }: DigestReading,
): AsyncGenerator<DigestEvent> {
  for (const finding of findings) {
    const { code, key } = finding
    if (code === 'missing' && key !== undefined) {
      const isThere = await isListed(key, store, signal)
      if (isThere && name.isBackfill) continue
      if (isThere && taken.has(fingerprint(key, 0))) {
        yield event(unproved(key), { name })
        continue
      }
      if (isThere) {
        const message =
          'it came while its chain was read, so its logs were not checked: run this again'
        yield event(fault('listing', key, message), { name })
        continue
      }
    }
    yield event(finding, { name })
  }
}

function* contents(
  { key, name, digest }: SeenDigest,
  plain: Buffer,
  bucket: string,
  isSure: boolean,
): Generator<DigestEvent> {
  if (digest === undefined) return
  const { start, end, logs } = digest
  yield { kind: 'digest', key, chain: name, start, end, logs }
  for (const log of digestLogs(plain)) {
    const isHere = log.bucket === digest.bucket || log.bucket === bucket
    yield { kind: 'log', digest: key, log, isHere, isSure }
  }
}

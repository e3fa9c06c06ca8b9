// What was found of the logs of one leaf: how many there are of each state, day
// by day, and by name all that breaks the proof.

import { messageOf } from '../../report/words.ts'
import { SourceError } from '../../s3/errors/source-error.ts'
import type { Finding } from '../digests/finding.ts'
import type { LogState } from './log-state.ts'

// Of a leaf; whoever has as many looks for one cause.
const MAX_NAMED = 5000

/** The states of logs that break no proof: they are counted. */
export const countedStates = [
  'collected',
  'skipped',
  'pending',
  'out_of_scope',
  'left_out',
  'before_first_day',
] as const

/** Those that break it, in the order in which they are told: each log is named. */
export const faultStates = [
  'missing',
  'altered',
  'not_collected',
  'failed',
  'quarantined',
  'no_longer_known',
  'not_stored',
  'unread',
] as const

export type CountedState = (typeof countedStates)[number]
export type FaultState = (typeof faultStates)[number]

/** One log that breaks the proof; `reason` is '' where its state says it all. */
export interface FaultyLog {
  key: string
  day: string
  state: FaultState
  reason: string
}

/** How many logs of a day there are, and in which state. */
export type DayCounts = Record<CountedState | 'logs' | 'faulty', number>

/** All that was found of the leaves of an account's region. */
export interface LeafResult {
  /** The folder whose digests, or logs, it is about. */
  folder: string
  account: string
  region: string
  trails: Set<string>
  /** How many digests were read. */
  digests: number
  /** The keys of digests that another one names, and the hours that none covers. */
  missingDigests: string[]
  gaps: string[]
  /** Up to where its digests are there, in ms; what is later is not claimed. */
  coveredTo: number
  /** By day, YYYY-MM-DD or '' where none is told. */
  days: Map<string, DayCounts>
  faulty: FaultyLog[]
  /** The keys of objects that no digest names. */
  undigested: string[]
  /** How many more there are of each than are named, so that memory is flat. */
  more: Record<FaultState | 'undigested', number>
  /** How many records the host has stored once more, each time counted. */
  repeats: number
  /** How many logs digests name in another bucket than their own. */
  elsewhere: number
  /** What else was found of its digests and folders. */
  findings: Finding[]
}

/** Begins with nothing. */
export function emptyResult({
  folder,
  account,
  region,
}: Pick<LeafResult, 'folder' | 'account' | 'region'>): LeafResult {
  return {
    folder,
    account,
    region,
    trails: new Set(),
    digests: 0,
    missingDigests: [],
    gaps: [],
    coveredTo: Infinity,
    days: new Map(),
    faulty: [],
    undigested: [],
    more: noMore(),
    repeats: 0,
    elsewhere: 0,
    findings: [],
  }
}

/** Notes a finding; `isOwed` says whether the proof needs what it is about. */
export function noteFinding(
  result: LeafResult,
  finding: Finding,
  isOwed: boolean,
): void {
  const { level, code, key = '', hour = '' } = finding
  if (!isOwed && level === 'fault')
    result.findings.push({ ...finding, level: 'warning' })
  else {
    if (code === 'missing') result.missingDigests.push(key)
    if (code === 'gap' || code === 'uncovered') result.gaps.push(hour)
    result.findings.push(finding)
  }
}

/** Makes the fault of a folder that could not be listed. */
export const listingFault = (message: string): Finding => ({
  level: 'fault',
  code: 'listing',
  message,
})

/** Notes what kept from a listing of a leaf; throws what is no SourceError. */
export function noteListingError(result: LeafResult, error: unknown): void {
  if (!(error instanceof SourceError)) throw error
  result.findings.push(listingFault(messageOf(error)))
}

/** Counts one log of a day; gives the counts of the day. */
export function countLog(result: LeafResult, day: string): DayCounts {
  let counts = result.days.get(day)
  if (counts === undefined) result.days.set(day, (counts = noCounts()))
  counts.logs++
  return counts
}

/** Notes the state of a log that was counted. */
export function noteState(
  result: LeafResult,
  { key, day }: { key: string; day: string },
  state: LogState | FaultState,
  reason = '',
): void {
  if (isFaultState(state)) return noteFault(result, { key, day, state, reason })
  const counts = result.days.get(day)
  if (counts) counts[state]++
}

/** Notes what breaks the proof of a log that was counted; its state may have been noted. */
export function noteFault(result: LeafResult, log: FaultyLog): void {
  const { faulty, more } = result
  if (faulty.length < MAX_NAMED) faulty.push(log)
  else more[log.state]++
  const counts = result.days.get(log.day)
  if (counts) counts.faulty++
}

/** Notes an object that no digest names. */
export function noteUndigested(result: LeafResult, key: string): void {
  const { undigested, more } = result
  if (undigested.length < MAX_NAMED) undigested.push(key)
  else more.undigested++
}

/** Counts the logs that break the proof and are not named. */
export const unnamedFaults = ({ more }: LeafResult): number =>
  faultStates.reduce((sum, state) => sum + more[state], 0)

/** Tells whether anything breaks the proof. */
export function isProved({ faulty, findings }: LeafResult): boolean {
  return faulty.length === 0 && !findings.some(({ level }) => level === 'fault')
}

/** Adds up the days. */
export function sumOf({ days }: Pick<LeafResult, 'days'>): DayCounts {
  const sum = noCounts()
  for (const counts of days.values())
    for (const name of Object.keys(sum) as (keyof DayCounts)[])
      sum[name] += counts[name]
  return sum
}

const noMore = (): LeafResult['more'] =>
  Object.fromEntries(
    [...faultStates, 'undigested'].map(name => [name, 0]),
  ) as LeafResult['more']

const noCounts = (): DayCounts => ({
  logs: 0,
  collected: 0,
  skipped: 0,
  pending: 0,
  out_of_scope: 0,
  left_out: 0,
  before_first_day: 0,
  faulty: 0,
})

const isFaultState = (state: LogState | FaultState): state is FaultState =>
  (faultStates as readonly string[]).includes(state)

// The findings about the logs of one leaf: their number by day and state, and
// the names of those that break the proof, up to a limit.

import type { Finding } from '../digests/digest-finding.ts'

/** The states of logs that break no proof; they are only counted. */
export const countedStates = [
  'collected',
  'skipped',
  'pending',
  'out_of_scope',
  'left_out',
  'before_first_day',
] as const

/** The states that break the proof, in the order of the report; each such log is named. */
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

/** A state that breaks no proof. */
export type CountedState = (typeof countedStates)[number]
export type FaultState = (typeof faultStates)[number]

/** One log that breaks the proof; `reason` is '' if its state is explanation enough. */
export interface FaultyLog {
  key: string
  day: string
  state: FaultState
  reason: string
}

/** The kinds of things that are kept by name up to a limit, and counted beyond it. */
export const moreKinds = [
  ...faultStates,
  'missing_digests',
  'gaps',
  'other_faults',
  'warnings',
  'undigested',
] as const

/** A kind of things that is kept up to a limit. */
export type MoreKind = (typeof moreKinds)[number]

/** A thing that is not kept by name, so that it must be reported at once or not at all. */
export type Unkept =
  | { kind: 'log'; log: FaultyLog }
  | { kind: 'finding'; finding: Finding }
  | { kind: 'undigested'; key: string }

/** The number of logs of a day, by state. */
export type DayCounts = Record<CountedState | 'logs' | 'faulty', number>

/** A folder of digests or of logs, and its account and region. */
export interface LeafPlace {
  folder: string
  account: string
  region: string
}

/** All findings about the leaves of an account's region. */
export interface LeafResult extends LeafPlace {
  trails: Set<string>
  /** The number of digests read. */
  digests: number
  /** The keys of digests that another one names, and the hours without a digest. */
  missingDigests: string[]
  gaps: string[]
  /** The end, in ms, of the time that its digests cover; the claim ends there. */
  coveredTo: number
  /** By day, YYYY-MM-DD, or '' if the day is unknown. */
  days: Map<string, DayCounts>
  faulty: FaultyLog[]
  /** The keys of objects that no digest names. */
  undigested: string[]
  /** The number of things of each kind beyond those that are kept. */
  more: Record<MoreKind, number>
  /** Those of them that are still to be handed on. */
  unkept: Unkept[]
  /** The number of records that the host has stored again, each time counted. */
  repeats: number
  /** The number of logs that digests name in another bucket than their own. */
  elsewhere: number
  /** All other findings about its digests and folders. */
  findings: Finding[]
}

/** Makes an empty result. */
export function emptyResult(place: LeafPlace): LeafResult {
  const { folder, account, region } = place
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
    unkept: [],
    repeats: 0,
    elsewhere: 0,
    findings: [],
  }
}

/** Counts the things that break the proof and are not kept by name. */
export const unnamedFaults = ({ more }: LeafResult): number =>
  moreKinds
    .filter(kind => kind !== 'warnings' && kind !== 'undigested')
    .reduce((sum, kind) => sum + more[kind], 0)

/** Adds up the days. */
export function sumOf({ days }: LeafResult): DayCounts {
  const sum = noCounts()
  for (const counts of days.values())
    for (const name of Object.keys(sum) as (keyof DayCounts)[])
      sum[name] += counts[name]
  return sum
}

const noMore = (): LeafResult['more'] =>
  Object.fromEntries(moreKinds.map(kind => [kind, 0])) as LeafResult['more']

/** Gives the counts of a day before its first log. */
export const noCounts = (): DayCounts => ({
  logs: 0,
  collected: 0,
  skipped: 0,
  pending: 0,
  out_of_scope: 0,
  left_out: 0,
  before_first_day: 0,
  faulty: 0,
})

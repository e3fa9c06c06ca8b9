// What was found of the logs of one leaf: how many there are of each state, day
// by day, and by name what breaks the proof, as far as names are kept.

import type { Finding } from '../digests/finding.ts'

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

/** What is counted beside those that are kept by name. */
export const moreKinds = [
  ...faultStates,
  'missing_digests',
  'gaps',
  'other_faults',
  'warnings',
  'undigested',
] as const

export type MoreKind = (typeof moreKinds)[number]

/** What is not kept by name, and is to be told at once if at all. */
export type Unkept =
  | { kind: 'log'; log: FaultyLog }
  | { kind: 'finding'; finding: Finding }
  | { kind: 'undigested'; key: string }

/** How many logs of a day there are, and in which state. */
export type DayCounts = Record<CountedState | 'logs' | 'faulty', number>

/** A folder of digests, or of logs, by whatever it is named after. */
export interface LeafPlace {
  folder: string
  account: string
  region: string
}

/** All that was found of the leaves of an account's region. */
export interface LeafResult extends LeafPlace {
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
  /** How many more there are of each than are kept. */
  more: Record<MoreKind, number>
  /** Those of them that were not handed on yet. */
  unkept: Unkept[]
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
}: LeafPlace): LeafResult {
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

/** Counts what breaks the proof and is not kept by name. */
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

/** Is what is counted of a day before its first log. */
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

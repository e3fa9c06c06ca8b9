// Estimates the requests of a day for a given interval of cycles, from the leaves'
// contents (the tails of idle cycles, the sweeps, the search for leaves, the look
// at older days, a GET for each new object), and the cycles that a backlog needs.

import type { Partition, Leaf } from '../../cursor/cursor-state.ts'
import type { Shard } from '../../settings/setting-kinds.ts'
import {
  DAY_MS,
  addDays,
  dayOf,
  dayPrefix,
  daysBetween,
  startOfDay,
} from '../../find/day-folders.ts'
import { FRESH_MS, firstDay, type WindowSettings } from '../../find/window.ts'
import { SHARES } from '../../clock.ts'
import type { Summary } from '../../cycle/summary.ts'

/** Dollars per 1,000 LIST requests: S3 Standard, us-east-1, from https://aws.amazon.com/s3/pricing/ */
export const LIST_PRICE = 0.005
/** Dollars per 1,000 GET requests, from the same page. */
export const GET_PRICE = 0.0004

/** The seconds of a day. */
export const DAY_SECONDS = DAY_MS / 1000

export interface DailyRequests {
  lists: number
  gets: number
}

/** The leaves, and the contents of their folders. */
export interface Holdings {
  leaves: readonly Leaf[]
  folders: ReadonlyMap<string, Partition>
  /** Gives the number of a folder's objects that the cursor does not have. */
  newIn(folder: Partition): number
}

/** The settings for the frequency and extent of listings. */
export interface DailySettings extends WindowSettings {
  FilePath: string
  DiscoveryMinutes: number
  MaxResultCount: number
  Shard: Shard
}

/** Estimates the requests of a mean day with a cycle every `every` seconds, at S3's time `now` in ms since 1970. */
export function dailyRequests(
  every: number,
  holdings: Holdings,
  settings: DailySettings,
  now: number,
): DailyRequests {
  const { leaves } = holdings
  const { MaxResultCount: most } = settings
  const cycles = DAY_SECONDS / every
  const sweeps = timesADay(settings.SweepMinutes, every)
  const discoveries = timesADay(settings.DiscoveryMinutes, every)
  // Each shard walks past all leaves.
  const walked = walkedFolders(leaves, settings.FilePath) * settings.Shard.of
  let lists = discoveries * walked
  let gets = 0
  for (const leaf of leaves) {
    const { whole, perDay } = sizeOf(leaf, holdings, settings, now)
    const isFlat = leaf.layout === 'flat'
    // A day is still listed for two hours after its end.
    const tails = isFlat ? 1 : 1 + FRESH_MS / DAY_MS
    const tail = pages((perDay * FRESH_MS) / DAY_MS, most)
    lists += (cycles - sweeps) * tails * tail + sweeps * whole
    if (isFlat) lists += discoveries * (whole - 1)
    else if (settings.LateArrivalDays > 0)
      lists += pages(perDay * settings.LateArrivalDays, most)
    gets += perDay
  }
  return { lists: Math.round(lists), gets: Math.round(gets) }
}

/** Gives the cost of requests in dollars, at S3's prices in us-east-1. */
export function dollars({ lists, gets }: DailyRequests): number {
  return (lists * LIST_PRICE + gets * GET_PRICE) / 1000
}

// Work that is due after some minutes runs in the next cycle.
function timesADay(minutes: number, every: number): number {
  const cycles = Math.max(1, Math.ceil((minutes * 60) / every))
  return DAY_SECONDS / (cycles * every)
}

// The pages of all the days of a leaf's window, and the new objects per day.
function sizeOf(
  { prefix, layout }: Leaf,
  { folders, newIn }: Holdings,
  settings: DailySettings,
  now: number,
): { whole: number; perDay: number } {
  const first = firstDay(now, settings)
  const days = daysBetween(first, addDays(dayOf(now), 1))
  const prefixes =
    layout === 'flat'
      ? [prefix]
      : days.map(day => dayPrefix(prefix, layout, day))
  let whole = 0
  let objects = 0
  for (const one of prefixes) {
    const folder = folders.get(one)
    let count = folder ? newIn(folder) : 0
    for (const set of folder?.sets.values() ?? []) count += set.size
    whole += pages(count, settings.MaxResultCount)
    objects += count
  }
  return { whole, perDay: (objects * DAY_MS) / (now - startOfDay(first)) }
}

// The number of folders that the search for leaves lists: leaves and their parents.
function walkedFolders(leaves: readonly Leaf[], from: string): number {
  const walked = new Set([from])
  for (const { prefix } of leaves) {
    let folder = prefix
    while (folder.length > from.length && !walked.has(folder)) {
      walked.add(folder)
      folder = folder.slice(0, folder.lastIndexOf('/', folder.length - 2) + 1)
    }
  }
  return walked.size
}

const pages = (objects: number, most: number): number =>
  Math.max(1, Math.ceil(objects / most))

/** Bytes of output for each stored byte, if no cycle has measured it: gzipped CloudTrail gives some 18, flow logs 25 to 60, with OriginalMessage. */
export const OUTPUT_FACTOR = 20

const MAX_FACTOR = 100
const MIB = 1024 * 1024

interface CycleLimits {
  MaxCycleMegabytes: number
  MaxCycleSeconds: number
}

export interface Backlog {
  cycles: number
  /** The size of the objects when printed. */
  outputBytes: number
}

// The stored size gives the printed size, which is divided by the limit of a cycle.
/** Estimates a backlog from its objects, their bytes, and the last cycle's results. */
export function estimateBacklog(
  { objects, bytes }: { objects: number; bytes: number },
  last: Partial<Summary>,
  limits: CycleLimits,
): Backlog {
  const outputBytes = Math.round(bytes * factorOf(last))
  const most = bytesPerCycle(last, limits)
  const cycles = Math.max(Math.min(objects, 1), Math.ceil(outputBytes / most))
  return { cycles, outputBytes }
}

// A cycle that left objects had fetched more than it printed, so it is not used.
function factorOf(last: Partial<Summary>): number {
  const { bytes_in: stored = 0, bytes_out: printed = 0, objects_left } = last
  if (objects_left !== 0 || stored === 0 || printed === 0) return OUTPUT_FACTOR
  return Math.min(MAX_FACTOR, printed / stored)
}

// If time ended the last cycle, it will end the next ones too.
function bytesPerCycle(
  { objects_left = 0, duration_ms = 0, bytes_out = 0 }: Partial<Summary>,
  { MaxCycleMegabytes, MaxCycleSeconds }: CycleLimits,
): number {
  const limit = MaxCycleMegabytes * MIB
  const outOfTime =
    objects_left > 0 && duration_ms >= MaxCycleSeconds * 1000 * SHARES.newWork
  return outOfTime && bytes_out > 0 ? Math.min(limit, bytes_out) : limit
}

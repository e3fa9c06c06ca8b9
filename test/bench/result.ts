// Turns the samples of a row into the figures of the table: medians over the
// rounds, the ratio to the floor taken round by round.

import type { BucketReady } from './bucket.ts'
import type { Usage } from './measure.ts'
import type { Cycle } from './run-cycle.ts'
import type { RowSamples } from './run-row.ts'

/** One line of the table; times in seconds, sizes in bytes unless named otherwise. */
export interface Result {
  name: string
  title: string
  program: string
  objects: number
  records: number
  plainBytes: number
  outputBytes: number
  lists: number
  gets: number
  wall: number
  cpu: number
  peakMiB: number
  floorCpu?: number
  ratio?: number
  /** The same of the floor that also gets the objects. */
  getFloorCpu?: number
  getRatio?: number
  /** What each object that was added to the cursor takes there. */
  cursorBytes?: number
  /** The row that differs in these objects alone. */
  beside?: string
  recordsPerSecond: number
  recordsPerCpuSecond: number
  megabytesPerSecond: number
  /** CPU seconds of each round. */
  cpus: number[]
}

type About = Pick<Result, 'name' | 'title' | 'program' | 'beside'>

/** Makes a row's figures of what its rounds used. */
export function resultOf(
  about: About,
  due: Pick<BucketReady, 'objects' | 'records' | 'plainBytes'>,
  cycles: readonly Cycle[],
  { floors, getFloors }: Pick<RowSamples, 'floors' | 'getFloors'>,
): Result {
  const of = (figure: (cycle: Cycle) => number) => median(cycles.map(figure))
  const wall = of(cycle => cycle.wall)
  const cpus = cycles.map(cpuOf)
  const cpu = median(cpus)
  const ratioTo = (floor: readonly number[]) =>
    median(cpus.map((used, i) => used / (floor[i] as number)))
  const floorCpus = floors.map(cpuOf)
  const getCpus = getFloors.map(cpuOf)
  const { name, title, program, beside } = about
  return {
    name,
    title,
    program,
    ...(beside && { beside }),
    objects: due.objects,
    records: due.records,
    plainBytes: due.plainBytes,
    outputBytes: of(cycle => cycle.outputBytes),
    lists: of(cycle => cycle.lists),
    gets: of(cycle => cycle.gets),
    wall,
    cpu,
    peakMiB: of(cycle => cycle.peakMiB),
    ...(floors.length > 0 && {
      floorCpu: median(floorCpus),
      ratio: ratioTo(floorCpus),
    }),
    ...(getFloors.length > 0 && {
      getFloorCpu: median(getCpus),
      getRatio: ratioTo(getCpus),
    }),
    recordsPerSecond: due.records / wall,
    recordsPerCpuSecond: due.records / cpu,
    megabytesPerSecond: due.plainBytes / 1e6 / wall,
    cpus,
  }
}

function cpuOf({ user, system }: Usage): number {
  return user + system
}

function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] as number
  return sorted.length % 2 === 1
    ? upper
    : ((sorted[middle - 1] as number) + upper) / 2
}

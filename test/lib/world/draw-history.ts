// Draws a history of some days from a seed.

import { seededRandom, type Random } from '../../bench/random.ts'
import {
  DAY_MINUTES,
  type Arrival,
  type BaseSettings,
  type Ending,
  type History,
  type Pace,
  type State,
  type WorldEvent,
  type WorldLeaf,
} from './history.ts'

const LEAVES: readonly WorldLeaf[] = [
  leaf('logs/AWSLogs/111122223333/CloudTrail/us-east-1/', 'date'),
  leaf('logs/AWSLogs/111122223333/CloudTrail/eu-west-1/', 'date'),
  leaf('logs/AWSLogs/111122223333/CloudTrail-Insight/us-east-1/', 'date'),
  leaf('logs/AWSLogs/o-abc/444455556666/CloudTrail/us-east-1/', 'date'),
  leaf(
    'logs/AWSLogs/aws-account-id=7/CloudTrail/aws-region=us-east-1/',
    'hive',
  ),
  leaf('logs/AWSLogs/888877776666/CloudTrail/us-east-1/', 'flat'),
  leaf('logs/copies/eu-west-1/', 'loose'),
]
const BEGAN = Date.parse('2026-10-05T00:00:00Z')
const NO_TIME: Pace = { list: 0, get: 0, batch: 0, decode: 0 }

function leaf(prefix: string, filing: WorldLeaf['filing']): WorldLeaf {
  return { prefix, filing }
}

/** Draws the history of a seed; the same one each time. */
export function drawHistory(seed: number, days = 60): History {
  const random = seededRandom(seed)
  const oneIn = (count: number): boolean => random.below(count) === 0
  const base = drawBase(random)
  // Outside AWSLogs the whole bucket holds no logs.
  const mayBe = LEAVES.filter(
    ({ filing }) => filing !== 'loose' || base.FilePath !== '',
  )
  const leaves = mayBe.filter((_, index) => index < 2 || oneIn(2))
  const events: WorldEvent[] = []
  const at = (day: number): number =>
    day * DAY_MINUTES + random.below(DAY_MINUTES)
  leaves.forEach((_, index) => {
    for (let daysAgo = 0; daysAgo < 40; daysAgo += 1 + random.below(8))
      events.push({
        at: 0,
        do: 'arrive',
        ...drawArrival(random, index, daysAgo),
      })
  })
  const began = BEGAN + random.below(90 * DAY_MINUTES) * 60_000
  for (let day = 0; day < days; day++) {
    const cycles = 3 + random.below(3) + random.below(4)
    for (let count = 0; count < cycles; count++)
      events.push({ at: at(day), ...drawCycle(random, base.MaxCycleSeconds) })
    const arrivals = oneIn(8) ? 10 + random.below(40) : random.below(5)
    for (let count = 0; count < arrivals; count++) {
      const index = random.below(leaves.length)
      const late = drawDaysAgo(random, base)
      events.push({
        at: at(day),
        do: 'arrive',
        ...drawArrival(random, index, late),
      })
    }
    if (day > 1)
      for (const event of drawTrouble(random, leaves, base))
        events.push({ at: at(day), ...event })
  }
  const curses = {
    leaf: leaves.length > 2 && oneIn(6) ? leaves.length - 1 : undefined,
    objects: oneIn(4) ? { leaf: 1, tenths: 1 + random.below(3) } : undefined,
  }
  events.sort((a, b) => a.at - b.at)
  return { seed, began, base, leaves, curses, events }
}

function drawBase(random: Random): BaseSettings {
  return {
    FilePath: random.pick(['', 'logs/']),
    CloudTrailFolders: 'CloudTrail,CloudTrail-Insight',
    NoOfBackDaysData: random.pick([1, 1, 2, 3]),
    LateArrivalDays: random.pick([30, 30, 0, 20]),
    HostQueueRecords: random.pick([1100, 1100, 1300]),
    MaxCycleSeconds: random.pick([5, 20, 20]),
    MaxCycleMegabytes: random.pick([0.02, 0.1, 128, 128]),
  }
}

function drawDaysAgo(random: Random, base: BaseSettings): number {
  const { NoOfBackDaysData: back, LateArrivalDays: late } = base
  const dice = random.below(10)
  if (dice < 6) return 0
  if (dice < 8) return random.below(back + 1)
  return random.below(back + 1 + Math.max(0, late - 15))
}

function drawArrival(random: Random, index: number, daysAgo: number): Arrival {
  const isLarge = random.below(40) === 0
  const isHollow = random.below(90) === 0
  return {
    leaf: index,
    daysAgo,
    name: random.text(6),
    records: isHollow
      ? 0
      : isLarge
        ? 100 + random.below(400)
        : 1 + random.below(6),
    padding: isLarge ? 400 : random.below(200),
  }
}

function drawCycle(
  random: Random,
  seconds: number,
): Omit<WorldEvent & { do: 'cycle' }, 'at'> {
  const pace =
    random.below(12) > 0
      ? NO_TIME
      : {
          list: random.pick([0, 50, 300]),
          get: random.pick([0, 100, 2000]),
          batch: random.pick([0, 100]),
          decode: random.pick([0, 0.2, 0.4]) * seconds,
        }
  if (random.below(12) > 0) return { do: 'cycle', pace }
  const ending: Ending = {
    how: random.pick(['kill', 'kill', 'stop', 'diskFull', 'hostGone']),
    at: random.pick(['list', 'get', 'batch', 'write']),
    count: 1 + random.below(6),
  }
  return { do: 'cycle', pace, ending }
}

type Trouble = WorldEvent extends infer E
  ? E extends { at: number }
    ? Omit<E, 'at'>
    : never
  : never

function drawTrouble(
  random: Random,
  leaves: readonly WorldLeaf[],
  base: BaseSettings,
): Trouble[] {
  if (random.below(5) > 0) return []
  const during = (state: State, days: number): Trouble => ({
    do: 'during',
    minutes: 1 + random.below(days * DAY_MINUTES),
    state,
  })
  const fail = random.pick(['access', 'network'] as const)
  const some = leaves
    .map((_, index) => index)
    .filter(() => random.below(2) === 0)
  switch (random.below(11)) {
    case 0:
      return [during({ is: 'lists', fail }, 8)]
    case 1:
      return [during({ is: 'gets', fail }, 6)]
    case 2:
    case 3:
      return [
        during(
          { is: 'refused', leaves: some, tenths: 1 + random.below(10) },
          5,
        ),
      ]
    case 4:
      return [
        {
          do: 'wrongDate',
          days: random.pick([60, -50]),
          cycles: random.pick([1, 1, 1, 2, 6, 12]),
        },
      ]
    case 5:
      return [{ do: 'step', hours: random.pick([1, -3, 50, -50, 400, -400]) }]
    case 6:
    case 7: {
      const fault = random.pick([
        'none',
        'empty',
        'overlap',
        'unordered',
        'deaf',
      ] as const)
      return [during({ is: 'pages', fault, size: random.pick([4, 7, 50]) }, 4)]
    }
    case 8:
      return [
        {
          do: 'reencrypt',
          leaf: random.below(leaves.length),
          days: 1 + random.below(10),
        },
      ]
    case 9:
      return [{ do: 'hostDies' }]
    default:
      return [
        during({ is: 'settings', change: drawChange(random, leaves, base) }, 5),
      ]
  }
}

function drawChange(
  random: Random,
  leaves: readonly WorldLeaf[],
  base: BaseSettings,
): string {
  return random.pick([
    'FilePath=Logs/',
    `FilePath=${random.pick(leaves).prefix}`,
    'FilePath=logs/AWSLogs/111122223333/CloudTrail/us-east-1/DAY/',
    'RegionFolders=us-east-1',
    'RegionFolders=US-EAST-1',
    'CloudTrailFolders=CloudTrail',
    'CloudTrailFolders=CloudTrail-Insight',
    'Inclusions=*.json',
    'NoOfBackDaysData=7',
    `LateArrivalDays=${Math.max(0, base.LateArrivalDays - 15)}`,
    'DepthToRecurse=1',
  ])
}

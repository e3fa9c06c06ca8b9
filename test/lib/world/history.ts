// What happens in a world, drawn from a seed: plain data, so that a history
// that ends badly can be cut down event by event and printed.

/** How a leaf's objects are filed: `loose` is by date without leading zeros. */
export type Filing = 'date' | 'hive' | 'flat' | 'loose'

export interface WorldLeaf {
  prefix: string
  filing: Filing
}

/** What a cycle takes, in ms of true time; all 0 in most. */
export interface Pace {
  list: number
  get: number
  batch: number
  /** Each KiB that is decoded. */
  decode: number
}

/** Where and how a cycle is cut short. */
export interface Ending {
  how: 'kill' | 'stop' | 'diskFull' | 'hostGone'
  /** At the so many-th LIST, GET, batch or write to the disk. */
  at: 'list' | 'get' | 'batch' | 'write'
  count: number
}

/** What holds for some time. */
export type State =
  | { is: 'lists'; fail: 'access' | 'network' }
  | { is: 'gets'; fail: 'access' | 'network' }
  /** Of these leaves so many tenths of the objects are refused. */
  | { is: 'refused'; leaves: number[]; tenths: number }
  | { is: 'date'; days: number }
  | { is: 'pages'; fault: PageFault; size: number }
  | { is: 'settings'; change: string }

export type PageFault = 'none' | 'empty' | 'overlap' | 'unordered' | 'deaf'

export interface Arrival {
  leaf: number
  /** How many days before its arrival the day lies that it is filed under. */
  daysAgo: number
  name: string
  records: number
  /** Bytes of text in each record. */
  padding: number
}

export type WorldEvent = { at: number } & (
  | ({ do: 'arrive' } & Arrival)
  | { do: 'cycle'; pace: Pace; ending?: Ending }
  | { do: 'during'; minutes: number; state: State }
  /** The wrong Date of so many cycles. */
  | { do: 'wrongDate'; days: number; cycles: number }
  /** The wall clock of this machine is set. */
  | { do: 'step'; hours: number }
  /** All objects of a leaf that are so many days old at most are written anew. */
  | { do: 'reencrypt'; leaf: number; days: number }
  /** The host dies with what it holds in memory. */
  | { do: 'hostDies' }
)

/** The settings that hold unless an event changes them. */
export interface BaseSettings {
  FilePath: string
  CloudTrailFolders: string
  NoOfBackDaysData: number
  LateArrivalDays: number
  HostQueueRecords: number
  MaxCycleSeconds: number
  /** In MiB; the setting knows whole ones alone. */
  MaxCycleMegabytes: number
}

/** What is answered wrongly for ever: a leaf's LISTs, and some of another's objects. */
export interface Curses {
  leaf: number | undefined
  objects: { leaf: number; tenths: number } | undefined
}

export interface History {
  seed: number
  /** True time in ms since 1970; events are counted in minutes from it. */
  began: number
  base: BaseSettings
  leaves: WorldLeaf[]
  curses: Curses
  events: WorldEvent[]
}

export const DAY_MINUTES = 1440

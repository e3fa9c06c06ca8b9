// A Date that a cycle knows from an object alone, since no LIST succeeded, is
// judged like that of a page: nothing is dropped by a clock that leapt.

import t from 'tap'
import type { History, WorldEvent } from '../lib/world/history.ts'
import { DAY_MINUTES } from '../lib/world/history.ts'
import { liveThrough } from '../lib/world/simulated-world.ts'

const DAY = DAY_MINUTES
const trail = (region: string): string =>
  `logs/AWSLogs/111122223333/CloudTrail/${region}/`
const PACE = { list: 0, get: 0, batch: 0, decode: 0 }

const cycleAt = (at: number): WorldEvent => ({ at, do: 'cycle', pace: PACE })
const arriveAt = (at: number, leaf: number, name: string): WorldEvent => ({
  at,
  do: 'arrive',
  leaf,
  daysAgo: 0,
  name,
  records: 1,
  padding: 0,
})

t.test(
  'a leaf out of scope outlasts a wrong Date that no page gave',
  async t => {
    const names = Array.from({ length: 12 }, (_, index) => `open-${index}`)
    const history: History = {
      seed: 1,
      began: Date.UTC(2026, 5, 1, 6),
      base: {
        FilePath: 'logs/',
        CloudTrailFolders: 'CloudTrail',
        NoOfBackDaysData: 1,
        LateArrivalDays: 0,
        HostQueueRecords: 1100,
        MaxCycleSeconds: 20,
        MaxCycleMegabytes: 128,
      },
      leaves: [
        { prefix: trail('us-east-1'), filing: 'date' },
        { prefix: trail('eu-west-1'), filing: 'date' },
      ],
      curses: { leaf: undefined, objects: undefined },
      events: [
        arriveAt(1, 0, 'first'),
        arriveAt(1, 1, 'second'),
        cycleAt(10),
        // One that has failed is tried again without any LIST.
        arriveAt(20, 1, 'failed'),
        {
          at: 21,
          do: 'during',
          minutes: 20,
          state: { is: 'refused', leaves: [1], tenths: 10 },
        },
        cycleAt(30),
        // An outage keeps a day open.
        ...names.map(name => arriveAt(50, 0, name)),
        {
          at: 51,
          do: 'during',
          minutes: 4 * DAY + 20,
          state: { is: 'gets', fail: 'access' },
        },
        ...[1, 2, 3, 4].map(day => cycleAt(day * DAY)),
        {
          at: 4 * DAY + 60,
          do: 'during',
          minutes: 600,
          state: { is: 'settings', change: 'FilePath=Logs/' },
        },
        // Refused once more, it is due again in the cycle after the next.
        cycleAt(4 * DAY + 70),
        cycleAt(4 * DAY + 75),
        {
          at: 4 * DAY + 80,
          do: 'during',
          minutes: 580,
          state: { is: 'lists', fail: 'access' },
        },
        { at: 4 * DAY + 90, do: 'wrongDate', days: 60, cycles: 1 },
        cycleAt(4 * DAY + 100),
      ],
    }
    t.strictSame(await liveThrough(history), [])
  },
)

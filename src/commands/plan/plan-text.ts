// A plan: its members, named as in --json, and its text for a person.

import { GET_PRICE, LIST_PRICE } from './estimates.ts'
import { shardText } from '../../find/shard.ts'
import { number, size } from '../../report/words.ts'
import type { Settings } from '../../settings/settings-table.ts'
import { s3Url } from '../../s3/object-store.ts'

/** The answer, with the names of --json. */
export interface Plan {
  leaves: number
  partitions: number
  objects: number
  bytes: number
  lists: number
  gets: number
  cycles: number
  /** The number of objects that failed before. */
  retries: number
  output_bytes: number
  every_seconds: number
  lists_per_day: number
  gets_per_day: number
  dollars_per_day: number
}

const PRICES = `S3 Standard in us-east-1: $${LIST_PRICE} per 1,000 LIST, $${GET_PRICE} per 1,000 GET`

/** Makes the text of a plan. */
export function planText(plan: Plan, settings: Settings): string {
  const { BucketName, FilePath, LogType } = settings
  const shard = shardText(settings.Shard)
  const whose = shard === '' ? '' : ` of shard ${shard}`
  const { MaxCycleSeconds, MaxCycleMegabytes } = settings
  const place = s3Url(BucketName, FilePath)
  const rows = [
    [
      'Folders',
      `${number(plan.leaves)}${whose} with ${LogType} logs below ${place}`,
    ],
    ['To be listed', `${number(plan.partitions)} (a day of a folder each)`],
    ['New objects', newObjects(plan)],
    ['Requests', requests(plan.lists, plan.gets)],
    [
      'Cycles needed',
      `${number(plan.cycles)}, each within ${MaxCycleSeconds} s and ${MaxCycleMegabytes} MiB of output`,
    ],
    [
      'A day',
      `${requests(plan.lists_per_day, plan.gets_per_day)}, with a cycle every ${plan.every_seconds} s`,
    ],
    ['Costs a day', `$${plan.dollars_per_day.toFixed(2)} (${PRICES})`],
  ]
  return rows
    .map(([name = '', value = '']) => `${name.padEnd(15)}${value}\n`)
    .join('')
}

function newObjects({ objects, bytes, output_bytes, retries }: Plan): string {
  if (objects === 0) return '0'
  const again = retries === 0 ? '' : ` (${number(retries)} tried before)`
  return `${number(objects)}${again}, ${size(bytes)}; printed some ${size(output_bytes)}`
}

const requests = (lists: number, gets: number): string =>
  `${number(lists)} LIST, ${number(gets)} GET`

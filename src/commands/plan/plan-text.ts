// A plan as a person reads it.

import { GET_PRICE, LIST_PRICE } from './daily-requests.ts'
import { shardText } from '../../find/shard.ts'
import type { Settings } from '../../settings/settings-table.ts'
import type { Plan } from '../plan.ts'

const PRICES = `S3 Standard in us-east-1: $${LIST_PRICE} per 1,000 LIST, $${GET_PRICE} per 1,000 GET`

/** Makes the text of a plan. */
export function planText(plan: Plan, settings: Settings): string {
  const { BucketName, FilePath, LogType } = settings
  const shard = shardText(settings.Shard)
  const whose = shard === '' ? '' : ` of shard ${shard}`
  const { MaxCycleSeconds, MaxCycleMegabytes } = settings
  const place = `s3://${BucketName}/${FilePath}`
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

const number = (value: number): string => value.toLocaleString('en-US')

const requests = (lists: number, gets: number): string =>
  `${number(lists)} LIST, ${number(gets)} GET`

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const

// To two or three digits, in the largest unit of which there is one.
function size(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024
    unit++
  }
  const digits = unit > 0 && value < 10 ? 1 : 0
  const text = value.toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
  return `${text} ${UNITS[unit]}`
}

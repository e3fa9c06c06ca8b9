// The leaves of the oracles: one of each layout, a leaf without dates above
// another among them.

import { dayPrefix } from '../../../src/find/day-folders.ts'

export const LEAVES = [
  { prefix: 'AWSLogs/111122223333/CloudTrail/us-east-1/', layout: 'date' },
  {
    prefix: 'AWSLogs/aws-account-id=7/CloudTrail/aws-region=r/',
    layout: 'hive',
  },
  { prefix: 'AWSLogs/111122223333/CloudTrail/', layout: 'flat' },
] as const

/** A folder whose days are leaves of their own, since they are named otherwise. */
export const NAMED = {
  prefix: 'AWSLogs/111122223333/CloudTrail/r/',
  layout: 'named',
} as const

/** Gives the key of a file in a leaf and day; what has no dates has the day in its name alone. */
export function keyIn(
  { prefix, layout }: (typeof LEAVES)[number] | typeof NAMED,
  day: string,
  name: string,
): string {
  if (layout === 'named') return `${prefix}dt=${day}/${name}.gz`
  return layout === 'flat'
    ? `${prefix}${day}-${name.replace('/', '-')}.gz`
    : `${dayPrefix(prefix, layout, day)}${name}.gz`
}

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

/** Gives the key of a file in a leaf and day; what has no dates has the day in its name alone. */
export function keyIn(
  { prefix, layout }: (typeof LEAVES)[number],
  day: string,
  name: string,
): string {
  return layout === 'flat'
    ? `${prefix}${day}-${name.replace('/', '-')}.gz`
    : `${dayPrefix(prefix, layout, day)}${name}.gz`
}

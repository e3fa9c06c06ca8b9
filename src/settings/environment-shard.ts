// The shard from the environment, for collectors that share one ini, such as the
// pods of a StatefulSet. With a leading + its index counts from 0, as the index
// of a pod does.

import { shorten } from './ini-problems.ts'
import { allowedText, readValue, type Setting } from './setting-kinds.ts'

const SHARD_VARIABLE = 'LR_S3_INPUT_SHARD'

/** Reads the shard of the environment by the row of the setting: gives its value or a problem, undefined if none is set. */
export function environmentShard(
  row: Setting,
): { value: ReturnType<typeof readValue>; problem: string } | undefined {
  const written = process.env[SHARD_VARIABLE]?.trim() ?? ''
  if (written === '') return undefined
  const value = readValue(row, countedFromOne(written), '')
  const problem = `${SHARD_VARIABLE} (environment) is ${JSON.stringify(shorten(written))}: must be ${allowedText(row)}, or +i/n with i from 0, such as +0/4 for 1/4`
  return { value, problem: value === undefined ? problem : '' }
}

function countedFromOne(text: string): string {
  const [, index, rest = ''] = /^\+(\d{1,4})(\/\d+)$/.exec(text) ?? []
  return index === undefined ? text : `${Number(index) + 1}${rest}`
}

// Tells how the event of a CloudTrail record ended. Most failures have an
// error; a sign-in names its failure under the event's own name, and some
// services in the status of a result. A record without an event name has no
// outcome.

import { QUOTE } from '../decode/json-bytes.ts'
import { isCount } from './json-text.ts'
import type { Sources } from './mapping.ts'

/** The sources of the outcome. */
export const outcomeSources = [
  'eventName',
  'errorCode',
  'errorMessage',
  'responseElements',
  'serviceEventDetails',
  'serviceEventDetails.result.statusType',
] as const
const [NAME, CODE, MESSAGE, RESPONSE, DETAILS, STATUS] = [0, 1, 2, 3, 4, 5]

const TWO = 0x32
const WORD = Buffer.from('failure')
const LOWER_CASE = 0x20
/** The distance to the next candidate, by a byte that does not end the word. */
const STEPS = new Uint8Array(256).fill(WORD.length)
for (const [i, letter] of WORD.subarray(0, -1).entries())
  for (const byte of [letter, letter - LOWER_CASE])
    STEPS[byte] = WORD.length - 1 - i

/** Gives the outcome of an event; undefined without one. */
export function outcome(sources: Sources): 'Failure' | 'Success' | undefined {
  if (!sources.has(NAME)) return undefined
  const hasFailed =
    sources.has(MESSAGE) ||
    (sources.has(CODE) && !sources.some(CODE, isSuccessCode)) ||
    saysFailure(sources, RESPONSE) ||
    saysFailure(sources, DETAILS) ||
    isFailure(sources.get(STATUS))
  return hasFailed ? 'Failure' : 'Success'
}

/** Tells whether an error code is an HTTP status of success, as Managed Grafana writes it. */
function isSuccessCode(bytes: Buffer, from: number, to: number): boolean {
  return to - from === 3 && bytes[from] === TWO && isCount(bytes, from, to)
}

/** Tells whether an object has a member of the event's name that is `Failure`. */
function saysFailure(sources: Sources, source: number): boolean {
  // Few objects contain the word; only these are parsed.
  if (!sources.some(source, holdsFailure)) return false
  const object = sources.get(source)
  const name = sources.get(NAME)
  if (typeof object !== 'object' || object === null) return false
  const members = Object.entries(object)
  return members.some(([key, value]) => key === name && isFailure(value))
}

function isFailure(value: unknown): boolean {
  return typeof value === 'string' && value.toLowerCase() === 'failure'
}

/** Tells whether JSON contains the word, in any case, as a whole string. */
function holdsFailure(json: Buffer, from: number, to: number): boolean {
  const last = WORD.length - 1
  let end = from + last
  while (end < to) {
    const byte = json[end] as number
    if ((byte | LOWER_CASE) === WORD[last] && isWhole(json, end)) return true
    end += STEPS[byte] as number
  }
  return false
}

function isWhole(json: Buffer, end: number): boolean {
  let at = end
  for (let i = WORD.length - 1; i >= 0; i--)
    if (((json[at--] as number) | LOWER_CASE) !== WORD[i]) return false
  return json[at] === QUOTE && json[end + 1] === QUOTE
}

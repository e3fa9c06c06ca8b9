// Tells how the event of a CloudTrail record ended. Most failures have an error;
// sign-ins say theirs under the event's own name, and services in the status of
// a result. A record without an event's name is no event with an outcome.

import { QUOTE } from '../decode/json-bytes.ts'
import { isCount } from './json-text.ts'
import type { Sources } from './mapping.ts'

/** Lists what the outcome is read from. */
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
/** How far to go on from a byte that is not the word's last, by what it is. */
const STEPS = new Uint8Array(256).fill(WORD.length)
for (const [i, letter] of WORD.subarray(0, -1).entries())
  for (const byte of [letter, letter - LOWER_CASE])
    STEPS[byte] = WORD.length - 1 - i

/** Tells the outcome of an event; undefined where there is none. */
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

/** Tells whether a code is one of HTTP for success, as Managed Grafana writes it. */
function isSuccessCode(bytes: Buffer, from: number, to: number): boolean {
  return to - from === 3 && bytes[from] === TWO && isCount(bytes, from, to)
}

/** Tells whether an object has a member of the event's name that is `Failure`. */
function saysFailure(sources: Sources, source: number): boolean {
  // Few objects hold the text, and only these are made into one.
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

/** Tells whether JSON holds the word, in whatever case, as a whole string. */
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

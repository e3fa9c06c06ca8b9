// Warns of values that are accepted as written, but are most likely mistakes: keys
// in each other's place, a FilePath of one day, quotes and comments that became
// part of a value.

import { isEncrypted } from './encrypted-text.ts'
import { addProblem, textOf, warn, type Ini } from './ini-problems.ts'
import { settingsTable } from './settings-table.ts'
import type { Setting } from './setting-kinds.ts'
import { oddAround } from './written-form.ts'

const rows: readonly Setting[] = settingsTable

/** Finds values that are most likely mistakes; settings with a problem are passed over. */
export function findOddValues(ini: Ini) {
  findSwappedKeys(ini)
  warnOfDate(ini)
  for (const { name } of rows) {
    const text = textOf(ini, name)
    const odd = isEncrypted(text) ? '' : oddAround(text)
    const isTold = ini.problems.some(({ setting }) => setting === name)
    if (odd !== '' && !isTold) warn(ini, name, odd)
  }
}

const KEY_ID = /^A[KS]IA[A-Z2-7]{16}$/
const SECRET = /^[\w/+]{40}$/

// Each of the two keys by itself would be reported as another mistake.
function findSwappedKeys(ini: Ini) {
  const isSwapped =
    SECRET.test(textOf(ini, 'AccessKeyId')) &&
    KEY_ID.test(textOf(ini, 'SecretAccessKey'))
  if (!isSwapped) return
  const others = ini.problems.filter(
    ({ setting }) => setting !== 'AccessKeyId' && setting !== 'SecretAccessKey',
  )
  ini.problems.splice(0, Infinity, ...others)
  addProblem(
    ini,
    'AccessKeyId',
    'looks like a secret, and SecretAccessKey like the id of a key: exchange the two',
  )
}

const YEAR = String.raw`(?:year=)?(?:19|20)\d\d`
const MONTH = String.raw`(?:month=)?(?:0?[1-9]|1[0-2])`
const DAY = String.raw`(?:day=)?(?:0?[1-9]|[12]\d|3[01])`
const HOUR = String.raw`(?:hour=)?\d\d`
const DATED = new RegExp(
  `^(?<above>(?:.*/)?)${YEAR}(?<month>/${MONTH}(?<day>/${DAY}(?<hour>/${HOUR})?)?)?/*$`,
)

function warnOfDate(ini: Ini) {
  const { above, month, day, hour } =
    DATED.exec(textOf(ini, 'FilePath'))?.groups ?? {}
  if (above === undefined) return
  const what = hour ? 'hour' : day ? 'day' : month ? 'month' : 'year'
  const whole = above === '' ? 'leave it blank' : `set it to ${above}`
  warn(
    ini,
    'FilePath',
    `ends in the folder of one ${what}, so no other ${what} is ever collected: ${whole}`,
  )
}

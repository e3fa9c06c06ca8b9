// The key of a log shows its leaf and its day.

import t from 'tap'
import { placeOf } from '../../../src/verify/logs/log-place.ts'

const NAME = '111122223333_CloudTrail_us-east-1_20261129T1400Z_a.json.gz'
const LEAF = 'AWSLogs/111122223333/CloudTrail/us-east-1/'

t.test('the leaf and the day are read from the key', async t => {
  const cases: [string, string, string][] = [
    [`${LEAF}2026/11/29/`, LEAF, '2026-11-29'],
    [`${LEAF}2026/11/29/05/`, LEAF, '2026-11-29'],
    [
      `archive/2025/06/01/${LEAF}2026/11/29/`,
      `archive/2025/06/01/${LEAF}`,
      '2026-11-29',
    ],
    [
      `a/year=2025/month=06/day=01/${LEAF}year=2026/month=11/day=28/hour=02/`,
      `a/year=2025/month=06/day=01/${LEAF}`,
      '2026-11-28',
    ],
    ['2026/11/28/', '', '2026-11-28'],
    [LEAF, LEAF, '2026-11-29'],
    ['a/2026/02/31/', 'a/2026/02/31/', '2026-11-29'],
  ]
  for (const [folder, leaf, day] of cases)
    t.strictSame(placeOf(`${folder}${NAME}`), { leaf, day }, folder)
})

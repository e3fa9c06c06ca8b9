// The line that sums a check up, and what a terminal shows.

import t from 'tap'
import {
  fail,
  findingLine,
  findingsJson,
  ok,
  verdictOf,
  warn,
  type Finding,
} from '../../../src/commands/check/check-finding.ts'

const good = ok('a', 'x')
const odd = warn('b', 'y')

const verdict = (...found: Finding[]): string => {
  const { level, message, outcome } = verdictOf(found)
  return `${level} ${outcome}: ${message}`
}

t.test('the verdict', t => {
  t.equal(verdict(good), 'ok done: all is well')
  t.equal(verdict(good, odd), 'warn done: 1 warning: collect would run')
  t.equal(
    verdict(good, odd, fail('c', 'z', 'partial'), fail('d', 'z', 'cursor')),
    'fail cursor: 2 faults and 1 warning: collect would end with exit code 5',
  )
  t.equal(
    verdict(fail('get', 'z', 'access')),
    'fail access: 1 fault: collect would end with exit code 3, or 1 where it tries fewer than ten objects',
  )
  const json = JSON.parse(findingsJson([odd, fail('c', 'z', 'usage')]))
  t.match(json, {
    findings: [
      { name: 'b', ok: true },
      { name: 'c', ok: false },
    ],
    verdict: /exit code 2$/,
    exit: 2,
  })
  t.end()
})

t.test('levels in colour, where that is asked for', t => {
  const bad = fail('c', 'z\u001b[2J', 'partial')
  t.equal(findingLine(bad), 'fail c: z\\u{1b}[2J\n')
  t.equal(findingLine(bad, true), '\u001b[31mfail\u001b[0m c: z\\u{1b}[2J\n')
  t.equal(findingLine(odd, true), '\u001b[33mwarn\u001b[0m b: y\n')
  t.equal(findingLine(good, true), 'ok   a: x\n')
  t.end()
})

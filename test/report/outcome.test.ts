// The exit codes of the contract, and which of several counts.
import t from 'tap'
import {
  exitCodes,
  outcomes,
  worstOutcome,
  type Outcome,
} from '../../src/report/outcome.ts'

const names = Object.keys(outcomes) as Outcome[]

t.test('codes count in the order 2, 5, 6, 3, 4, 1, 0', async t => {
  const codes = names.map(name => outcomes[name].exit)
  t.strictSame(codes, [2, 5, 6, 3, 4, 1, 0])
  t.equal(exitCodes.length, codes.length)
})

t.test('each code has the meaning of its outcome', async t => {
  for (const name of names)
    t.equal(exitCodes[outcomes[name].exit], outcomes[name].means)
})

t.test('the worst counts, in any order', async t => {
  t.equal(worstOutcome([]), 'done')
  for (const [place, worse] of names.entries())
    for (const better of names.slice(place)) {
      t.equal(worstOutcome([better, worse]), worse)
      t.equal(worstOutcome([worse, better]), worse)
    }
})

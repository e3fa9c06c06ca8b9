// The answer of one leaf in text and in JSON.

import t from 'tap'
import {
  countLog,
  emptyResult,
  noteState,
  noteUndigested,
  type LeafResult,
} from '../../src/verify/logs/leaf-result.ts'
import { addLeaf, emptyProof } from '../../src/verify/proof.ts'
import { withResult } from '../../src/verify/round.ts'
import { neverVerified } from '../../src/cursor/verify-note.ts'
import { jsonWriter } from '../../src/verify/verify-json.ts'
import { textWriter, type Writer } from '../../src/verify/verify-text.ts'

const TERMS = {
  from: Date.parse('2026-03-10T00:00:00Z'),
  to: Date.parse('2026-03-11T04:00:00Z'),
  hashes: false,
  records: false,
  byDigests: true,
}

const MANY = 100_000

function largeLeaf(): LeafResult {
  const result = emptyResult({ folder: 'f/', account: '1', region: 'r' })
  const day = '2026-03-10'
  for (let number = 0; number < MANY; number++) {
    countLog(result, day)
    noteState(result, { key: `log${number}`, day }, 'not_collected')
    noteUndigested(result, `other${number}`)
  }
  return result
}

function answer(writer: Writer, leaf: LeafResult): string {
  const proof = emptyProof(TERMS)
  addLeaf(proof, leaf)
  return writer.begin(TERMS) + writer.leaf(leaf) + writer.end(proof)
}

t.test('of very many some are named, and all are counted', async t => {
  const leaf = largeLeaf()
  t.match(JSON.parse(answer(jsonWriter(), leaf)), {
    leaves: [
      {
        logs: MANY,
        not_collected: { length: 5000 },
        not_collected_more: MANY - 5000,
        undigested: { length: 5000 },
        undigested_more: MANY - 5000,
      },
    ],
    proved: false,
    sentence: /: 100000 logs not collected\.$/,
  })
  const lines = answer(textWriter(), leaf).split('\n')
  t.ok(lines.length < 10_100)
  for (const line of [
    'fail 1 r: not collected: 95,000 more, which are not named here',
    'warn 1 r: no digest names 95,000 more, which are not named here',
  ])
    t.ok(lines.includes(line), line)
  t.equal(withResult(neverVerified(), 'f/', leaf).faults, MANY)
})

t.test('where all are named, no more are told of', async t => {
  const leaf = emptyResult({ folder: 'f/', account: '1', region: 'r' })
  noteUndigested(leaf, 'other')
  t.notMatch(answer(jsonWriter(), leaf), '_more')
  t.notMatch(answer(textWriter(), leaf), ' more')
})

t.test('one that is given up is a whole document', async t => {
  const writer = jsonWriter()
  const leaf = largeLeaf()
  const text = writer.begin(TERMS) + writer.leaf(leaf) + writer.giveUp()
  t.match(JSON.parse(text), { leaves: [{ logs: MANY }], proved: false })
})

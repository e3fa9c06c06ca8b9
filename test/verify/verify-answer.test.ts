// The answer for one leaf is printed as text and as JSON.

import t from 'tap'
import {
  emptyResult,
  type LeafResult,
} from '../../src/verify/logs/leaf-result.ts'
import {
  handOn,
  recordFinding,
  countLog,
  recordState,
  countUndigested,
} from '../../src/verify/logs/record-result.ts'
import { addLeaf, emptyProof, sentence } from '../../src/verify/proof.ts'
import { withResult } from '../../src/verify/round.ts'
import { neverVerified } from '../../src/cursor/verify-note.ts'
import type { Finding } from '../../src/verify/digests/digest-finding.ts'
import { jsonWriter } from '../../src/verify/verify-json.ts'
import { textWriter, type Writer } from '../../src/verify/verify-text.ts'

const RANGE = {
  from: Date.parse('2026-03-10T00:00:00Z'),
  to: Date.parse('2026-03-11T04:00:00Z'),
  isEmptyShard: false,
}
const TERMS = { hashes: false, records: false, byDigests: true }

const MANY = 100_000

function largeLeaf(): LeafResult {
  const result = emptyResult({ folder: 'f/', account: '1', region: 'r' })
  const day = '2026-03-10'
  for (let number = 0; number < MANY; number++) {
    countLog(result, day)
    recordState(result, { key: `log${number}`, day }, 'not_collected')
    countUndigested(result, `other${number}`)
  }
  return result
}

function answer(writer: Writer, leaf: LeafResult): string {
  const proof = emptyProof(TERMS, RANGE)
  addLeaf(proof, leaf)
  return writer.begin(RANGE.from) + writer.leaf(leaf) + writer.end(proof)
}

t.test('of very many findings some are named, all are counted', async t => {
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
    'fail 1 r: not collected: 95,000 more, which are named above',
    'warn 1 r: objects that no digest names: 95,000 more, which are named above',
  ])
    t.ok(lines.includes(line), line)
  t.equal(withResult(neverVerified(), 'f/', leaf).faults, MANY)
})

t.test('findings that are not kept are passed on and named', async t => {
  const leaf = largeLeaf()
  const gap: Finding = {
    level: 'fault',
    code: 'gap',
    message: 'an hour',
    hour: 'h',
  }
  for (let number = 0; number < 5010; number++) recordFinding(leaf, gap)
  const writer = textWriter()
  let text = ''
  await handOn(leaf, async (of, things) => {
    text += writer.unkept(of, things)
  })
  t.strictSame(leaf.unkept, [])
  text += writer.leaf(leaf)
  const lines = new Set(text.split('\n'))
  for (let number = 0; number < MANY; number++) {
    const isNamed =
      lines.has(`fail log${number}: not collected`) &&
      lines.has(`warn other${number}: no digest names it`)
    if (!isNamed) t.fail(`${number} is not named`)
  }
  t.ok(
    lines.has(
      'fail 1 r: hours that no digest covers: 10 more, which are named above',
    ),
  )
  const proof = emptyProof(TERMS, RANGE)
  addLeaf(proof, leaf)
  t.match(sentence(proof), ', 5010 hours without a digest.')
  t.equal(withResult(neverVerified(), 'f/', leaf).faults, MANY + 5010)
  t.match(JSON.parse(answer(jsonWriter(), leaf)), {
    leaves: [{ gaps_more: 10 }],
  })
})

t.test('a complete list has no line about further findings', async t => {
  const leaf = emptyResult({ folder: 'f/', account: '1', region: 'r' })
  countUndigested(leaf, 'other')
  t.notMatch(answer(jsonWriter(), leaf), '_more')
  t.notMatch(answer(textWriter(), leaf), ' more')
})

t.test('an answer that is given up is a complete document', async t => {
  const writer = jsonWriter()
  const leaf = largeLeaf()
  const text = writer.begin(RANGE.from) + writer.leaf(leaf) + writer.giveUp()
  t.match(JSON.parse(text), { leaves: [{ logs: MANY }], proved: false })
})

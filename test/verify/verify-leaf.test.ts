// The findings of a whole leaf tell what its digests name and which time they
// cover.

import t from 'tap'
import { emptyState } from '../../src/cursor/cursor-state.ts'
import { makeScope } from '../../src/find/scope.ts'
import { logTypes } from '../../src/normalize/log-types.ts'
import { dayOf, daysBetween, addDays } from '../../src/find/day-folders.ts'
import type { DigestEvent } from '../../src/verify/digests/digest-events.ts'
import { endedTrail } from '../../src/verify/digests/ended-trail.ts'
import { digestEvents } from '../../src/verify/digests/digest-events.ts'
import type { LeafResult } from '../../src/verify/logs/leaf-result.ts'
import type { LogState } from '../../src/verify/logs/log-state.ts'
import { verifyLeaf } from '../../src/verify/verify-leaf.ts'
import { hastyClock } from '../lib/fake-clock.ts'
import {
  HOUR,
  makeChain,
  objectsOf,
  signingKey,
  type ChainPlan,
  type MadeDigest,
} from '../lib/verify/chain-maker.ts'
import { FOLDER, knownKeys, storeOf } from '../lib/verify/read-events.ts'

const LEAF = 'AWSLogs/111122223333/CloudTrail/us-east-1/'
const START = Date.parse('2026-11-10T00:31:00Z')
const key = signingKey()

const chainOf = (plan: Partial<ChainPlan> = {}): MadeDigest[] =>
  makeChain({ key, start: START, hours: 40, ...plan })

interface Given {
  from: number
  to: number
  now?: number
  FilePath?: string
  state?: LogState
  held?: number
}

/** Verifies a leaf whose logs all have one state. */
async function verified(
  digests: readonly MadeDigest[],
  {
    from,
    to,
    now = to + 3 * HOUR,
    FilePath = '',
    state = 'collected',
    held = 0,
  }: Given,
  isLeft: (key: string) => boolean = () => true,
): Promise<LeafResult & { lists: string[] }> {
  const objects = objectsOf(digests).filter(object => isLeft(object.key))
  const store = storeOf(objects)
  const { signal } = new AbortController()
  const reading = { store, bucket: 'logs', signal, clock: hastyClock }
  const events: AsyncIterable<DigestEvent> = digestEvents(
    FOLDER,
    { from, to },
    now,
    knownKeys(key),
    reading,
  )
  const settings = {
    FilePath,
    RegionFolders: [],
    ExclusionDirectories: [],
    DepthToRecurse: undefined,
    Shard: { index: 1, of: 1 },
  }
  const days = daysBetween(dayOf(from), addDays(dayOf(to - 1), 1))
  const plan = { account: '111122223333', region: 'us-east-1', days, from, to }
  const result = await verifyLeaf(
    events,
    { ...plan, folder: FOLDER, leaves: [LEAF] },
    () => state,
    {
      held: () => held,
      ended: () => endedTrail(FOLDER, from, knownKeys(key), reading),
    },
    {
      ...reading,
      state: emptyState(),
      scope: makeScope(settings, /^CloudTrail$/),
      hashes: false,
      stored: undefined,
      logType: {
        ...logTypes.CloudTrail,
        decoder: () => {
          throw new Error('nothing is read')
        },
      },
    },
  )
  return { ...result, lists: store.lists.map(({ prefix }) => prefix) }
}

const faults = ({ findings }: LeafResult): string[] =>
  findings.flatMap(({ level, code }) => (level === 'fault' ? [code] : []))

t.test('history in the range counts as not collected', async t => {
  const from = Date.parse('2026-11-11T00:00:00Z')
  const given = {
    from,
    to: from + 3 * HOUR,
    state: 'before_first_day',
  } as const
  const result = await verified(chainOf(), given)
  const { days, faulty } = result
  t.strictSame(faults(result), [])
  t.match(days.get('2026-11-10'), { logs: 1, before_first_day: 1, faulty: 0 })
  t.match(days.get('2026-11-11'), { before_first_day: 0 })
  t.equal(days.get('2026-11-11')?.faulty, faulty.length)
  t.match(faulty[0], {
    state: 'not_collected',
    reason: /before the first day of its leaf/,
  })
})

t.test('a range without an ordinary digest is not covered', async t => {
  const from = START - 31 * 60_000
  const given = { from: from + 72 * HOUR, to: from + 75 * HOUR }
  const gone = await verified(chainOf(), given)
  t.strictSame(faults(gone), ['uncovered'], 'all digests are older')
  t.strictSame(gone.gaps, ['2026-11-13T00:00:00Z/2026-11-13T03:00:00Z'])
  t.notOk(gone.findings.some(({ code }) => code === 'no-digests'))
  const backfill = chainOf({ backfilledAfter: HOUR, hours: 3 })
  const some = await verified(backfill, { from: START, to: START + 3 * HOUR })
  t.strictSame(faults(some), ['uncovered'], 'only backfills are there')
})

t.test('a trail that was stopped before the range owes nothing', async t => {
  const pause = { after: 10, hours: 90 }
  const stopped = chainOf({ hours: 102, pause }).slice(0, 11)
  const range = { from: START + 60 * HOUR, to: START + 63 * HOUR }
  const over = await verified(stopped, range)
  t.strictSame(faults(over), [])
  t.match(over.findings, [
    { level: 'warning', message: /no digests since 2026-11-10T10:51:00Z/ },
  ])
  t.strictSame(faults(await verified(stopped, { ...range, held: 1 })), [
    'uncovered',
  ])
  const newer = chainOf({ trail: 'x', start: range.from, hours: 1 })
  const logs = await verified([...stopped, ...newer], range, key =>
    key.includes('CloudTrail-Digest') ? !key.includes('_x_') : true,
  )
  t.strictSame(faults(logs), ['uncovered'], 'logs lie there')
  const cut = await verified(stopped.slice(0, -1), range)
  t.strictSame(faults(cut), ['uncovered'], 'the last one is not final')
  t.match(cut.findings.at(-1)?.message, /end at 2026-11-10T10:31:00Z: later/)
  const forged = stopped.map(digest =>
    digest === stopped.at(-1)
      ? { ...digest, metadata: { 'x-amz-meta-signature': 'ab'.repeat(256) } }
      : digest,
  )
  t.strictSame(faults(await verified(forged, range)), ['uncovered'])
  const midnight = Date.parse('2026-11-11T00:00:00Z')
  const near = { from: midnight, to: midnight + 2 * HOUR }
  t.strictSame(faults(await verified(stopped, near)), [], 'just before')
  t.strictSame(
    faults(await verified(stopped, { ...near, held: 1 })),
    ['uncovered'],
    'something was collected since',
  )
  t.strictSame(
    faults(await verified(forged, near)),
    ['gap', 'gap', 'gap'],
    'each hour is owed behind one that ends just before',
  )
})

t.test('the time before CloudTrail began needs no digest', async t => {
  const early = { from: START - 3 * HOUR, to: START - HOUR }
  const result = await verified(chainOf(), early)
  t.strictSame(faults(result), [])
  t.match(result.findings, [{ code: 'not-recorded' }])
})

t.test('digests deleted before a starting digest are missed', async t => {
  const chain = chainOf({ hours: 9, pause: { after: 5, hours: 1 } })
  const gone = new Set(chain.slice(0, 6).map(({ key }) => key))
  const range = { from: START, to: START + 5 * HOUR }
  const isLeft = (key: string): boolean => !gone.has(key)
  const result = await verified(chain, range, isLeft)
  t.strictSame(faults(result), ['uncovered'])
  t.match(result.findings[0], {
    code: 'not-recorded',
    message: /; yet 10 logs of this time that no digest names lie there/,
  })
})

t.test('logs collected before a starting digest are counted', async t => {
  const chain = chainOf({ hours: 9, pause: { after: 5, hours: 1 } })
  const later = chain.slice(6)
  const range = { from: START, to: START + 8 * HOUR, held: 14 }
  const { findings } = await verified(later, range)
  t.match(findings, [
    {
      level: 'warning',
      code: 'not-recorded',
      message:
        /; yet 10 logs of these days that no digest names were collected/,
    },
  ])
})

t.test('a starting digest without proof covers nothing', async t => {
  const [first] = chainOf({ hours: 1, start: START + 5 * HOUR })
  if (first === undefined) throw new Error('none')
  const bare = { ...first, metadata: {} }
  for (const to of [START + 4 * HOUR, START + 6 * HOUR]) {
    const result = await verified([bare], { from: START, to })
    t.strictSame(faults(result), ['uncovered'])
  }
})

t.test('the end of digests that are not owed yet is given', async t => {
  const range = { from: START, to: START + 4 * HOUR + 29 * 60_000 }
  const now = range.to + 2 * HOUR + 60_000
  const late = await verified(chainOf({ hours: 4 }), { ...range, now })
  t.strictSame(faults(late), [])
  t.equal(late.coveredTo, START + 4 * HOUR)
  const whole = await verified(chainOf(), { ...range, now })
  t.equal(whole.coveredTo, range.to)
  const owed = await verified(chainOf({ hours: 4 }), range)
  t.strictSame(faults(owed), ['gap'])
})

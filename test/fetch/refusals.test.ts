import t from 'tap'
import type { Candidate } from '../../src/find/listing-result.ts'
import { isRefusal, Refusals } from '../../src/fetch/refusals.ts'
import { SourceError } from '../../src/s3/errors/source-error.ts'
import { newPartition } from '../../src/cursor/cursor-state.ts'
import { denied, reset } from '../lib/s3/refusals.ts'

const gone = new SourceError('gone', { code: 'NoSuchKey', kind: 'object' })
const one = newPartition('one/', '')
const other = newPartition('other/', '')
const inFolder = (folder = one): Candidate => ({
  key: 'k',
  size: 1,
  etag: '"1"',
  modified: 0,
  folder,
  day: '',
  before: '',
  position: 0,
  pending: new Set(),
})
const times = (count: number, action: () => void): void =>
  Array.from({ length: count }).forEach(action)

const refusal = (error: SourceError) => ({
  candidate: inFolder(),
  error,
  counts: true,
})

t.test('ten tried and all refused or not reached: an outage', async t => {
  for (const [refusedOnes, kind, code] of [
    [0, 'network', 'ECONNRESET'],
    [1, 'access', 'AccessDenied'],
    [10, 'access', 'AccessDenied'],
  ] as const) {
    const refusals = new Refusals()
    times(9, () => refusals.hold(refusal(reset)))
    times(refusedOnes, () => refusals.hold(refusal(denied)))
    t.equal(refusals.outage === undefined, refusedOnes === 0, 'nine are few')
    refusals.hold(refusal(reset))
    t.match(refusals.outage, { kind, code })
    t.ok(refusals.outage?.message.includes(`reading it: ${code}`))
    refusals.noteAnswer(inFolder(other))
    t.equal(refusals.outage, undefined, 'one that was answered is enough')
    t.ok(refusals.held.length >= 10)
  }
})

t.test('no credentials are an outage, however few were tried', async t => {
  const refusals = new Refusals()
  times(20, () => refusals.noteAnswer(inFolder()))
  refusals.hold(refusal(denied))
  t.equal(refusals.outage, undefined)
  const details = {
    code: 'ECONNRESET',
    kind: 'network',
    unsigned: true,
  } as const
  refusals.hold(refusal(new SourceError('assuming r', details)))
  t.match(refusals.outage, {
    kind: 'network',
    code: 'ECONNRESET',
    objects: 1,
    message: /^there are no valid credentials, .*: 1; assuming r$/,
  })
})

t.test('what every request meets is an outage, whatever was read', async t => {
  const refusals = new Refusals()
  times(20, () => refusals.noteAnswer(inFolder()))
  const common = { code: 'NoSuchBucket', affectsAll: true } as const
  const fault = (kind: 'access' | 'network'): SourceError =>
    new SourceError('reading it', { ...common, kind })
  refusals.hold(refusal(fault('network')))
  t.equal(refusals.outage, undefined, 'a network may come back')
  refusals.hold(refusal(fault('access')))
  t.match(refusals.outage, { code: 'NoSuchBucket', objects: 1 })
})

t.test(
  'retries alone are never an outage, and one that is read ends one',
  async t => {
    const refusals = new Refusals()
    const retry = { ...inFolder(), etag: undefined }
    times(50, () => refusals.hold({ ...refusal(denied), candidate: retry }))
    times(9, () => refusals.hold(refusal(denied)))
    t.equal(refusals.outage, undefined)
    refusals.hold(refusal(denied))
    t.match(refusals.outage, { kind: 'access', objects: 60 })
    refusals.noteAnswer(retry)
    t.equal(refusals.outage, undefined)
  },
)

t.test('tells what is no fault of the object', async t => {
  t.ok(isRefusal(denied))
  t.ok(isRefusal(reset))
  t.notOk(isRefusal(gone))
  t.notOk(isRefusal(new Error('odd')))
  t.notOk(isRefusal(undefined))
})

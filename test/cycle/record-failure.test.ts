// What is said and recorded of an object that could not be collected.
import t from 'tap'
import { dueRetries } from '../../src/find/due-retries.ts'
import { SourceError } from '../../src/s3/errors/source-error.ts'
import { SpoolError } from '../../src/fetch/spool-error.ts'
import { NO_STEPS } from '../../src/cursor/kept-objects.ts'
import {
  recordFailure,
  recordRefusals,
  settle,
} from '../../src/cycle/record-failure.ts'
import {
  attempt,
  collect,
  download,
  KEY,
  openCursor,
  records,
} from './attempt.ts'
import { denied } from '../lib/s3/refusals.ts'

const NOW = Date.parse('2026-01-02T03:04:05Z')
const unread = { etag: '', size: 0, ...NO_STEPS, counts: true }

t.test('a failure keeps what was done before it', async t => {
  const cursor = await openCursor(t)
  const first = attempt(cursor, 400)
  await collect(download(cursor, records('a', 'b')), first)
  first.commits.releaseAll()
  const second = { ...attempt(cursor), s3Clock: { now: () => NOW } }
  const { candidate } = download(cursor, records('a', 'b'))
  second.counts.objects_left = 1
  recordFailure(candidate, { error: denied, ...unread }, second)
  t.equal(cursor.state.failed.size, 0, 'in the order of the output')
  second.commits.releaseAll()
  t.match(cursor.state.failed.get(KEY), {
    code: 'AccessDenied',
    records: 1,
    etag: '"1"',
    attempts: 1,
    refused: true,
    at: NOW,
  })
  t.equal(cursor.state.partial.size, 0)
  t.match(second.counts, { objects_failed: 1, objects_left: 0 })
  const third = attempt(cursor)
  await collect(download(cursor, records('a', 'b')), third)
  t.strictSame(await third.emitted(), ['2:b'])
})

t.test('a refused or unreachable object may be good', async t => {
  for (const [error, refused] of [
    [denied, true],
    [new SourceError('x', { code: 'ECONNRESET', kind: 'network' }), true],
    [new SourceError('x', { code: 'NoSuchKey', kind: 'object' }), false],
    [Object.assign(new Error('cut'), { code: 'gzip' }), false],
  ] as const) {
    const cursor = await openCursor(t)
    const context = attempt(cursor)
    const { candidate } = download(cursor, '')
    recordFailure(candidate, { error, ...unread }, context)
    context.commits.releaseAll()
    t.equal(cursor.state.failed.get(KEY)?.refused, refused)
  }
})

t.test(
  'an object quarantined earlier does not change the exit code',
  async t => {
    const cursor = await openCursor(t)
    const levels: unknown[] = []
    for (let cycle = 1; cycle <= 4; cycle++) {
      // A refusal counts once an hour.
      const s3Clock = { now: () => cycle * 3_600_000 }
      const context = { ...attempt(cursor), cycle, s3Clock }
      const { candidate } = download(cursor, '')
      recordFailure(candidate, { error: denied, ...unread }, context)
      context.commits.releaseAll()
      levels.push(context.said[0]?.['level'], context.counts.objects_failed)
      t.equal(cursor.state.failed.get(KEY)?.quarantined, cycle >= 3)
    }
    t.strictSame(levels, ['error', 1, 'error', 1, 'error', 1, 'warning', 0])
  },
)

t.test('many that are refused alike are told of in one line', async t => {
  const expired = new SourceError('reading it: ExpiredToken', {
    code: 'ExpiredToken',
    kind: 'access',
  })
  const cursor = await openCursor(t)
  const context = attempt(cursor)
  const { candidate } = download(cursor, '')
  const held = Array.from({ length: 300 }, (_, n) => ({
    candidate: { ...candidate, key: `${KEY}${n}` },
    error: n < 10 ? denied : expired,
    counts: true,
  }))
  recordRefusals({ held, outage: undefined }, context)
  context.commits.releaseAll()
  t.equal(cursor.state.failed.size, 300)
  t.equal(context.counts.objects_failed, 300)
  const { said } = context
  t.equal(said.filter(({ event }) => event === 'object_failed').length, 10)
  t.match(
    said.filter(({ event }) => event === 'objects_failed'),
    [
      {
        level: 'error',
        code: 'ExpiredToken',
        objects: 290,
        message: /same reason: 290; `status` names them.*: ExpiredToken/,
      },
    ],
  )
  t.equal(said.length, 11)
})

t.test(
  'an object that time cut off is left as a retry, without an attempt',
  async t => {
    const cursor = await openCursor(t)
    const context = attempt(cursor)
    const { candidate } = download(cursor, '')
    candidate.pending.add(candidate)
    context.counts.objects_left = 1
    const cut = { error: denied, ...unread, counts: false }
    recordFailure(candidate, cut, context)
    t.match(cursor.state.failed.get(KEY), { attempts: 0, quarantined: false })
    t.equal(dueRetries(cursor, context.cycle + 1, 0).length, 1)
    t.match(context.counts, { objects_failed: 0, objects_left: 1 })
    t.equal(candidate.pending.size, 0, 'no listing need find it again')
    t.strictSame(context.said, [])
  },
)

t.test('a spool that fails is nobody attempt', async t => {
  const cursor = await openCursor(t)
  const context = attempt(cursor)
  const { candidate } = download(cursor, '')
  const error = new SpoolError('writing the spool /x: ENOSPC', 'ENOSPC')
  recordFailure(candidate, { error, ...unread }, context)
  context.commits.releaseAll()
  t.equal(cursor.state.failed.size, 0)
  t.equal(candidate.pending.size, 1)
  t.equal(context.counts.objects_failed, 1, 'but a bad exit')
  const { message } = error
  t.match(context.said, [{ event: 'spool_failed', code: 'ENOSPC', message }])
})

t.test('anything thrown has a code, and a message with the object', async t => {
  for (const [thrown, code, message] of [
    [
      Object.assign(new Error('reset'), { code: 'ECONNRESET' }),
      'ECONNRESET',
      `reading s3://logs/${KEY}: reset`,
    ],
    [new TypeError('odd'), 'UnknownError', `reading s3://logs/${KEY}: odd`],
    [denied, 'AccessDenied', denied.message],
    ['text', 'UnknownError', `reading s3://logs/${KEY}: text`],
  ] as const) {
    const cursor = await openCursor(t)
    const context = attempt(cursor)
    const { candidate } = download(cursor, '')
    recordFailure(candidate, { error: thrown, ...unread }, context)
    context.commits.releaseAll()
    const { failed } = cursor.state
    t.equal(failed.get(KEY)?.code, code)
    t.equal(failed.get(KEY)?.message, message)
  }
})

t.test('an object is taken off what is left once', async t => {
  const cursor = await openCursor(t)
  const { counts } = attempt(cursor)
  const { candidate } = download(cursor, '')
  counts.objects_left = 5
  settle(candidate, counts)
  settle(candidate, counts)
  t.equal(counts.objects_left, 4)
})

t.test('ten thousand wait for a retry, also within one cycle', async t => {
  const cursor = await openCursor(t)
  const context = attempt(cursor)
  const { candidate } = download(cursor, '')
  const error = Object.assign(new Error('cut'), { code: 'gzip' })
  for (let index = 0; index < 10_005; index++) {
    const one = { ...candidate, key: `${KEY}-${index}` }
    recordFailure(one, { error, ...unread }, context, true)
  }
  t.equal(cursor.state.waiting, 10_000)
  t.equal(cursor.state.failed.size, 10_005)
})

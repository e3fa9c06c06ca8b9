// One fetched object to lines and to what the cursor learns of it, over
// attempts. The commits is released by hand: that is when the host has read.
import t from 'tap'
import { SpoolError } from '../../src/fetch/spool-error.ts'
import { addLine } from '../output/add-line.ts'
import {
  attempt,
  collect,
  DAY,
  download,
  FOLDER,
  isCommitted,
  KEY,
  openCursor,
  records,
  turnOf,
} from './attempt.ts'
import { partialEntry } from '../lib/cursor/entries.ts'

const over = { mustStop: () => true, turn: turnOf({ mustStop: () => true }) }

t.test(
  'an object is committed when its lines were read, not before',
  async t => {
    const cursor = await openCursor(t)
    const context = attempt(cursor)
    const body = records('a', 'b')
    const found = download(cursor, body)
    t.equal(await collect(found, context), true)
    t.strictSame(await context.emitted(), ['1:a', '2:b'])
    t.notOk(isCommitted(cursor, body.length))
    t.equal(found.candidate.pending.size, 1)
    context.commits.releaseAll()
    t.ok(isCommitted(cursor, body.length))
    t.equal(found.candidate.pending.size, 0)
    t.equal(
      cursor.state.partitions.get(FOLDER)?.newest,
      '2026-01-02T03:04:05.000Z',
    )
    t.match(context.counts, { objects_done: 1, objects_failed: 0 })
    t.strictSame(context.said, [])
  },
)

t.test('a limit inside an object: the next cycle goes on there', async t => {
  const cursor = await openCursor(t)
  const body = records('a', 'b', 'c', 'd')
  const line = 400
  const seen: string[] = []
  for (const expected of [
    { goesOn: false, partial: 1, committed: false },
    { goesOn: false, partial: 2, committed: false },
  ]) {
    const context = attempt(cursor, line)
    const goesOn = await collect(download(cursor, body), context)
    seen.push(...(await context.emitted()))
    context.commits.releaseAll()
    t.strictSame(
      {
        goesOn,
        partial: cursor.state.partial.get(KEY)?.records,
        committed: isCommitted(cursor, body.length),
      },
      expected,
    )
  }
  const context = attempt(cursor)
  t.ok(await collect(download(cursor, body), context))
  seen.push(...(await context.emitted()))
  context.commits.releaseAll()
  t.strictSame(seen, ['1:a', '2:b', '3:c', '4:d'])
  t.ok(isCommitted(cursor, body.length))
  t.equal(cursor.state.partial.size, 0, 'and nothing is left of it')
})

t.test('an object that did not get in at all leaves no trace', async t => {
  const cursor = await openCursor(t)
  const context = attempt(cursor, 400)
  addLine(context.writer, 'x'.repeat(399))
  t.equal(await collect(download(cursor, records('a')), context), false)
  context.commits.releaseAll()
  t.equal(cursor.state.partial.size, 0)
  t.match(context.counts, { objects_done: 0, objects_failed: 0 })
})

t.test('with another ETag a partial object starts anew', async t => {
  const cursor = await openCursor(t)
  const first = attempt(cursor, 400)
  await collect(download(cursor, records('a', 'b')), first)
  t.strictSame(await first.emitted(), ['1:a'])
  first.commits.releaseAll()
  const second = attempt(cursor)
  await collect(download(cursor, records('A', 'B'), '"2"'), second)
  t.strictSame(await second.emitted(), ['1:A', '2:B'])
})

t.test('a large object is committed in steps', async t => {
  const cursor = await openCursor(t)
  const context = attempt(cursor)
  const ids = Array.from(
    { length: 3000 },
    (_, index) => `${index}-${'x'.repeat(500)}`,
  )
  await collect(download(cursor, records(...ids)), context)
  const steps: number[] = []
  const { record } = cursor
  cursor.record = (...entries) => {
    for (const entry of entries)
      if (entry.k === 'partial') steps.push(entry.records)
    record.apply(cursor, entries)
  }
  context.commits.releaseAll()
  t.ok(steps.length >= 2, 'some MiB, so some steps')
  t.strictSame(
    steps,
    steps.toSorted((a, b) => a - b),
  )
  t.ok(steps.every(step => step > 0 && step < 3000))
  t.equal(cursor.state.partial.size, 0)
})

t.test('damaged bytes give no position for the next attempt', async t => {
  const cursor = await openCursor(t)
  // The transfer lost some bytes of the first record.
  const whole = records('aaaa', 'b', 'c')
  const damaged = `${records('a', 'b').slice(0, -2)},}]}`
  const seen: string[] = []
  for (const body of [damaged, whole]) {
    const context = { ...attempt(cursor), cycle: 1 }
    await collect(download(cursor, body), context)
    seen.push(...(await context.emitted()))
    context.commits.releaseAll()
  }
  t.strictSame(seen, ['1:a', '2:b', '3:c'])
  t.equal(cursor.state.failed.size, 0)
})

t.test('whole records before a fault are kept once, over attempts', async t => {
  const cursor = await openCursor(t)
  const broken = `${records('a', 'b').slice(0, -2)},}]}`
  const seen: string[] = []
  for (let cycle = 1; cycle <= 3; cycle++) {
    const context = { ...attempt(cursor), cycle }
    const found = download(cursor, broken)
    t.equal(await collect(found, context), true, 'the cycle goes on')
    seen.push(...(await context.emitted()))
    t.equal(cursor.state.failed.get(KEY)?.attempts ?? 0, cycle - 1)
    context.commits.releaseAll()
    t.match(cursor.state.failed.get(KEY), {
      attempts: cycle,
      records: 2,
      etag: '"1"',
      code: 'nesting',
      quarantined: cycle === 3,
      folder: FOLDER,
      day: DAY,
      modified: 7,
    })
    t.equal(found.candidate.pending.size, 0, 'failed is settled')
    t.match(context.counts, { objects_done: 0, objects_failed: 1 })
    t.match(context.said, [
      {
        level: 'error',
        event: 'object_failed',
        key: KEY,
        code: 'nesting',
        attempts: cycle,
        quarantined: cycle === 3,
        message: `reading s3://logs/${KEY}: `,
      },
    ])
  }
  t.strictSame(seen, ['1:a', '2:b'])
  t.notOk(isCommitted(cursor, broken.length))
})

t.test(
  'a failed object that is mended is emitted from where it was',
  async t => {
    for (const [etag, expected] of [
      ['"1"', ['3:c']],
      ['"2"', ['1:a', '2:b', '3:c']],
    ] as const) {
      const cursor = await openCursor(t)
      const before = attempt(cursor)
      const broken = `${records('a', 'b').slice(0, -2)},}]}`
      await collect(download(cursor, broken), before)
      before.commits.releaseAll()
      const mended = attempt(cursor)
      const body = records('a', 'b', 'c')
      await collect(download(cursor, body, etag), mended)
      t.strictSame(await mended.emitted(), expected, etag)
      mended.commits.releaseAll()
      t.ok(isCommitted(cursor, body.length))
      t.equal(cursor.state.failed.size, 0)
    }
  },
)

async function* brokenSpool(): AsyncGenerator<Buffer> {
  yield Buffer.from('{"Records":[{"eventID":"a"},{"eventID":"b"},')
  throw new SpoolError('reading the spool: EIO', 'EIO')
}

t.test('a failure of the spool is no attempt', async t => {
  const cursor = await openCursor(t)
  const context = attempt(cursor)
  const found = download(cursor, brokenSpool())
  t.equal(await collect(found, context), true, 'the cycle goes on')
  t.strictSame(await context.emitted(), ['1:a', '2:b'])
  context.commits.releaseAll()
  t.equal(cursor.state.failed.size, 0)
  t.equal(cursor.state.partial.get(KEY)?.records, 2, 'none comes twice')
  t.equal(found.candidate.pending.size, 1, 'it is still to be collected')
  t.strictSame(context.removed, [KEY], 'and fetched anew')
  t.match(context.counts, { objects_done: 0, objects_failed: 1 })
  t.match(context.said, [{ level: 'error', event: 'spool_failed', key: KEY }])
})

t.test('a finished or bad object leaves the spool', async t => {
  const cursor = await openCursor(t)
  const context = attempt(cursor)
  await collect(download(cursor, records('a')), context)
  t.strictSame(context.removed, [], 'not before it is committed')
  context.commits.releaseAll()
  t.strictSame(context.removed, [KEY])
  const bad = attempt(cursor)
  await collect(download(cursor, '{"Records":[}'), bad)
  t.strictSame(bad.removed, [KEY])
  const cut = { ...attempt(cursor), ...over }
  await collect(download(cursor, records('b')), cut)
  cut.commits.releaseAll()
  t.strictSame(cut.removed, [], 'time is no reason')
})

t.test(
  'an object that the end of the cycle cuts off has not failed',
  async t => {
    const cursor = await openCursor(t)
    const context = { ...attempt(cursor), ...over }
    t.equal(await collect(download(cursor, records('a')), context), false)
    context.commits.releaseAll()
    t.equal(cursor.state.failed.size, 0)
    t.match(context.counts, { objects_failed: 0, objects_done: 0 })
    t.strictSame(context.said, [])
  },
)

t.test('says how many records could not be parsed', async t => {
  const cursor = await openCursor(t)
  const context = attempt(cursor)
  await collect(download(cursor, '{"Records":[{bad},{worse}]}'), context)
  t.match(context.said, [
    { level: 'warning', event: 'malformed_records', key: KEY, records: 2 },
  ])
  t.equal(context.counts.objects_failed, 0)
})

t.test(
  'the finished part is passed over by its bytes, not decoded again',
  async t => {
    const cursor = await openCursor(t)
    const first = attempt(cursor, 400)
    const body = records('a', 'b', 'c')
    await collect(download(cursor, body), first)
    first.commits.releaseAll()
    t.match(cursor.state.partial.get(KEY), {
      records: 1,
      bytes: body.indexOf('},') + 1,
      form: 'records',
      header: -1,
    })
    // As none would know whether bytes of the same ETag had changed, nothing of
    // what was done is looked at.
    const spoilt = `${' '.repeat(body.indexOf('},'))}${body.slice(body.indexOf('},'))}`
    const second = attempt(cursor)
    await collect(download(cursor, spoilt), second)
    t.strictSame(await second.emitted(), ['2:b', '3:c'])
    second.commits.releaseAll()
    t.ok(isCommitted(cursor, body.length))
  },
)

t.test('a part finished in another form is decoded again', async t => {
  const cursor = await openCursor(t)
  const body = records('a', 'b', 'c')
  const steps = { records: 2, bytes: 99, form: 'rows', header: 3 }
  for (const more of [
    steps,
    { ...steps, form: '', bytes: 0 },
    { ...steps, form: 'records', bytes: 1e6 },
  ]) {
    cursor.record(
      partialEntry({ key: KEY, etag: '"1"', size: body.length, ...more }),
    )
    const context = attempt(cursor)
    await collect(download(cursor, body), context)
    t.strictSame(await context.emitted(), ['3:c'])
  }
})

t.test(
  'a share without a record doubles, one of three quarters is an attempt',
  async t => {
    const cursor = await openCursor(t)
    const parts = [0.13, 0.24, 0.3, 0.47, 0.72, 0.74]
    const states: unknown[] = []
    for (const [index, part] of parts.entries()) {
      const turn = turnOf({ mustStop: () => true, used: () => part })
      const context = { ...attempt(cursor), cycle: index + 1, turn }
      await collect(download(cursor, '[ '), context)
      context.commits.releaseAll()
      const { cut, share } = cursor.state.partial.get(KEY) ?? {}
      states.push([cut, share, cursor.state.failed.get(KEY)?.attempts])
      if (index === 5)
        t.match(context.said, [
          {
            event: 'object_failed',
            code: 'NoRecordInTime',
            message: /MaxCycleSeconds, which is 20/,
          },
        ])
    }
    t.strictSame(states, [
      [1, 1, undefined],
      [2, 2, undefined],
      [2, 2, undefined],
      [4, 3, undefined],
      [undefined, undefined, 1],
      [undefined, undefined, 2],
    ])
    const gaining = turnOf({
      mustStop: hasGained => hasGained,
      used: () => 0.5,
    })
    const context = { ...attempt(cursor), cycle: 9, turn: gaining }
    await collect(download(cursor, records('a', 'b')), context)
    context.commits.releaseAll()
    t.match(cursor.state.failed.get(KEY), { attempts: 0, due: 10 })
    t.match(cursor.state.partial.get(KEY), { records: 2, cut: 9 })
  },
)

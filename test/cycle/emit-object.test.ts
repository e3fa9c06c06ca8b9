// One object's bytes to lines: how far it came, and what was noted on the way.
import t from 'tap'
import { gzipSync } from 'node:zlib'
import { CursorError } from '../../src/cursor/cursor-error.ts'
import { LineBuilder } from '../../src/output/build-line.ts'
import { findLogType } from '../../src/normalize/log-types.ts'
import { emitObject, type Emitting } from '../../src/cycle/emit-object.ts'
import { NO_STEPS, type Steps } from '../../src/cursor/kept-objects.ts'
import { HostGoneError, StoppedError } from '../../src/output/stdout.ts'
import { LineWriter } from '../../src/output/line-writer.ts'

const logType = findLogType('CloudTrail')
const MIB = 1_048_576

interface Emitted extends Emitting {
  /** The output so far, the last line included. */
  output(): Promise<{ s3_record: number; original_message: string }[]>
}

function context(more: Partial<Emitting> = {}, limit = Infinity): Emitted {
  const batches: Buffer[] = []
  const writer = new LineWriter(async bytes => {
    batches.push(Buffer.from(bytes))
  }, limit)
  return {
    logType,
    writer,
    lines: new LineBuilder({
      logType,
      object: 's3://logs/k',
      originalMessage: true,
      maxRecordBytes: MIB,
    }),
    mustStop: () => false,
    drain: () => writer.send(),
    onStep: () => {},
    ...more,
    output: async () => {
      await writer.send()
      await writer.sendLast()
      const text = Buffer.concat(batches).toString().trimEnd()
      return text.split('\n').map(line => JSON.parse(line))
    },
  }
}

const done = (records: number): Steps => ({ ...NO_STEPS, records })
const event = (second: number, padding = 0): object => ({
  eventTime: `2026-01-02T03:04:0${second}Z`,
  eventID: `e-${second}`,
  ...(padding > 0 && { requestParameters: 'x'.repeat(padding) }),
})
const object = (events: readonly object[]): Buffer =>
  Buffer.from(JSON.stringify({ Records: events }))
async function* blanks(): AsyncGenerator<Buffer> {
  for (;;) yield Buffer.from(' '.repeat(1000))
}
const repeated = (count: number, padding: number): Buffer =>
  object(Array.from({ length: count }, () => event(1, padding)))

t.test(
  'emits every record, numbered from one, and the newest time',
  async t => {
    const emitted = context()
    const events = [event(1), event(7), event(5)]
    t.match(await emitObject(gzipSync(object(events)), done(0), emitted), {
      end: 'whole',
      records: 3,
      malformed: 0,
      error: undefined,
    })
    t.equal(emitted.lines.newest, '2026-01-02T03:04:07.000Z')
    const lines = await emitted.output()
    t.strictSame(
      lines.map(({ s3_record }) => s3_record),
      [1, 2, 3],
    )
    t.strictSame(
      lines.map(line => JSON.parse(line.original_message) as object),
      events,
    )
  },
)

t.test('skips what was emitted before, and counts it', async t => {
  const emitted = context()
  const events = [event(9), event(7), event(5)]
  t.match(await emitObject(object(events), done(2), emitted), {
    end: 'whole',
    records: 3,
  })
  t.equal(emitted.lines.newest, '2026-01-02T03:04:05.000Z')
  t.match(await emitted.output(), [{ s3_record: 3 }])
  const nothing = context()
  t.match(await emitObject(object(events), done(3), nothing), {
    end: 'whole',
    records: 3,
  })
  t.equal(nothing.lines.newest, '')
  t.equal(nothing.writer.added.records, 0)
})

t.test('an object without records is whole', async t => {
  for (const body of [object([]), gzipSync(object([])), Buffer.alloc(0)])
    t.match(await emitObject(body, done(0), context()), {
      end: 'whole',
      records: 0,
    })
})

t.test('emits and counts what cannot be parsed', async t => {
  const emitted = context()
  const body = Buffer.from(
    '{"Records":[{"eventID":"a"},{bad},{"eventID":"b"}]}',
  )
  t.match(await emitObject(body, done(0), emitted), {
    end: 'whole',
    records: 3,
    malformed: 1,
  })
  t.equal((await emitted.output())[1]?.original_message, '{bad}')
  const skipped = context()
  const again = await emitObject(body, done(2), skipped)
  t.equal(again.malformed, 0, 'once, not with every try')
})

t.test(
  'whole records before a fault are printed; then the object fails',
  async t => {
    const emitted = context()
    const body = Buffer.from('{"Records":[{"eventID":"a"},{"eventID":"b"},}]}')
    const emission = await emitObject(body, done(0), emitted)
    t.match(emission, { end: 'failed', records: 2, error: { code: 'nesting' } })
    t.match(await emitted.output(), [{ s3_record: 1 }, { s3_record: 2 }])
    t.match(await emitObject(body, done(2), context()), {
      end: 'failed',
      records: 2,
    })
  },
)

t.test('is cut by time between batches, and says where', async t => {
  let drains = 0
  const emitted = context({ mustStop: () => drains === 2 })
  const drain = async (): Promise<void> => {
    drains++
    await emitted.writer.send()
  }
  const emission = await emitObject(repeated(500, 1000), done(0), {
    ...emitted,
    drain,
  })
  t.equal(emission.end, 'cut')
  t.equal(emission.records, emitted.writer.added.records)
  const { bytes } = emitted.writer.added
  // Each with the line that fills it, and the last line held back.
  const batches = MIB / 8
  t.ok(bytes >= batches && bytes < batches + 6000, 'two of 64 KiB')
})

t.test('is cut by time where nothing is emitted', async t => {
  let asked = 0
  const mustStop = (): boolean => ++asked > 3
  t.match(await emitObject(blanks(), done(0), context({ mustStop })), {
    end: 'cut',
  })
})

t.test('the limit of the cycle ends it inside an object', async t => {
  const emitted = context({}, 3000)
  const emission = await emitObject(repeated(5, 1000), done(0), emitted)
  t.match(emission, { end: 'limit', records: 2 })
  t.equal((await emitted.output()).length, 2)
  t.ok(emitted.writer.added.bytes <= 3000)
})

t.test('a read that fails is a fault, unless the cycle is ending', async t => {
  const broken = new Error('aborted')
  async function* body(): AsyncGenerator<Buffer> {
    yield Buffer.from('{"Records":[{"eventID":"a"},')
    throw broken
  }
  t.match(await emitObject(body(), done(0), context()), {
    end: 'failed',
    records: 1,
    error: broken,
  })
  let asked = 0
  const mustStop = (): boolean => ++asked > 1
  t.match(await emitObject(body(), done(0), context({ mustStop })), {
    end: 'cut',
    records: 1,
  })
})

t.test('notes a step after each MiB of output', async t => {
  const steps: [number, number][] = []
  const emitted = context()
  const onStep = ({ records }: Steps): void => {
    steps.push([records, emitted.writer.added.bytes])
    t.equal(records, emitted.writer.added.records)
  }
  await emitObject(repeated(3500, 1000), done(0), { ...emitted, onStep })
  t.ok(emitted.writer.added.bytes > 3 * MIB)
  t.equal(steps.length, Math.floor(emitted.writer.added.bytes / (MIB + 70_000)))
  let last = 0
  for (const [, bytes] of steps) {
    // A batch is 64 KiB, and a line more starts the next.
    t.ok(bytes - last >= MIB && bytes - last < MIB + 70_000)
    last = bytes
  }
})

t.test('an error that ends the cycle is no fault of the object', async t => {
  for (const error of [
    new HostGoneError('gone'),
    new StoppedError('stopped'),
    new CursorError('CURSOR_UNWRITABLE', 'full'),
  ]) {
    const emitted = context({ drain: () => Promise.reject(error) })
    await t.rejects(emitObject(repeated(200, 1000), done(0), emitted), error)
  }
})

t.test('time also cuts what is inflated again before damage', async t => {
  // Its last checksum is wrong, so all is inflated twice.
  const gzip = gzipSync(repeated(40, MIB / 2), { level: 0 })
  gzip.writeUInt32LE(gzip.readUInt32LE(gzip.length - 8) ^ 1, gzip.length - 8)
  let passes = 0
  let pieces = 0
  const body = {
    async *[Symbol.asyncIterator]() {
      passes++
      for (let at = 0; at < gzip.length; at += 65_536) {
        if (passes > 1) pieces++
        yield gzip.subarray(at, at + 65_536)
      }
    },
  }
  const emitted = context({ mustStop: () => pieces > 3 })
  const emission = await emitObject(body, done(0), emitted)
  t.match(emission, { end: 'cut', records: 39 })
  t.equal(passes, 2)
  t.ok(pieces < 12, `${pieces} pieces of ${gzip.length / 65_536} were read`)
})

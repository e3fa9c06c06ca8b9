// Lines in, batches of whole lines out, whatever the sink's timing. A batch is
// 64 KiB, so lines run from empty to some times that.
import fc from 'fast-check'
import assert from 'node:assert/strict'
import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { HostGoneError } from '../../src/output/stdout.ts'
import { LineWriter } from '../../src/output/line-writer.ts'
import { addLine } from './add-line.ts'

const bytesOf = (line: string): number => Buffer.byteLength(line) + 1

/** A sink that takes so many turns of the event loop for each batch. */
class TestSink {
  readonly batches: Buffer[] = []
  accepted = 0
  broken = false
  readonly #turns: number[]

  constructor(turns: number[] = []) {
    this.#turns = turns
  }

  readonly take = async (bytes: Buffer): Promise<void> => {
    const before = Buffer.from(bytes)
    this.batches.push(before)
    for (let left = this.#turns.shift() ?? 0; left > 0; left--)
      await setImmediate()
    // What is on its way must not be written over.
    if (!before.equals(bytes)) this.broken = true
    this.accepted += before.length
  }

  get text(): string {
    return Buffer.concat(this.batches).toString()
  }
}

const line = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'binary' }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('a', 'é', '€', '😀', '\ud800'), fc.nat(150_000))
      .map(([unit, count]) => unit.repeat(count)),
  },
)
const lines = fc.array(
  fc.record({
    text: line.map(s => s.replaceAll('\n', '')),
    send: fc.boolean(),
  }),
  { maxLength: 40 },
)

t.test('any lines come out of any sink, in order', async () => {
  await fc.assert(
    fc.asyncProperty(lines, fc.array(fc.nat(3)), async (given, turns) => {
      const sink = new TestSink(turns)
      const writer = new LineWriter(sink.take, Infinity)
      let added = 0
      for (const [index, { text, send }] of given.entries()) {
        assert.ok(addLine(writer, text))
        added += bytesOf(text)
        assert.deepEqual(writer.added, { bytes: added, records: index + 1 })
        if (send || writer.isFull) await writer.send()
        assert.ok(
          writer.accepted.bytes <= sink.accepted,
          'no more than is true',
        )
      }
      await writer.send()
      await writer.settle()
      const last = given.at(-1)
      if (last) {
        const records = given.length - 1
        const bytes = added - bytesOf(last.text)
        assert.deepEqual(writer.accepted, { bytes, records }, 'the last waits')
        assert.equal(sink.accepted, bytes)
      }
      await writer.sendLast()
      assert.deepEqual(writer.accepted, { bytes: added, records: given.length })
      const expected = given.map(({ text }) => Buffer.from(`${text}\n`))
      assert.ok(Buffer.concat(expected).equals(Buffer.concat(sink.batches)))
      assert.ok(
        sink.batches.every(batch => batch.at(-1) === 10),
        'whole lines',
      )
      assert.ok(!sink.broken)
    }),
    { numRuns: 150 },
  )
})

t.test('takes lines as long as the limit of the cycle allows', async () => {
  const short = fc.string({ maxLength: 30 }).map(s => s.replaceAll('\n', ''))
  await fc.assert(
    fc.asyncProperty(fc.array(short), fc.nat(300), async (given, limit) => {
      const sink = new TestSink()
      const writer = new LineWriter(sink.take, limit)
      const taken: string[] = []
      let bytes = 0
      for (const text of given) {
        const fits = taken.length === 0 || bytes + bytesOf(text) <= limit
        assert.equal(addLine(writer, text), fits)
        if (!fits) continue
        taken.push(text)
        bytes += bytesOf(text)
      }
      await writer.send()
      await writer.sendLast()
      assert.equal(sink.text, taken.map(text => `${text}\n`).join(''))
      assert.deepEqual(writer.accepted, { bytes, records: taken.length })
    }),
  )
})

t.test('sends as many lines as 64 KiB take, the size of a pipe', async t => {
  const sink = new TestSink()
  const writer = new LineWriter(sink.take, Infinity)
  addLine(writer, 'x'.repeat(65_533))
  addLine(writer, 'a')
  t.notOk(writer.isFull, '65,536 bytes')
  addLine(writer, 'b')
  t.ok(writer.isFull)
  await writer.send()
  t.notOk(writer.isFull, 'there is nothing but the last line')
  addLine(writer, 'x'.repeat(70_000))
  t.ok(writer.isFull)
  await writer.send()
  t.notOk(writer.isFull, 'the last line is too long, and is the last')
  addLine(writer, 'c')
  t.ok(writer.isFull)
})

t.test('fills a batch while one is on its way, and sends no third', async t => {
  const sink = new TestSink([1])
  const writer = new LineWriter(sink.take, Infinity)
  for (const text of ['a', 'b']) addLine(writer, text)
  await writer.send()
  t.equal(sink.text, 'a\n', 'send does not wait for the sink')
  addLine(writer, 'c')
  const second = writer.send()
  t.equal(sink.text, 'a\n')
  t.strictSame(writer.accepted, { bytes: 0, records: 0 })
  await second
  t.equal(sink.text, 'a\nb\n')
})

t.test('once closed, sends nothing more', async t => {
  const sink = new TestSink([1, 1])
  const writer = new LineWriter(sink.take, Infinity)
  for (const text of ['a', 'b']) addLine(writer, text)
  await writer.send()
  addLine(writer, 'c')
  const second = writer.send()
  await writer.close()
  await second
  t.strictSame(writer.accepted, { bytes: 2, records: 1 }, 'but waits')
  await writer.sendLast()
  t.equal(sink.text, 'a\n')
})

t.test('passes on what the sink throws, and accepts nothing more', async t => {
  const gone = new HostGoneError('gone')
  let calls = 0
  const failing = async (): Promise<void> => {
    if (++calls === 2) throw gone
  }
  for (const next of ['send', 'settle', 'sendLast', 'close'] as const) {
    calls = 0
    const writer = new LineWriter(failing, Infinity)
    for (const text of ['a', 'b', 'c']) {
      addLine(writer, text)
      await writer.send()
    }
    await setImmediate()
    await t.rejects(writer[next](), gone, next)
    t.strictSame(writer.accepted, { bytes: 2, records: 1 })
    t.equal(calls, 2)
  }
  calls = 1
  const writer = new LineWriter(failing, Infinity)
  addLine(writer, 'a')
  await t.rejects(writer.sendLast(), gone)
  t.strictSame(writer.accepted, { bytes: 0, records: 0 })
})

t.test('a slow reader gets small batches, a fast one large again', async t => {
  let now = 0
  let bytesPerMs = 10
  const sizes: number[] = []
  const sink = async (bytes: Buffer): Promise<void> => {
    sizes.push(bytes.length)
    now += bytes.length / bytesPerMs
  }
  const writer = new LineWriter(sink, Infinity, () => now)
  const fill = async (batches: number): Promise<void> => {
    for (const end = sizes.length + batches; sizes.length < end;) {
      while (!writer.isFull) addLine(writer, 'x'.repeat(99))
      await writer.send()
    }
  }
  await fill(5)
  t.ok(sizes.every(size => size > 4096 - 200 && size <= 4096))
  t.ok(now < 10_000, 'one slow batch is enough')
  bytesPerMs = 100_000
  await fill(35)
  t.equal(sizes.at(-1), 65_500)
  const growth = sizes
    .slice(6)
    .map((size, index) => size / (sizes[index + 5] ?? 1))
  t.ok(
    growth.every(factor => factor < 2.2),
    'by and by',
  )
})

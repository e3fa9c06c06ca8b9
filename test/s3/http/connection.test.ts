// One connection, in memory.

import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import type { AnswerBody } from '../../../src/s3/http/answer-body.ts'
import {
  Connection,
  type Answer,
  type AnswerListener,
} from '../../../src/s3/http/connection.ts'
import { systemClock } from '../../../src/clock.ts'
import { Wire } from './wire.ts'

/** What became of a request. */
class Request implements AnswerListener {
  answer: Answer | undefined
  error: Error | undefined
  text = ''
  pieces = 0
  end: string | undefined

  readonly onAnswer = (answer: Answer): void => {
    this.answer = answer
  }

  readonly onError = (error: Error): void => {
    this.error = error
  }

  get body(): AnswerBody {
    if (this.answer === undefined) throw new Error('no answer')
    return this.answer.body
  }

  /** Reads the body, and calls `onPiece` for each piece. */
  read(onPiece = (): void => {}): this {
    this.body.read(
      piece => {
        this.text += piece.toString('latin1')
        this.pieces++
        onPiece()
      },
      fault => (this.end = fault?.message ?? 'complete'),
    )
    return this
  }
}

/** Opens a connection, which remembers how often it was idle, and sends a request. */
function open() {
  const wire = new Wire()
  const seen = { idle: 0, ended: 0 }
  const connection = new Connection(wire, {
    onIdle: () => seen.idle++,
    onEnd: () => seen.ended++,
  })
  const ask = (): Request => {
    const request = new Request()
    connection.send('GET\r\n', undefined, request)
    return request
  }
  const give = (text: string): boolean => wire.push(Buffer.from(text, 'latin1'))
  return { wire, connection, seen, ask, give, first: ask() }
}

const answer = (body: string, ...headers: string[]): string =>
  `HTTP/1.1 200 OK\r\n${headers.map(line => `${line}\r\n`).join('')}Content-Length: ${body.length}\r\n\r\n${body}`
const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'

t.test(
  'an answer that nobody has read yet is kept, and does not hold the next',
  async t => {
    const { give, first, ask, seen, connection, wire } = open()
    give(answer('one'))
    await turn()
    t.equal(seen.idle, 1)
    const second = ask()
    connection.abort(first)
    first.body.pause()
    give(answer('two'))
    await turn()
    t.notOk(wire.destroyed, 'an ended request ends no other')
    t.match(first.read(), { text: 'one', end: 'complete' })
    t.match(second.read(), { text: 'two', end: 'complete' })
  },
)

t.test('a body that nobody reads is not taken from the connection', async t => {
  for (const size of [50_000, 1]) {
    const { wire, give, first } = open()
    give('HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n')
    let given = 0
    for (; !wire.isPaused() && given < 1000; given++) {
      give('x'.repeat(size))
      await turn()
    }
    t.ok(given <= 64, `pieces of ${size} bytes`)
    give('y')
    await turn()
    t.equal(wire.readableLength, 1)
    first.read()
    await turn()
    t.equal(first.text, `${'x'.repeat(size * given)}y`)
    first.body.pause()
    give('z')
    await turn()
    t.equal(wire.readableLength, 1, 'nor if its reader pauses')
    wire.destroy()
    await turn()
    t.equal(first.end, 'aborted')
  }
})

t.test('chunks that come together are one piece', async t => {
  const { give, first, seen } = open()
  give(CHUNKED)
  await turn()
  first.read()
  const part = '1\r\na\r\n2;x=y\r\nbc\r\n'
  give(part.repeat(5000))
  await turn()
  t.match(first, { text: 'abc'.repeat(5000), pieces: 1, end: undefined })
  give('4\r\nde')
  give('fg\r')
  give('\n0\r\n\r\n')
  await turn()
  t.match(first, { text: `${'abc'.repeat(5000)}defg`, end: 'complete' })
  t.equal(seen.idle, 1)
})

t.test('the chunks before a fault are given', async t => {
  const { give, first, wire } = open()
  give(`${CHUNKED}3\r\nabc\r\n2\r\nde\r\nx\r\n`)
  await turn()
  t.match(first.read(), { text: 'abcde', end: /a chunk of it has no size/ })
  t.ok(wire.destroyed)
})

t.test('what is endless is refused', async t => {
  const starts = [
    'HTTP/1.1 200 OK\r\nx: ',
    `${CHUNKED}1;`,
    `${CHUNKED}0\r\n${`a: ${'b'.repeat(4000)}\r\n`.repeat(4)}`,
  ]
  for (const start of starts) {
    const { wire, give, first } = open()
    give(start)
    for (let more = 0; more < 20; more++) {
      give('x'.repeat(1000))
      await turn()
    }
    t.ok(wire.destroyed)
    const message = first.error?.message ?? first.read().end
    t.match(message, /endless|more than 16384 bytes/)
  }
})

t.test('interim answers are passed over, however many', async t => {
  const { give, first } = open()
  for (let more = 0; more < 100; more++)
    give('HTTP/1.1 100 Continue\r\nLink: a\r\n\r\n'.repeat(100))
  give(answer('one'))
  await turn()
  t.match(first.read(), { text: 'one', end: 'complete' })
})

t.test('bytes that nobody asked for end the connection', async t => {
  const together = open()
  together.give(`${answer('one')}X`)
  await turn()
  t.match(together.first.read(), { text: 'one', end: 'complete' })
  t.ok(together.wire.destroyed)
  t.equal(together.seen.idle, 0)

  const later = open()
  later.give(answer('one'))
  await turn()
  t.equal(later.seen.idle, 1)
  later.give(answer('two'))
  await turn()
  t.match(later.first.read(), { text: 'one', end: 'complete' })
  t.ok(later.wire.destroyed)
  t.ok(later.seen.ended > 0)

  const paused = open()
  paused.give('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\no')
  await turn()
  paused.first.read()
  paused.first.body.pause()
  paused.give('ne')
  paused.give(answer('two'))
  paused.first.body.resume()
  await turn()
  t.match(paused.first, { text: 'one', end: 'complete' })
  t.ok(paused.wire.destroyed)
  t.equal(paused.seen.idle, 0, 'also if they came while it was paused')
})

t.test('garbage is refused before the end of its head', async t => {
  for (const text of ['SSH-2.0-x\r\n', 'HTTP/1.1 200 OK\na: b\n\nc']) {
    const { give, first, wire } = open()
    give(text)
    await turn()
    t.match(first.error, { code: 'NoHttp' })
    t.ok(wire.destroyed)
  }
})

t.test('a reader that gives up gets no more', async t => {
  const { give, first, wire } = open()
  give('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nab')
  await turn()
  give('cd')
  await turn()
  first.read(() => first.body.destroy())
  t.equal(first.text, 'ab', 'of what was kept')
  await turn()
  t.equal(first.end, 'aborted')
  t.ok(wire.destroyed)

  const paused = open()
  paused.give('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nab')
  await turn()
  paused.first.read(() => {
    if (paused.first.text !== 'ab') paused.first.body.destroy()
  })
  paused.first.body.pause()
  paused.give('cd')
  paused.give('ef')
  paused.first.body.resume()
  await turn()
  t.match(paused.first, { text: 'abcd', end: 'aborted' }, 'of what had come')
})

t.test('one that is complete, but not read, is given up alone', async t => {
  const { give, first, wire } = open()
  give(CHUNKED)
  for (const text of ['1\r\na\r\n', '1\r\nb\r\n', '0\r\n\r\n']) {
    give(text)
    await turn()
  }
  first.read(() => first.body.destroy())
  t.match(first, { text: 'a', end: 'aborted' })
  t.notOk(wire.destroyed)
})

t.test(
  'a hint for how long it is kept counts for its answer alone',
  async t => {
    let now = 0
    t.intercept(systemClock, 'elapsed', { value: () => now })
    const { give, ask, first, connection } = open()
    give(answer('one', 'Keep-Alive: max=9, Timeout=5'))
    await turn()
    first.read()
    t.notOk(connection.isStale)
    now = 3999
    t.notOk(connection.isStale)
    now = 4000
    t.ok(connection.isStale)
    ask()
    give(answer('two'))
    await turn()
    t.notOk(connection.isStale)
    connection.destroy()
    t.ok(connection.isStale)
  },
)

t.test('the end of the connection', async t => {
  const cases: [text: string, expected: object][] = [
    ['', { error: { code: 'ECONNRESET', message: 'socket hang up' } }],
    ['HTTP/1.1 200 OK\r\n', { error: { code: 'ECONNRESET' } }],
    ['HTTP/1.1 200 OK\r\n\r\nab', { text: 'ab', end: 'complete' }],
    ['HTTP/1.1 200 OK\r\n\r\n', { text: '', end: 'complete' }],
    [answer('abc').slice(0, -1), { text: 'ab', end: 'aborted' }],
    [`${CHUNKED}2\r\nab\r\n`, { text: 'ab', end: 'aborted' }],
    [`${CHUNKED}2\r\nab\r\n0\r\n`, { text: 'ab', end: 'aborted' }],
  ]
  for (const [text, expected] of cases) {
    const { wire, first, give, seen } = open()
    if (text !== '') give(text)
    wire.push(null)
    await turn()
    await turn()
    if (first.answer) first.read()
    t.match(first, expected, text)
    t.ok(wire.destroyed && seen.ended > 0)
    t.equal(seen.idle, 0)
  }
  const { wire, first, give } = open()
  give('HTTP/1.1 200 OK\r\n\r\nab')
  await turn()
  wire.destroy(new Error('reset'))
  await turn()
  t.match(first.read(), { text: 'ab', end: 'reset' }, 'a reset is none')
})

t.test('a fault of a listener is not swallowed', async t => {
  const { wire, connection, give } = open()
  connection.send('GET\r\n', undefined, {
    onAnswer: () => {
      throw new Error('a bug')
    },
    onError: () => {},
  })
  await turn()
  t.throws(() => give(answer('one')), { message: 'a bug' })
  t.ok(wire.destroyed)
})

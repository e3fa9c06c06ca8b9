// Whatever bytes a server sends, cut anywhere and ended anyhow, our client reads
// what node:http's client reads from the same bytes.
//
// Ours is stricter on purpose (STRICTER), as another reader before it may have
// seen another answer:
// - a coding beside `chunked`, which it cannot undo, or Transfer-Encoding twice;
// - a Content-Length of more than 15 digits, which no number holds exactly;
// - a protocol other than HTTP/1.0 and 1.1, a status below 100, an empty line
//   before the answer, another protocol (101);
// - control characters in the reason, and line breaks behind the status that
//   are not whole;
// - a chunk of more than 12 hexadecimal digits.
// Ours is more lenient on purpose, as nothing depends on it:
// - trailers, and extensions of chunks, are passed over unread;
// - blanks behind the size of a chunk, as old servers pad it;
// - of the head of an interim answer, and of one without a body, it does not
//   read the length, or whether it would be the last;
// - a tab behind `chunked`, with which node takes it for another coding.
// A reset is the end of no body for ours; node takes it for one where the end of
// the connection is.
// Ours sees a fault at the end of a line or of the head, node at its character:
// if nothing more comes, silence ends ours. Of bytes behind the end of a body,
// node accepts line breaks, ours ends the connection with the body complete.
// Of repeated headers ours keeps the first, but all of Connection.

import fc from 'fast-check'
import t from 'tap'
import { readByNode, readByOurs, type Received } from './both-readers.ts'
import type { Sent } from './wire.ts'

const STRICTER =
  /: (?:its transfer-encoding is not chunked|it has transfer-encoding twice|it has content-length beside transfer-encoding|its content-length is not a number of bytes|it does not begin like one|it changes the protocol|its headers have control characters|a chunk of it has no size)$/
const UNREAD =
  /^HPE_(?:INVALID_CHUNK_SIZE|INVALID_HEADER_TOKEN|CR_EXPECTED|LF_EXPECTED|STRICT)$/
const UNREAD_LENGTH =
  /^HPE_(?:(?:UNEXPECTED|INVALID)_(?:CONTENT_LENGTH|TRANSFER_ENCODING)|CLOSED_CONNECTION)$/
const BODILESS = /^HTTP\/1\.[01] (?:1\d\d|204|304)/m
const LONE_BREAK = /\r(?!\n)/
const TAB_BEHIND = /^transfer-encoding:.*chunked *\t/im

const statuses = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom('200', '206', '404', '503') },
  { weight: 2, arbitrary: fc.constantFrom('204', '304', '205', '100', '101') },
  { weight: 1, arbitrary: fc.constantFrom('099', '999', '20', '2000', '') },
)
const versions = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom('1.1', '1.1', '1.0') },
  { weight: 1, arbitrary: fc.constantFrom('0.9', '2.0', '1.2', '1') },
)
const plainHeaders = fc.constantFrom(
  'ETag: "a"',
  'etag:"b"',
  'x-amz-meta-a:  b  ',
  'x-amz-request-id: 1',
  'Date: Mon, 30 Nov 2026 22:23:34 GMT',
  'Connection: close',
  'Connection: keep-alive',
  'connection: x, Close',
  'connection: closed',
  'Keep-Alive: timeout=5, max=100',
  'Content-Encoding: gzip',
  'Empty:',
)
const oddHeaders = fc.constantFrom(
  'x: a\n b: c',
  'x: a\r\n folded',
  ' first: a',
  'x : a',
  ': a',
  'none',
  'x: \0',
  'x: \x7f',
  'x: \xe9\xa0',
  '__proto__: a',
  'constructor: a',
  '0: a',
  'x: \ry',
  'Content-Length: 3',
  'Content-Length: \xa03',
  'Content-Length: +3',
  'Content-Length: 0x3',
  'Content-Length: 3, 3',
  'Content-Length: -1',
  'Content-Length:',
  'Content-Length: 99999999999999999999',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: Chunked',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding: chunked, gzip',
  'Transfer-Encoding: identity',
  'Transfer-Encoding:\tchunked',
)
const headers = fc.array(
  fc.oneof(
    { weight: 25, arbitrary: plainHeaders },
    { weight: 1, arbitrary: oddHeaders },
  ),
  { maxLength: 5 },
)
const bodies = fc.string({ unit: 'binary-ascii', maxLength: 30 })

const chunkedBodies = fc
  .record({
    chunks: fc.array(
      fc.tuple(
        fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 20 }),
        fc.constantFrom('', '', '', ';a=b', ';a="b c"', ' ', '\t;x'),
        fc.constantFrom('', '', '0', '000000000000000'),
      ),
      { maxLength: 5 },
    ),
    trailer: fc.constantFrom('', '', '', 'a: b\r\n', 'no trailer\r\n'),
  })
  .map(({ chunks, trailer }) => {
    const lines = chunks.map(
      ([data, extension, zeros]) =>
        `${zeros}${data.length.toString(16)}${extension}\r\n${data}\r\n`,
    )
    return `${lines.join('')}0\r\n${trailer}\r\n`
  })

const framed = fc.oneof(
  {
    weight: 4,
    arbitrary: bodies.map(body => [`Content-Length: ${body.length}`, body]),
  },
  {
    weight: 4,
    arbitrary: chunkedBodies.map(body => ['Transfer-Encoding: chunked', body]),
  },
  { weight: 2, arbitrary: bodies.map(body => ['', body]) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('Content-Length: 9', 'Content-Length: 0'), bodies)
      .map(([line, body]) => [line, body]),
  },
)

const heads = (lines: readonly string[]): string =>
  lines
    .filter(line => line !== '')
    .map(line => `${line}\r\n`)
    .join('')

const answers = fc
  .record({
    interim: fc.array(
      fc.constantFrom(
        'HTTP/1.1 100 Continue\r\n\r\n',
        'HTTP/1.1 103 Hints\r\nLink: x\r\n\r\n',
      ),
      { maxLength: 2 },
    ),
    version: versions,
    status: statuses,
    reason: fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom(' OK', ' ', '', ' \xe9') },
      { weight: 1, arbitrary: fc.constantFrom(' a\0b', 'OK') },
    ),
    headers,
    framed,
    at: fc.nat(5),
    behind: fc.constantFrom(
      '',
      '',
      '',
      '',
      '\r\n',
      'X',
      'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
    ),
  })
  .map(({ interim, version, status, reason, headers, framed, at, behind }) => {
    const [framing = '', body = ''] = framed
    const lines = (headers as string[]).toSpliced(at, 0, framing)
    return `${interim.join('')}HTTP/${version} ${status}${reason}\r\n${heads(lines)}\r\n${body}${behind}`
  })

/** Some of the bytes are others, or fewer, or more. */
const damaged = fc
  .tuple(
    answers,
    fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      {
        weight: 1,
        arbitrary: fc.array(
          fc.tuple(
            fc.nat(400),
            fc.nat(2),
            fc.constantFrom(
              '',
              '\r',
              '\n',
              '\r\n',
              '\0',
              ' ',
              '\t',
              ':',
              ';',
              '0',
              'f',
              'x',
              '\xa0',
              ',',
            ),
          ),
          { minLength: 1, maxLength: 2 },
        ),
      },
    ),
  )
  .map(([text, damages]) => {
    let now = text
    for (const [place, less, more] of damages) {
      const at = place % (now.length + 1)
      now = now.slice(0, at) + more + now.slice(at + less)
    }
    return now
  })

const sents: fc.Arbitrary<Sent> = fc
  .record({
    text: damaged,
    cuts: fc.array(fc.nat(400), { maxLength: 6 }),
    isEach: fc.nat(9).map(n => n === 0),
    until: fc.oneof(
      { weight: 4, arbitrary: fc.constant(Infinity) },
      fc.nat(300),
    ),
    end: fc.constantFrom('end', 'reset', 'open', 'open'),
  })
  .map(({ text, cuts, isEach, until, end }) => {
    const bytes = Buffer.from(text, 'latin1').subarray(0, until)
    const places = isEach
      ? Array.from(bytes, (_, i) => i)
      : cuts.map(cut => cut % (bytes.length + 1))
    const all = [0, ...places, bytes.length].toSorted((a, b) => a - b)
    const pieces = all.slice(1).map((to, i) => bytes.subarray(all[i], to))
    return { pieces: pieces.filter(piece => piece.length > 0), end }
  })

/** Names how the two differ beyond what is intended. */
function difference(sent: Sent, node: Received, ours: Received): string {
  const text = Buffer.concat([...sent.pieces]).toString('latin1')
  if (TAB_BEHIND.test(text)) return ''
  if (ours.status && node.status && ours.status !== node.status) return 'status'
  if (!ours.body.startsWith(node.body) && !node.body.startsWith(ours.body))
    return 'part of the body'
  const isStricter =
    ours.state === 'failed' &&
    (STRICTER.test(ours.message) ||
      (ours.status === undefined && LONE_BREAK.test(text)))
  const isLenient =
    node.state === 'failed' &&
    (node.status === undefined
      ? BODILESS.test(text) && UNREAD_LENGTH.test(node.code)
      : UNREAD.test(node.code))
  const isLater = ours.state === 'open' && node.code.startsWith('HPE_')
  if (isStricter || isLenient || isLater) return ''
  if (ours.status !== node.status) return 'status'
  const isReset = sent.end === 'reset' && ours.code === 'ECONNRESET'
  if (ours.state !== node.state && !isReset) return 'state'
  if (ours.state === 'complete' && ours.body !== node.body) return 'body'
  if (ours.isKept && !node.isKept) return 'kept'
  return sameHeaders(node, ours) ? '' : 'headers'
}

function sameHeaders(node: Received, ours: Received): boolean {
  const all = Object.entries(node.headers ?? {}) as [string, string[]][]
  const kept = Object.keys(ours.headers ?? {})
  return (
    kept.length === all.length &&
    all.every(([name, values]) => {
      const [first = ''] = name === 'connection' ? [values.join()] : values
      return ours.headers?.[name] === first
    })
  )
}

t.test('ours reads what node:http reads', async t => {
  await fc.assert(
    fc.asyncProperty(sents, async sent => {
      const [node, ours] = await Promise.all([
        readByNode(sent),
        readByOurs(sent),
      ])
      const found = difference(sent, node, ours)
      if (found !== '')
        throw new Error(
          `${found}: ${JSON.stringify({ end: sent.end, sent: sent.pieces.map(piece => piece.toString('latin1')), node, ours })}`,
        )
    }),
    { numRuns: Number(process.env['RUNS'] ?? 2000) },
  )
  t.pass('in every run')
})

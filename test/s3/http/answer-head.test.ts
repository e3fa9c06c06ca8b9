import t from 'tap'
import { checkStart, readHead } from '../../../src/s3/http/answer-head.ts'

const head = (...lines: string[]): string =>
  ['HTTP/1.1 200 OK', ...lines].join('\r\n')

t.test('heads that are read', t => {
  const cases: [string, object][] = [
    [head(), { status: 200, framing: 'untilClose', isKept: true }],
    ['HTTP/1.1 404', { status: 404 }],
    ['HTTP/1.1 503 ', { status: 503 }],
    ['HTTP/1.1 200 \xe9 200', { status: 200 }],
    ['HTTP/1.0 200 OK', { isKept: false }],
    [head('Content-Length: 0'), { framing: 0 }],
    [head('Content-Length:\t 12 \t'), { framing: 12 }],
    [head('content-length: 999999999999999'), { framing: 999_999_999_999_999 }],
    [head('Transfer-Encoding: Chunked'), { framing: 'chunked' }],
    ['HTTP/1.1 204 None\r\nContent-Length: 3', { framing: 0 }],
    ['HTTP/1.1 304 Same\r\nTransfer-Encoding: chunked', { framing: 0 }],
    ['HTTP/1.1 100 On\r\nContent-Length: 3', { framing: 0 }],
    [head('Connection: close'), { isKept: false }],
    [head('Connection: a, Close ,b'), { isKept: false }],
    [head('Connection: closed'), { isKept: true }],
    [head('Connection: keep-alive', 'Connection: close'), { isKept: false }],
    ['HTTP/1.0 200 OK\r\nConnection: Keep-Alive', { isKept: true }],
    ['HTTP/1.0 200 OK\r\nConnection: keep-alive, close', { isKept: false }],
    [head('ETag: "a"', 'etag: "b"'), { headers: { etag: '"a"' } }],
    [head('a:', 'b: \t ', 'c:d:e'), { headers: { a: '', b: '', c: 'd:e' } }],
    [head('x: \xa0y\xa0'), { headers: { x: '\xa0y\xa0' } }],
    [head('__proto__: a', 'constructor: b'), { headers: { constructor: 'b' } }],
  ]
  for (const [text, expected] of cases) t.match(readHead(text), expected, text)
  t.equal(readHead(head('__proto__: a')).headers['__proto__'], 'a')
  t.equal(readHead(head()).headers['constructor'], undefined)
  t.end()
})

t.test('heads that are refused', t => {
  const starts = ['', 'x', 'HTTP/1.1', 'HTTP/1.1 20', 'HTTP/1.1 2000 OK']
  const lines = [
    'none',
    ': a',
    'x : a',
    ' x: a',
    'x: a\r\n folded',
    'x\0: a',
    'x: \0',
    'x: \x7f',
    'x: a\nb: c',
    'x: a\rb: c',
    'Content-Length:',
    'Content-Length: +3',
    'Content-Length: -3',
    'Content-Length: 0x3',
    'Content-Length: 3.0',
    'Content-Length: 3, 3',
    'Content-Length: \xa03',
    'Content-Length: 1000000000000000',
    'Content-Length: 3\r\nContent-Length: 3',
    'Content-Length: 3\r\nTransfer-Encoding: chunked',
    'Transfer-Encoding:',
    'Transfer-Encoding: gzip, chunked',
    'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked',
    'Transfer-Encoding: \xa0chunked',
    'Transfer-Encoding: identity',
  ]
  const texts = [
    ...starts,
    'HTTP/1.1 099 OK',
    'HTTP/2.0 200 OK',
    ' HTTP/1.1 200 OK',
    '\r\nHTTP/1.1 200 OK',
    'HTTP/1.1  200 OK',
    'HTTP/1.1 200 a\0',
    'HTTP/1.1 200 a\n',
    ...lines.map(line => head(line)),
  ]
  for (const text of texts)
    t.throws(() => readHead(text), { code: 'NoHttp' }, text)
  t.end()
})

t.test('a start that cannot become a head is refused at once', t => {
  for (const text of ['', 'H', 'HTTP/1.', head(), head('a: b\r\n')])
    t.doesNotThrow(() => checkStart(Buffer.from(text)), text)
  for (const text of ['h', 'SSH-2.0-x', '\x15\x03\x01', head('a: b\n\n')])
    t.throws(() => checkStart(Buffer.from(text)), { code: 'NoHttp' }, text)
  t.end()
})

t.test('a long value costs no more than its length', t => {
  // Squares of it would take minutes.
  const blanks = ' \t'.repeat(200_000)
  const { headers } = readHead(
    head(`x: a${blanks}b`, `connection: a${blanks}b`),
  )
  t.equal(headers['x']?.length, blanks.length + 2)
  t.end()
})

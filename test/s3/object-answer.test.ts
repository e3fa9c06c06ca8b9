import fc from 'fast-check'
import t from 'tap'
import { objectAnswer } from '../../src/s3/object-answer.ts'
import type { GetRequest } from '../../src/s3/object-store.ts'

const ETag = '"1"'
const asked = (more: Partial<GetRequest> = {}): GetRequest => ({
  key: 'a',
  etag: ETag,
  from: 0,
  ...more,
})

t.test('an answer tells ETag and size of the whole object', t => {
  const whole = { etag: ETag, 'content-length': '10' }
  t.strictSame(objectAnswer(whole, asked(), 'reading'), {
    etag: ETag,
    size: 10,
    isOpenEnded: false,
    isEncoded: false,
  })
  const part = {
    ...whole,
    'content-length': '6',
    'content-range': 'bytes 4-9/10',
  }
  t.strictSame(objectAnswer(part, asked({ from: 4 }), 'reading'), {
    etag: ETag,
    size: 10,
    isOpenEnded: false,
    isEncoded: false,
  })
  t.end()
})

t.test('without a length the size is not known', t => {
  const { size } = objectAnswer({ etag: ETag }, asked(), 'reading')
  t.ok(Number.isNaN(size))
  const part = { etag: ETag, 'content-range': 'bytes 4-9/10' }
  t.equal(objectAnswer(part, asked({ from: 4 }), 'reading').size, 10)
  t.end()
})

t.test('the ETag is what was asked for, if any', t => {
  const unnamed = { 'content-length': '10' }
  const asItIs = asked({ etag: undefined })
  for (const same of ['1', 'W/"1"'])
    t.equal(objectAnswer({ etag: same }, asked(), 'x').etag, same)
  const other = { ...unnamed, etag: '"2"' }
  t.equal(objectAnswer(other, asItIs, 'reading').etag, '"2"')
  t.throws(() => objectAnswer(other, asked(), 'reading a'), {
    code: 'PreconditionFailed',
    kind: 'object',
  })
  t.end()
})

t.test('without an ETag, size and Last-Modified stand for it', t => {
  const at = (date: string, size = 10): string =>
    objectAnswer(
      { 'content-length': `${size}`, 'last-modified': date },
      asked({ etag: undefined }),
      'reading',
    ).etag
  const noon = at('Tue, 10 Mar 2026 12:00:00 GMT')
  t.equal(noon, at('Tue, 10 Mar 2026 12:00:00 GMT'))
  t.not(noon, at('Tue, 10 Mar 2026 12:00:01 GMT'))
  t.not(noon, at('Tue, 10 Mar 2026 12:00:00 GMT', 11))
  const part = {
    'content-length': '6',
    'content-range': 'bytes 4-9/10',
    'last-modified': 'Tue, 10 Mar 2026 12:00:00 GMT',
  }
  const rest = asked({ etag: noon, from: 4 })
  t.equal(objectAnswer(part, rest, 'reading').etag, noon)
  const changed = { ...part, 'last-modified': 'Tue, 10 Mar 2026 12:00:01 GMT' }
  t.throws(() => objectAnswer(changed, rest, 'reading'), {
    code: 'PreconditionFailed',
  })
  t.throws(
    () => objectAnswer({ ...part, etag: ETag }, rest, 'reading'),
    { code: 'PreconditionFailed' },
    'what tells an ETag now may be another version',
  )
  const asItIs = asked({ etag: undefined, from: 4 })
  t.equal(objectAnswer(part, asItIs, 'reading').etag, noon)
  t.end()
})

t.test('an answer that names no version is not more of one', t => {
  const noon = 'Tue, 10 Mar 2026 12:00:00 GMT'
  const part = { 'content-length': '6', 'content-range': 'bytes 4-9/10' }
  const unsure = [part, { ...part, 'last-modified': 'soon' }]
  for (const answer of unsure) {
    const asItIs = asked({ etag: undefined, from: 4 })
    t.equal(objectAnswer(answer, asItIs, 'reading').etag, '')
    t.throws(() => objectAnswer(answer, asked({ from: 4 }), 'reading a'), {
      code: 'PreconditionFailed',
      message: 'reading a: it was changed while it was read (ETag not told)',
    })
  }
  t.throws(
    () =>
      objectAnswer(
        { ...part, 'last-modified': noon },
        asked({ from: 4 }),
        'reading',
      ),
    { code: 'PreconditionFailed' },
    'nor does Last-Modified speak for the ETag that was told before',
  )
  const chunked = { 'last-modified': noon }
  t.equal(objectAnswer(chunked, asked({ etag: undefined }), 'x').etag, '')
  t.end()
})

t.test('bytes other than those asked for are refused', t => {
  const noRange = { code: 'NoRange', kind: 'network', message: /proxy/ }
  const refused = (from: number, range?: string, length?: number): void => {
    const answer = {
      etag: ETag,
      ...(range !== undefined && { 'content-range': range }),
      ...(length !== undefined && { 'content-length': `${length}` }),
    }
    const name = `${range}, ${length} bytes, from ${from}`
    t.throws(
      () => objectAnswer(answer, asked({ from }), 'reading'),
      noRange,
      name,
    )
  }
  refused(4, undefined, 10)
  refused(4, 'bytes 0-9/10', 10)
  refused(4, 'bytes 5-9/10', 5)
  refused(0, 'bytes 5-9/10', 5)
  refused(4, 'bytes 4-9/10', 7)
  refused(4, 'bytes 4-9/9', 6)
  refused(4, 'bytes 4-3/10', 0)
  refused(4, 'bytes 4-9/*', 6)
  refused(4, 'bytes */10', 0)
  refused(4, 'lines 4-9/10', 6)
  refused(4, 'bytes 4-9/10, 11-12/13', 6)
  t.end()
})

t.test('whatever a server says, only what it was asked for is taken', t => {
  const small = fc.nat(6)
  const range = fc.tuple(small, small, small)
  fc.assert(
    fc.property(small, range, fc.option(small), (from, said, length) => {
      const [first, last, total] = said
      const answer = {
        etag: ETag,
        'content-range': `bytes ${first}-${last}/${total}`,
        ...(length !== null && { 'content-length': `${length}` }),
      }
      const isTrue =
        first === from &&
        first <= last &&
        last < total &&
        (length === null || length === last - first + 1)
      let size: number | undefined
      try {
        size = objectAnswer(answer, asked({ from }), 'reading').size
      } catch {}
      return size === (isTrue ? total : undefined)
    }),
    { numRuns: 500 },
  )
  t.end()
})
